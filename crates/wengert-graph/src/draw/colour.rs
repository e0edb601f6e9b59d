//! The colours that all pictures share.

use crate::Role;

/// The colours by name of class, light and dark.
///
/// The signs' blue and vermilion, and the green and purple of roles, are those of Okabe and Ito's
/// palette (2008) for all kinds of colour vision, made darker or lighter until text in them has a
/// contrast of 4.5 to its ground (WCAG 2).
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
