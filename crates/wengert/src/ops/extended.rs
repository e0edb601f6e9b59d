//! Numbers of twice the digits, for derivatives in which most digits cancel.

use crate::vector::{Sum, exact_product, fast_sum, sum};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number as the unevaluated sum of two floats, of which the second is below half a unit in the
/// last place of the first: some 106 bits.
///
/// The operations are those of Dekker and Knuth as Joldes, Muller & Popescu describe and bound
/// them ("Tight and rigorous error bounds for basic building blocks of double-word arithmetic",
/// 2017); nothing is fused, so that the bits are the same on every machine. Numbers beyond 2⁹⁹⁰
/// are not served.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extended {
    high: f64,
    low: f64,
}

impl Extended {
    pub(super) const ZERO: Self = Self { high: 0.0, low: 0.0 };
    pub(super) const ONE: Self = Self { high: 1.0, low: 0.0 };
    // mpmath at 400 bits: the nearest double, and the nearest to what it leaves out.
    pub(super) const LN_2: Self =
        Self { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
    pub(super) const PI: Self =
        Self { high: std::f64::consts::PI, low: 1.224_646_799_147_353_2e-16 };
    /// 2/√π
    pub(super) const FRAC_2_SQRT_PI: Self =
        Self { high: std::f64::consts::FRAC_2_SQRT_PI, low: 1.533_545_961_316_588e-17 };
    /// 1/√2
    pub(super) const FRAC_1_SQRT_2: Self =
        Self { high: std::f64::consts::FRAC_1_SQRT_2, low: -4.833_646_656_726_457e-17 };

    pub(super) const fn new(high: f64, low: f64) -> Self {
        Self { high, low }
    }

    /// The nearest float.
    pub(super) fn rounded(self) -> f64 {
        self.high + self.low
    }

    /// a + b, all of it.
    pub(super) fn sum(a: f64, b: f64) -> Self {
        sum(a, b).into()
    }

    pub(super) fn recip(self) -> Self {
        Self::ONE / self
    }

    /// Times a power of two.
    pub(super) fn scaled(self, power_of_two: f64) -> Self {
        Self { high: self.high * power_of_two, low: self.low * power_of_two }
    }

    /// eˣ for |x| below 700: x = k·ln 2 + r, and e^(r/64) − 1 by its series, squared six times.
    pub(super) fn exp(self) -> Self {
        let k = (self.high / Self::LN_2.high).round();
        let r = (self - Self::LN_2 * Self::from(k)).scaled(1.0 / 64.0);
        let mut series = Self::ZERO;
        for n in (1..=12).rev() {
            series = (series + Self::ONE) * r / Self::from(f64::from(n));
        }
        // (1 + s)² = 1 + (2s + s²)
        for _ in 0..6 {
            series = series.scaled(2.0) + series * series;
        }
        (series + Self::ONE).scaled(2.0_f64.powi(k as i32))
    }

    /// ln x for normal x > 0: a step of Newton's from the float's logarithm.
    pub(super) fn ln(self) -> Self {
        // A power of two keeps the exponential in range.
        let k = self.high.log2().round();
        let mantissa = self.scaled(2.0_f64.powi(-(k as i32)));
        let start = Self::from(mantissa.high.ln());
        let rest = mantissa * (-start).exp() - Self::ONE;
        // ln(1 + rest), whose cube is nothing here.
        Self::LN_2 * Self::from(k) + start + (rest - (rest * rest).scaled(0.5))
    }

    /// ln(1 + x) for x > −1, to all digits relative to x.
    pub(super) fn ln_1p(self) -> Self {
        if self.high.abs() > 1e-3 {
            return (self + Self::ONE).ln();
        }
        // 2·artanh(s) with s = x/(2 + x)
        let s = self / (self + Self::from(2.0));
        let square = s * s;
        let mut series = Self::ZERO;
        for n in (0..6).rev() {
            series = series * square + Self::ONE / Self::from(f64::from(2 * n + 1));
        }
        (series * s).scaled(2.0)
    }
}

impl From<f64> for Extended {
    fn from(x: f64) -> Self {
        Self { high: x, low: 0.0 }
    }
}

impl From<Sum> for Extended {
    fn from(Sum { high, low }: Sum) -> Self {
        Self { high, low }
    }
}

impl Neg for Extended {
    type Output = Self;
    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Add for Extended {
    type Output = Self;
    /// Algorithm 6, AccurateDWPlusDW.
    fn add(self, other: Self) -> Self {
        let high = sum(self.high, other.high);
        let low = sum(self.low, other.low);
        let all = fast_sum(high.high, high.low + low.high);
        fast_sum(all.high, low.low + all.low).into()
    }
}

impl Sub for Extended {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Extended {
    type Output = Self;
    /// Algorithm 10, DWTimesDW1.
    fn mul(self, other: Self) -> Self {
        let product = exact_product(self.high, other.high);
        let cross = self.high * other.low + self.low * other.high;
        fast_sum(product.high, product.low + cross).into()
    }
}

impl Div for Extended {
    type Output = Self;
    /// A quotient of floats, and that of what it leaves over.
    fn div(self, other: Self) -> Self {
        let quotient = self.high / other.high;
        let rest = self - other * Self::from(quotient);
        fast_sum(quotient, rest.high / other.high).into()
    }
}
