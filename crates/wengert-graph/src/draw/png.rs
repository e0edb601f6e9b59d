//! PNG: the SVG as pixels.

use crate::{Picture, Theme};
use resvg::tiny_skia;
use resvg::usvg::fontdb::Database;
use resvg::usvg::{FontResolver, Options, Tree};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};
use unicode_width::UnicodeWidthChar;

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
    /// mathematics. Other letters, Chinese ones for example, are taken from the typefaces that
    /// the system has; those that none of them has are boxes, and [`Picture::png_lacks`] lists
    /// them. [`Theme::Auto`] is light.
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
        let options = Options {
            font_family: "DejaVu Sans".to_owned(),
            fontdb: Arc::clone(own_fonts()),
            font_resolver: resolver(),
            ..Options::default()
        };
        let mut svg = self.svg(theme);
        // The renderer gives up a text at the first letter that no typeface has.
        for letter in lacking(&svg) {
            svg = svg.replace(letter, BOX);
        }
        let tree = Tree::from_str(&svg, &options);
        render(&tree.map_err(|error| PngError(Reason::Renderer(error.to_string())))?, scale)
    }

    /// The letters of the picture that no typeface at hand has: boxes in [`Picture::png`], but
    /// not in [`Picture::svg`], which is shown in the typefaces of whoever reads it.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).label("θ");
    /// let snapshot = Snapshot::of(&tape.view());
    /// assert_eq!(Picture::of(&snapshot).png_lacks(), "");
    /// ```
    #[must_use]
    pub fn png_lacks(&self) -> String {
        lacking(&self.svg(Theme::Light)).into_iter().collect()
    }
}

/// What stands for a letter that no typeface has.
const BOX: &str = "□";

/// The letters of a text that neither the crate's own typeface nor one of the system has.
fn lacking(text: &str) -> BTreeSet<char> {
    let is_seen = |letter: &char| !letter.is_ascii() && letter.width().unwrap_or(0) > 0;
    let mut letters: BTreeSet<char> = text.chars().filter(is_seen).collect();
    let find = FontResolver::default_fallback_selector();
    let has = |fonts: &Arc<Database>, letter: char| {
        let regular = fonts.faces().next().map(|face| face.id);
        find(letter, regular.as_slice(), &mut Arc::clone(fonts)).is_some()
    };
    letters.retain(|&letter| !has(own_fonts(), letter) && !has(all_fonts(), letter));
    letters
}

/// Where the crate's own typeface lacks a letter, one of the system's is looked for.
fn resolver() -> FontResolver<'static> {
    let among = FontResolver::default_fallback_selector();
    FontResolver {
        select_font: FontResolver::default_font_selector(),
        select_fallback: Box::new(move |letter, used, fonts| {
            among(letter, used, fonts).or_else(|| {
                *fonts = Arc::clone(all_fonts());
                among(letter, used, fonts)
            })
        }),
    }
}

fn render(tree: &Tree, scale: f64) -> Result<Vec<u8>, PngError> {
    let [width, height] =
        [tree.size().width(), tree.size().height()].map(|side| (f64::from(side) * scale).ceil());
    let is_drawable = width >= 1.0 && height >= 1.0 && width * height <= PIXELS;
    let pixmap = is_drawable.then(|| tiny_skia::Pixmap::new(width as u32, height as u32));
    let mut pixmap = pixmap.flatten().ok_or(PngError(Reason::Size(width, height)))?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(tree, transform, &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| PngError(Reason::Renderer(error.to_string())))
}

/// The crate's own typeface, read once.
fn own_fonts() -> &'static Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    })
}

/// The same, under the same identifiers, and those of the system behind them: looked for once,
/// and only where a letter asks for them.
fn all_fonts() -> &'static Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = Database::clone(own_fonts());
        fonts.load_system_fonts();
        Arc::new(fonts)
    })
}
