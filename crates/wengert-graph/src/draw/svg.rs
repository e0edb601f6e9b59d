//! SVG: a picture for eyes.
//!
//! Colour is never alone in saying something: a gradient's sign stands in the number, roles also
//! differ by outline, and what is not finite is also bold. So pictures can be printed, and read
//! by those who see colours otherwise.

mod card;
mod guards;
mod legend;
mod link;
mod style;
mod write;

pub use style::Theme;

use super::contradictions::Contradictions;
use super::scale::Scale;
use crate::Picture;
use crate::layout::{Crossings, Layout, Size, lay_out};
use card::Card;

use write::{Svg, px};

/// The room around everything.
const MARGIN: f64 = 24.0;

/// The height of the title with its room.
const TITLE: f64 = 40.0;

impl Picture<'_> {
    /// The picture as SVG, self-contained: no script, no font file, no reference to anything
    /// outside.
    ///
    /// Each value is a card with its label, value (`data`) and adjoint (`grad`), coloured by role
    /// and by the sign and size of the adjoint, with the operation in a round node before it; a
    /// link is as wide as |adjoint × partial| is large. What is not finite is red. Hovering shows
    /// the operation with its arguments, and the partial derivative of a link.
    ///
    /// # Complexity
    /// A picture of 5,000 elements takes some hundred milliseconds.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot, Theme};
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(3.0).label("<x>").sin();
    /// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// let svg = Picture::of(&snapshot).svg(Theme::Auto);
    /// assert!(svg.starts_with("<svg ") && svg.contains("&lt;x&gt;"));
    /// ```
    #[must_use]
    pub fn svg(&self, theme: Theme) -> String {
        let (cards, layout) = self.lay_out();
        let scale = Scale::of(self);
        Drawing { picture: self, cards, layout, scale }.write(theme)
    }

    /// How many pairs of links cross in [`Picture::svg`], and how many would cross with the
    /// elements of each layer in recording order.
    ///
    /// # Complexity
    /// That of drawing.
    ///
    /// # Example: two products whose factors were recorded crosswise
    /// ```
    /// use wengert_graph::{Crossings, Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let [a, b, c, d] = tape.var_array([1.0, 2.0, 3.0, 4.0]);
    /// let _ = (a * d).sin() + (b * c).sin();
    /// let snapshot = Snapshot::of(&tape.view());
    /// assert_eq!(Picture::of(&snapshot).crossings(), Crossings { naive: 2, drawn: 0 });
    /// ```
    #[must_use]
    pub fn crossings(&self) -> Crossings {
        self.lay_out().1.crossings
    }

    fn lay_out(&self) -> (Vec<Card>, Layout) {
        let wrong = Contradictions::of(self.snapshot());
        let card = |element| Card::new(self, element, &wrong);
        let cards: Vec<Card> = self.elements().iter().map(card).collect();
        let sizes: Vec<Size> = cards.iter().map(Card::size).collect();
        let ends: Vec<(usize, usize)> = self.links().iter().map(|l| (l.from, l.to)).collect();
        let layout = lay_out(&sizes, &ends);
        (cards, layout)
    }
}

/// All that is known before the first line is written.
struct Drawing<'p> {
    picture: &'p Picture<'p>,
    cards: Vec<Card>,
    layout: Layout,
    scale: Scale,
}

impl Drawing<'_> {
    fn write(&self, theme: Theme) -> String {
        let title = self.picture.snapshot().title();
        let legend = legend::Legend::of(self.picture, &self.cards, &self.scale);
        let guards = guards::Guards::of(self.picture);
        let top = MARGIN + title.map_or(0.0, |_| TITLE);
        let content =
            self.layout.width.max(legend.width()).max(title.map_or(0.0, legend::title_width));
        let width = content.max(guards.width()) + 2.0 * MARGIN;
        let below = top + self.layout.height;
        let height = below + guards.height() + legend.height() + MARGIN;

        let mut svg = Svg::new(width, height, title.unwrap_or("Computation graph"));
        svg.raw(&style::sheet(theme));
        svg.raw(link::MARKERS);
        svg.raw(&format!(
            r#"<rect class="wg-page" width="{}" height="{}" rx="10"/>"#,
            px(width),
            px(height)
        ));
        if let Some(title) = title {
            svg.text("wg-title", MARGIN, MARGIN + 16.0, &legend::shown_title(title));
        }
        svg.open(&format!(r#"<g transform="translate({} {})">"#, px(MARGIN), px(top)));
        self.write_links(&mut svg);
        self.write_cards(&mut svg);
        svg.close("</g>");
        guards.write(&mut svg, MARGIN, below);
        legend.write(&mut svg, MARGIN, below + guards.height());
        svg.finish()
    }

    fn write_cards(&self, svg: &mut Svg) {
        for (at, (card, spot)) in self.cards.iter().zip(&self.layout.spots).enumerate() {
            // By this number, a page finds the card again.
            svg.open(&format!(r#"<g data-element="{at}">"#));
            card.write(svg, *spot, &self.scale);
            svg.close("</g>");
        }
    }

    /// Weak links first, so that strong ones lie over them.
    fn write_links(&self, svg: &mut Svg) {
        let ports = link::Ports::of(self.picture, &self.layout, &self.cards);
        let links = self.picture.links();
        let mut order: Vec<usize> = (0..links.len()).collect();
        order.sort_by(|&a, &b| {
            let strength = |at: usize| self.scale.link(links[at].contribution).strength;
            strength(a).total_cmp(&strength(b))
        });
        for at in order {
            link::write(svg, self, at, &ports);
        }
    }
}
