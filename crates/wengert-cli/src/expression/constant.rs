//! Numbers that have a name.

use std::f64::consts;

/// A named number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Constant {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
}

/// A definition hides a constant of its name.
const CONSTANTS: [Constant; 7] = [
    Constant { name: "e", value: consts::E },
    Constant { name: "pi", value: consts::PI },
    Constant { name: "π", value: consts::PI },
    Constant { name: "tau", value: consts::TAU },
    Constant { name: "τ", value: consts::TAU },
    Constant { name: "inf", value: f64::INFINITY },
    Constant { name: "∞", value: f64::INFINITY },
];

impl Constant {
    pub(crate) fn named(name: &str) -> Option<Self> {
        CONSTANTS.into_iter().find(|constant| constant.name == name)
    }
}
