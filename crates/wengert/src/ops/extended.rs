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

    /// The two floats that it is the sum of.
    pub(super) const fn to_numbers(self) -> [f64; 2] {
        [self.high, self.low]
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

    /// eˣ for |x| below 700: x = k·ln 2/32 + r, and eʳ by its series.
    pub(super) fn exp(self) -> Self {
        let k = (self.high * (32.0 / Self::LN_2.high)).round();
        let r = self - Self::LN_2.scaled(1.0 / 32.0) * Self::from(k);
        // PERF: of the terms from the seventh on, a float has all digits that count.
        let small = INVERSE_FACTORIALS_BEYOND.iter().rev();
        let small = small.fold(0.0, |sum, inverse| sum * r.high + inverse);
        let large = INVERSE_FACTORIALS.iter().rev();
        let large = large.fold(Self::from(small), |sum, &inverse| sum * r + inverse);
        let (binades, rest) = ((k as i32).div_euclid(32), (k as i32).rem_euclid(32));
        (large * ROOTS_OF_POWERS[rest as usize]).scaled(2.0_f64.powi(binades))
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

/// 1/n! for n from 0 to 6, and from 7 to 12.
const INVERSE_FACTORIALS: [Extended; 7] = [
    Extended::ONE,
    Extended::new(1.0, 0.0),
    Extended::new(0.5, 0.0),
    Extended::new(0.166_666_666_666_666_66, 9.251_858_538_542_97e-18),
    Extended::new(0.041_666_666_666_666_664, 2.312_964_634_635_742_7e-18),
    Extended::new(0.008_333_333_333_333_333, 1.156_482_317_317_871_4e-19),
    Extended::new(0.001_388_888_888_888_889, -5.300_543_954_373_577e-20),
];
const INVERSE_FACTORIALS_BEYOND: [f64; 6] = [
    0.000_198_412_698_412_698_4,
    2.480_158_730_158_73e-5,
    2.755_731_922_398_589_3e-6,
    2.755_731_922_398_589e-7,
    2.505_210_838_544_172e-8,
    2.087_675_698_786_81e-9,
];

/// 2^(k/32), by mpmath at 500 bits.
const ROOTS_OF_POWERS: [Extended; 32] = [
    Extended::new(1.0, 0.0),
    Extended::new(1.021_897_148_654_116_6, 5.109_225_028_973_444e-17),
    Extended::new(1.044_273_782_427_413_8, 8.551_889_705_537_965e-17),
    Extended::new(1.067_140_400_676_823_7, -7.899_853_966_841_582e-17),
    Extended::new(1.090_507_732_665_257_7, -3.046_782_079_812_471e-17),
    Extended::new(1.114_386_742_595_892_4, 1.041_027_845_684_557_1e-16),
    Extended::new(1.138_788_634_756_691_6, 8.912_812_676_025_408e-17),
    Extended::new(1.163_724_858_777_577_5, 3.829_204_836_924_093_5e-17),
    Extended::new(1.189_207_115_002_721, 3.982_015_231_465_646e-17),
    Extended::new(1.215_247_359_980_469, -7.712_630_692_681_488e-17),
    Extended::new(1.241_857_812_073_484, 4.658_027_591_836_937e-17),
    Extended::new(1.269_050_957_191_733_2, 2.667_932_131_342_186e-18),
    Extended::new(1.296_839_554_651_009_6, 2.538_250_279_488_831_5e-17),
    Extended::new(1.325_236_643_159_741_3, -2.858_731_210_038_861_4e-17),
    Extended::new(1.354_255_546_936_892_7, 7.700_948_379_802_99e-17),
    Extended::new(1.383_909_881_963_832, -6.770_511_658_794_786e-17),
    Extended::new(std::f64::consts::SQRT_2, -9.667_293_313_452_913e-17),
    Extended::new(1.445_180_806_977_046_7, -3.023_758_134_993_987_3e-17),
    Extended::new(1.476_826_145_939_499_3, -3.483_994_556_892_796e-17),
    Extended::new(1.509_164_427_593_422_8, -1.016_455_327_754_295e-16),
    Extended::new(1.542_210_825_407_940_7, 7.949_834_809_697_621e-17),
    Extended::new(1.575_980_845_107_886_5, -1.013_691_647_127_830_4e-17),
    Extended::new(1.610_490_331_949_254_3, 2.470_719_256_979_788_8e-17),
    Extended::new(1.645_755_478_153_965, -1.012_567_991_367_477_3e-16),
    Extended::new(1.681_792_830_507_429, 8.199_010_020_581_497e-17),
    Extended::new(1.718_619_298_122_478, -1.851_380_418_263_111e-17),
    Extended::new(1.756_252_160_373_299_5, 2.960_140_695_448_873e-17),
    Extended::new(1.794_709_075_003_107_2, 1.822_745_842_791_208_7e-17),
    Extended::new(1.834_008_086_409_342_4, 3.283_107_224_245_627e-17),
    Extended::new(1.874_167_634_110_3, -6.122_763_413_004_143e-17),
    Extended::new(1.915_206_561_397_147_4, -1.061_994_605_619_596_3e-16),
    Extended::new(1.957_144_124_175_400_2, 8.960_767_791_036_668e-17),
];

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

#[cfg(test)]
mod tests {
    use super::{Extended, ROOTS_OF_POWERS};

    /// How far a number is from another, relative to that.
    fn gap(x: Extended, wanted: Extended) -> f64 {
        ((x - wanted).rounded() / wanted.rounded()).abs()
    }

    #[test]
    fn exponentials_have_twice_the_digits() {
        // mpmath at 600 bits: the nearest double, and what it leaves out.
        let cases = [
            (1.0, std::f64::consts::E, 1.445_646_891_729_250_2e-16),
            (-0.34375, 0.709_106_182_437_398_4, -1.286_805_565_534_630_4e-17),
            (0.015625, 1.015_747_708_586_685_7, 2.053_046_787_493_226_7e-17),
            (17.25, 31_015_573.274_482_23, -7.551_532_368_086_927e-10),
            (-650.5, 3.100_555_587_834_667_7e-283, 1.193_486_070_801_309_5e-299),
            (699.0, 3.731_151_215_140_771_6e303, -3.897_031_647_283_796e286),
        ];
        for (x, high, low) in cases {
            let gap = gap(Extended::from(x).exp(), Extended::new(high, low));
            // What is left over of x is a multiple of ln 2, of which the size is that of x.
            assert!(gap < 2.0_f64.powi(-103) * (1.0 + x.abs()), "{x}: {gap:e}");
        }
    }

    #[test]
    fn the_roots_of_powers_of_two_are_roots() {
        for (k, &root) in ROOTS_OF_POWERS.iter().enumerate() {
            let power = (0..5).fold(root, |power, _| power * power);
            let gap = gap(power, 2.0_f64.powi(k as i32).into());
            assert!(gap < 2.0_f64.powi(-98), "{k}: {gap:e}");
        }
    }

    #[test]
    fn logarithms_turn_exponentials_back() {
        for k in -60..60 {
            let x = Extended::sum(f64::from(k) * 0.37, 3e-18);
            let back = x.exp().ln();
            assert!((back - x).rounded().abs() < 2.0_f64.powi(-98), "{k}: {back:?}");
        }
    }
}
