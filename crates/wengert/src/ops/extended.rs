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

    /// The sum with what is smaller, or with anything if this is zero: in half the operations.
    #[inline(always)]
    pub(super) fn plus_smaller(self, other: Self) -> Self {
        let high = fast_sum(self.high, other.high);
        fast_sum(high.high, high.low + (self.low + other.low)).into()
    }

    /// Algorithm 7, DWTimesFP1, with a sum less.
    #[inline(always)]
    fn times(self, x: f64) -> Self {
        let product = exact_product(self.high, x);
        fast_sum(product.high, product.low + self.low * x).into()
    }

    /// A polynomial in a small number by Horner's rule, of falling terms: the first coefficients, and
    /// those of terms of which a float has all digits that count.
    #[inline(always)]
    pub(super) fn polynomial<const N: usize, const M: usize>(
        self,
        coefficients: &[Self; N],
        beyond: &[f64; M],
    ) -> Self {
        let small = beyond.iter().rev().fold(0.0, |sum, term| sum * self.high + term);
        let large = coefficients.iter().rev();
        large.fold(small.into(), |sum: Self, term| term.plus_smaller(sum * self))
    }

    /// eˣ for |x| below 700: x = k·ln 2/32 + r, and eʳ by its series.
    pub(super) fn exp(self) -> Self {
        let k = nearest(self.high * (32.0 / Self::LN_2.high));
        let product = Self::LN_2.scaled(1.0 / 32.0).times(k);
        // The upper parts are near each other, and leave what is exact.
        let r = Self::from(sum(self.high, -product.high));
        let r = r.plus_smaller((self.low - product.low).into());
        let series = r.polynomial(&INVERSE_FACTORIALS, &INVERSE_FACTORIALS_BEYOND);
        let (binades, rest) = ((k as i32).div_euclid(32), (k as i32).rem_euclid(32));
        (series * ROOTS_OF_POWERS[rest as usize]).scaled(power_of_two(binades))
    }

    /// ln x for normal x > 0: x = 2ᵏᐟ³²·(1 + z), and ln(1 + z) by its series.
    pub(super) fn ln(self) -> Self {
        let binades = (self.high.to_bits() >> 52) as i32 - 1023;
        // In two steps: 2⁻¹⁰²³ is no normal number.
        let mantissa = self.scaled(power_of_two(1 - binades)).scaled(0.5);
        let k = nearest(32.0 * rough_log2(mantissa.high));
        // Over 2ᵏᐟ³², of which 1 and 2 are exact: next to 1, nothing is lost.
        let z = if k == 0.0 {
            mantissa
        } else {
            (mantissa * ROOTS_OF_POWERS[(-k as i32).rem_euclid(32) as usize]).scaled(0.5)
        } - Self::ONE;
        let whole = 32.0 * f64::from(binades) + k;
        let near = z.ln_1p_of_small();
        if whole == 0.0 { near } else { Self::LN_2.times(whole / 32.0) + near }
    }

    /// ln(1 + x) for x > −1, to all digits relative to x.
    pub(super) fn ln_1p(self) -> Self {
        if self.high.abs() > 1e-2 {
            return (self + Self::ONE).ln();
        }
        self.ln_1p_of_small()
    }

    /// The same for |x| below 1/60: 2·artanh(s) with s = x/(2 + x).
    #[inline(always)]
    fn ln_1p_of_small(self) -> Self {
        let s = self / Self::from(2.0).plus_smaller(self);
        ((s * s).polynomial(&INVERSE_ODD, &INVERSE_ODD_BEYOND) * s).scaled(2.0)
    }
}

/// The nearest integer to a number below 2⁵¹ in size.
#[inline(always)]
fn nearest(x: f64) -> f64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0; // 1.5·2⁵²
    (x + SHIFT) - SHIFT
}

/// 2ᵏ, for −1022 ≤ k ≤ 1023.
#[inline(always)]
fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((1023 + k) as u64) << 52)
}

/// log₂ x between 1 and 2, within a thousandth.
#[inline(always)]
fn rough_log2(x: f64) -> f64 {
    // A least deviation from log₂(1 + t)/t.
    let t = x - 1.0;
    t * (1.442_068 - t * (0.700_778 - t * (0.364_019 - t * 0.105_659)))
}

/// 1/(2n + 1) for n from 0 to 2, and from 3 to 7.
const INVERSE_ODD: [Extended; 3] = [
    Extended::ONE,
    Extended::new(0.333_333_333_333_333_3, 1.850_371_707_708_594e-17),
    Extended::new(0.2, -1.110_223_024_625_156_6e-17),
];
const INVERSE_ODD_BEYOND: [f64; 5] = [1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0];

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
    /// Algorithm 17, DWDivDW2.
    fn div(self, other: Self) -> Self {
        let quotient = self.high / other.high;
        let product = other.times(quotient);
        let rest = (self.high - product.high) + (self.low - product.low);
        fast_sum(quotient, rest / other.high).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Extended, ROOTS_OF_POWERS, rough_log2};

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

    /// x, ln x and what the double leaves out, by mpmath at 800 bits.
    const LOGARITHMS: [(f64, f64, f64); 17] = [
        (2.225_073_858_507_201_4e-308, -708.396_418_532_264_1, -2.747_541_672_123_471_4e-14),
        (1e-200, -460.517_018_598_809_16, 2.208_094_265_724_106_6e-14),
        (0.031_25, -3.465_735_902_799_726_5, -4.930_038_229_799_327e-18),
        (0.7, -0.356_674_943_938_732_45, 4.825_563_799_376_62e-18),
        (0.9999, -0.000_100_005_000_333_347_32, 4.110_491_732_511_812e-21),
        (0.999_999_999_999_999_9, -1.110_223_024_625_156_5e-16, -6.162_975_822_039_155e-33),
        (1.000_000_000_000_000_2, 2.220_446_049_250_312_8e-16, 3.649_214_750_845_877e-48),
        (1.001, 0.000_999_500_333_083_423_2, -6.782_451_268_011_377e-20),
        (1.0109, 0.010_841_023_177_874_769, -4.159_138_127_273_254e-19),
        (1.25, 0.223_143_551_314_209_76, -9.091_270_597_324_799e-18),
        (1.999_999_999_999_999_8, 0.693_147_180_559_945_2, 2.319_046_813_846_299e-17),
        (2.0, std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17),
        (3.0, 1.098_612_288_668_109_8, -9.071_297_235_001_53e-17),
        (15.75, 2.756_840_365_271_642_2, -1.545_710_188_979_075_3e-16),
        (12_345.678, 9.421_061_321_291_832, -1.908_565_074_348_105_3e-16),
        (8.9e307, 709.079_674_825_910_2, -4.134_390_460_518_220_5e-14),
        (1.7e308, 709.726_836_893_228_2, 3.093_642_125_799_465_5e-14),
    ];
    /// The same of 1 + x.
    const LOGARITHMS_OF_REST: [(f64, f64, f64); 13] = [
        (-0.99, -4.605_170_185_988_091, 4.341_512_446_764_495e-16),
        (-0.5, -std::f64::consts::LN_2, -2.319_046_813_846_299_6e-17),
        (-0.0101, -0.010_151_351_056_375_357, -6.354_106_090_452_742e-19),
        (-0.0099, -0.009_949_330_853_668_083, 8.794_943_820_722_953e-20),
        (-0.003, -0.003_004_509_020_298_721_7, -1.455_090_166_215_565_6e-19),
        (-1e-9, -1.000_000_000_500_000_1e-9, 7.427_230_737_157_087e-26),
        (2e-17, 2e-17, -2.000_000_000_000_000_3e-34),
        (1e-5, 9.999_950_000_333_332e-6, -2.386_863_728_449_341_6e-22),
        (0.0099, 0.009_851_316_050_374_183, 6.910_466_057_384_775e-19),
        (0.0101, 0.010_049_335_853_001_44, 6.239_584_236_116_145e-19),
        (0.3, 0.262_364_264_467_491_06, -1.606_725_720_902_845_4e-17),
        (5.0, 1.791_759_469_228_055, 4.349_979_825_096_335e-17),
        (1_000_000_000_000_000.0, 34.538_776_394_910_684, 2.184_757_763_427_251_6e-15),
    ];

    #[test]
    fn logarithms_have_twice_the_digits() {
        for (x, high, low) in LOGARITHMS {
            let gap = gap(Extended::from(x).ln(), Extended::new(high, low));
            assert!(gap < 2.0_f64.powi(-98), "{x}: {gap:e}");
        }
        for (x, high, low) in LOGARITHMS_OF_REST {
            let gap = gap(Extended::from(x).ln_1p(), Extended::new(high, low));
            assert!(gap < 2.0_f64.powi(-98), "1 + {x}: {gap:e}");
        }
    }

    #[test]
    fn the_rough_logarithm_is_within_a_thousandth() {
        for k in 0..=1000 {
            let x = 1.0 + f64::from(k) / 1000.0;
            assert!((rough_log2(x) - x.log2()).abs() < 1e-3, "{x}");
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
