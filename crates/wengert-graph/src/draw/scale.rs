//! From numbers to looks: how strong, and of which kind.

use crate::{Element, Picture};

/// The largest sizes in a picture, which others are measured by.
pub(super) struct Scale {
    adjoint: f64,
    contribution: f64,
}

/// How a number looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) kind: Kind,
    /// From 0 to 1.
    pub(super) strength: f64,
}

/// What a number is, for eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// There is none.
    Unknown,
    Zero,
    Positive,
    Negative,
    /// NaN or infinite.
    NonFinite,
}

impl Kind {
    /// The class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Unknown => "wg-unknown",
            Self::Zero => "wg-zero",
            Self::Positive => "wg-positive",
            Self::Negative => "wg-negative",
            Self::NonFinite => "wg-bad",
        }
    }
}

impl Scale {
    pub(super) fn of(picture: &Picture<'_>) -> Self {
        let adjoint = |element: &Element| match element {
            Element::Node { node, .. } => picture.snapshot().node(*node).adjoint(),
            Element::Group(group) => group.largest_adjoint,
        };
        Self {
            adjoint: largest(picture.elements().iter().filter_map(adjoint)),
            contribution: largest(picture.links().iter().filter_map(|link| link.contribution)),
        }
    }

    pub(super) fn adjoint(&self, adjoint: f64) -> Look {
        look(Some(adjoint), self.adjoint)
    }

    /// As an adjoint of this size, of which the sign is unknown.
    pub(super) fn size(&self, size: f64) -> Look {
        let look = look(Some(size), self.adjoint);
        let kind = if look.kind == Kind::Positive { Kind::Unknown } else { look.kind };
        Look { kind, ..look }
    }

    pub(super) fn link(&self, contribution: Option<f64>) -> Look {
        look(contribution, self.contribution)
    }

    /// The width of a link of some strength, in pixels, from `thin` to `thick`.
    pub(super) fn line(look: Look, thin: f64, thick: f64) -> String {
        format!("{:.2}", thin + (thick - thin) * look.strength)
    }

    /// Whether anything flows.
    pub(super) const fn has_gradients(&self) -> bool {
        self.adjoint > 0.0
    }
}

fn largest(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.map(f64::abs).filter(|size| size.is_finite()).fold(0.0, f64::max)
}

/// The strength grows with the root of the size: eyes then still tell apart numbers that differ
/// by a hundred times.
fn look(number: Option<f64>, largest: f64) -> Look {
    let kind = match number {
        None => Kind::Unknown,
        Some(x) if !x.is_finite() => Kind::NonFinite,
        Some(0.0) => Kind::Zero,
        Some(x) if x > 0.0 => Kind::Positive,
        Some(_) => Kind::Negative,
    };
    let strength = match (kind, number) {
        (Kind::NonFinite, _) => 1.0,
        // Divided first, so that neither tiny nor huge sizes leave the range.
        (Kind::Positive | Kind::Negative, Some(x)) => (x.abs() / largest).sqrt(),
        _ => 0.0,
    };
    Look { kind, strength }
}

#[cfg(test)]
mod tests {
    use super::{Kind, look};

    #[test]
    fn strength_is_a_share_of_the_largest() {
        assert_eq!(look(Some(-4.0), 4.0).strength, 1.0);
        assert_eq!(look(Some(1.0), 4.0).strength, 0.5);
        assert_eq!(look(Some(1e-320), 1e-320).strength, 1.0);
    }

    #[test]
    fn kinds_tell_what_numbers_are() {
        let kinds =
            [None, Some(-0.0), Some(1.0), Some(-1.0), Some(f64::NAN)].map(|x| look(x, 1.0).kind);
        let expected = [Kind::Unknown, Kind::Zero, Kind::Positive, Kind::Negative, Kind::NonFinite];
        assert_eq!(kinds, expected);
    }
}
