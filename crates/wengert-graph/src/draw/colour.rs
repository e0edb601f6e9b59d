//! The colours that all pictures share.

use crate::Role;

/// The colours by name of class, light and dark.
///
/// The signs' blue and vermilion, and the green and purple of roles, are those of Okabe and Ito's
/// palette (2008) for all kinds of colour vision, made darker or lighter until lines have a contrast
/// of 3 to their ground and text has one of 4.5 (WCAG 2).
pub(super) struct Colours {
    pub(super) page: &'static str,
    pub(super) card: &'static str,
    pub(super) ink: &'static str,
    pub(super) faint: &'static str,
    input: &'static str,
    parameter: &'static str,
    constant: &'static str,
    operation: &'static str,
    output: &'static str,
    pub(super) positive: &'static str,
    pub(super) negative: &'static str,
    pub(super) neutral: &'static str,
    pub(super) bad: &'static str,
}

/// Dark on light.
pub(super) const LIGHT: Colours = Colours {
    page: "#ffffff",
    card: "#ffffff",
    ink: "#18212b",
    faint: "#5f6b7a",
    input: "#9a6a00",
    parameter: "#8549a0",
    constant: "#66717f",
    operation: "#5a6878",
    output: "#00785a",
    positive: "#0a66a8",
    negative: "#c04a00",
    neutral: "#a3adb9",
    bad: "#c8102e",
};

/// Light on dark.
pub(super) const DARK: Colours = Colours {
    page: "#10151c",
    card: "#19212b",
    ink: "#e8edf3",
    faint: "#9aa7b5",
    input: "#e3b341",
    parameter: "#cfa3e6",
    constant: "#9aa5b3",
    operation: "#93a4b8",
    output: "#3fcf9f",
    positive: "#6cb8f6",
    negative: "#f79a55",
    neutral: "#657284",
    bad: "#ff6b78",
};

impl Colours {
    /// The colour of a role.
    pub(super) const fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Input => self.input,
            Role::Parameter => self.parameter,
            Role::Constant => self.constant,
            Role::Operation => self.operation,
            Role::Output => self.output,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Colours, DARK, LIGHT};
    use crate::Role;

    /// Red, green and blue from 0 to 1.
    fn channels(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0)
    }

    /// So much of one colour over another.
    fn over(colour: &str, opacity: f64, ground: &str) -> [f64; 3] {
        let (colour, ground) = (channels(colour), channels(ground));
        [0, 1, 2].map(|i| opacity * colour[i] + (1.0 - opacity) * ground[i])
    }

    /// The relative luminance of WCAG 2.
    fn luminance(channels: [f64; 3]) -> f64 {
        let linear =
            |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        let [r, g, b] = channels.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The contrast of WCAG 2, from 1 to 21.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn each(check: impl Fn(&Colours)) {
        check(&LIGHT);
        check(&DARK);
    }

    #[test]
    fn text_can_be_read() {
        each(|c| {
            for ground in [c.page, c.card] {
                for text in [c.ink, c.faint, c.bad] {
                    assert!(
                        contrast(channels(text), channels(ground)) >= 4.5,
                        "{text} on {ground}"
                    );
                }
            }
        });
    }

    #[test]
    fn text_can_be_read_on_the_strongest_tints() {
        each(|c| {
            for sign in [c.positive, c.negative] {
                assert!(contrast(channels(c.ink), over(sign, 0.35, c.card)) >= 4.5, "{sign}");
            }
            assert!(contrast(channels(c.bad), over(c.bad, 0.14, c.card)) >= 4.5);
            for role in Role::ALL {
                let band = over(c.role(role), 0.16, c.card);
                assert!(contrast(channels(c.ink), band) >= 4.5, "{role:?}");
            }
        });
    }

    #[test]
    fn lines_can_be_seen() {
        each(|c| {
            for line in
                Role::ALL.map(|role| c.role(role)).into_iter().chain([c.positive, c.negative])
            {
                assert!(contrast(channels(line), channels(c.page)) >= 3.0, "{line}");
            }
        });
    }
}
