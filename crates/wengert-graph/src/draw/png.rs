//! PNG: the SVG as pixels.

use crate::{Picture, Theme};
use resvg::{tiny_skia, usvg};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Most pixels of a picture: 256 MiB of memory.
const PIXELS: f64 = 67_108_864.0;

/// Why a picture could not be made.
///
/// # Example
/// ```
/// use wengert_graph::{Picture, Snapshot, Theme};
/// let tape = wengert::Tape::new();
/// tape.var(1.0);
/// let snapshot = Snapshot::of(&tape.view());
/// assert!(Picture::of(&snapshot).png(Theme::Light, f64::NAN).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PngError(Reason);

#[derive(Clone, Debug, PartialEq)]
enum Reason {
    /// The width and height in pixels that were asked for.
    Size(f64, f64),
    /// What the renderer says.
    Renderer(String),
}

impl fmt::Display for PngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Size(width, height) => write!(
                f,
                "a picture of {width:.0} by {height:.0} pixels has more than {PIXELS:.0}, or none: \
                 take another scale, or a slice of the recording"
            ),
            Reason::Renderer(words) => write!(f, "the picture could not be rendered: {words}"),
        }
    }
}

impl std::error::Error for PngError {}

impl PngError {
    /// Whether the picture was too large, or had no size.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot, Theme};
    /// let error = Picture::of(&Snapshot::new()).png(Theme::Light, 1e9).unwrap_err();
    /// assert!(error.is_size());
    /// ```
    #[must_use]
    pub const fn is_size(&self) -> bool {
        matches!(self.0, Reason::Size(..))
    }
}

impl Picture<'_> {
    /// The picture as a PNG file: the SVG with so many pixels to each of its units. The typeface
    /// is part of this crate, so the picture is the same on every system; it has Greek, Cyrillic and
    /// mathematics, but no Chinese, Japanese or Korean, whose letters are boxes here. In
    /// [`Picture::svg`] they have the reader's typefaces. [`Theme::Auto`] is light.
    ///
    /// # Errors
    /// If the picture would have more than 2²⁶ pixels, or the scale is not positive.
    ///
    /// # Complexity
    /// Linear in the number of pixels.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot, Theme};
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).sin();
    /// let snapshot = Snapshot::of(&tape.view());
    /// let png = Picture::of(&snapshot).png(Theme::Light, 2.0)?;
    /// assert!(png.starts_with(b"\x89PNG"));
    /// # Ok::<(), wengert_graph::PngError>(())
    /// ```
    pub fn png(&self, theme: Theme, scale: f64) -> Result<Vec<u8>, PngError> {
        let theme = if theme == Theme::Auto { Theme::Light } else { theme };
        let options = usvg::Options {
            font_family: "DejaVu Sans".to_owned(),
            fontdb: Arc::clone(fonts()),
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_str(&self.svg(theme), &options);
        render(&tree.map_err(|error| PngError(Reason::Renderer(error.to_string())))?, scale)
    }
}

fn render(tree: &usvg::Tree, scale: f64) -> Result<Vec<u8>, PngError> {
    let [width, height] =
        [tree.size().width(), tree.size().height()].map(|side| (f64::from(side) * scale).ceil());
    let is_drawable = width >= 1.0 && height >= 1.0 && width * height <= PIXELS;
    let pixmap = is_drawable.then(|| tiny_skia::Pixmap::new(width as u32, height as u32));
    let mut pixmap = pixmap.flatten().ok_or(PngError(Reason::Size(width, height)))?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(tree, transform, &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| PngError(Reason::Renderer(error.to_string())))
}

/// The typeface, read once.
fn fonts() -> &'static Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    })
}
