//! The error function and the normal distribution.

use super::exponential::{at_most, exp, reduce};
use super::parts::{
    Sum, exact_product, fast_sum, polynomial, quotient_sum, scale, select, sum, upper_bits,
};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// erf(x)/x − 1 of x² on |x| ≤ 1
/// (`tests/reference/fit.py ERF`, error 2^-55.93).
const ERF: [f64; 13] = [
    0.128_379_167_095_512_6,
    -0.376_126_389_031_837_5,
    0.112_837_916_709_548_85,
    -0.026_866_170_645_077_86,
    0.005_223_977_624_828_312,
    -0.000_854_832_698_141_965,
    0.000_120_553_311_327_654_42,
    -1.492_559_576_804_698_4e-5,
    1.646_100_841_700_974_4e-6,
    -1.635_039_562_560_046_5e-7,
    1.466_032_496_851_044_8e-8,
    -1.137_494_208_431_810_8e-9,
    5.960_663_495_717_703e-11,
];

/// (a + 5/2)·e^(a²)·erfc(a) of (a − 5/2)/(a + 5/2) on 1 ≤ a ≤ 6
/// (`tests/reference/fit.py ERFC_BESIDE_ONE`, error 2^-56.59 of 1).
const ERFC_BESIDE_ONE: [f64; 12] = [
    1.054_031_820_305_718_8,
    -0.804_651_849_439_153_1,
    0.453_914_116_646_758_85,
    -0.171_251_145_267_204_47,
    0.028_361_550_138_484_043,
    0.008_393_046_840_768_272,
    -0.004_818_763_820_135_886_5,
    -0.000_439_161_589_995_160_45,
    0.000_702_345_764_319_155,
    5.539_970_724_616_839e-5,
    -0.000_122_503_671_890_922_4,
    -3.794_934_573_971_662_6e-5,
];

/// (1 + 9a/8)·e^(a²)·erfc(a) of (a − 3)/(a + 3) on 0 ≤ a ≤ 28
/// (`tests/reference/fit.py ERFC`, error 2^-56.22).
const ERFC: [f64; 24] = [
    0.783_130_036_418_581,
    -0.219_014_054_713_905_61,
    0.080_697_872_675_327_76,
    0.007_249_679_551_203_69,
    -0.035_737_631_896_934_9,
    0.027_751_546_929_413_215,
    -0.011_503_167_497_592_824,
    0.001_732_421_957_496_251_4,
    0.000_801_173_742_342_928_1,
    -0.000_418_856_399_910_238_4,
    -3.112_776_553_087_976e-5,
    6.474_155_254_022_035e-5,
    -7.058_540_132_659_757e-7,
    -1.037_763_031_036_508_2e-5,
    1.352_778_260_410_954_2e-7,
    1.820_941_015_694_54e-6,
    9.976_444_494_195_834e-8,
    -3.282_052_760_895_487e-7,
    -6.012_672_410_055_603e-8,
    5.123_711_367_032_646e-8,
    1.911_145_591_807_950_8e-8,
    -4.078_452_194_185_807_4e-9,
    -3.108_881_975_596_726_8e-9,
    -4.006_275_595_263_851e-10,
];

/// `ERFC` without its first coefficient.
const ERFC_SLOPES: [f64; 23] = {
    let [_, slopes @ ..] = ERFC;
    slopes
};

/// Constants and what they lack (mpmath at 60 digits: √½, 1/√(2π), 2/√π).
const FRAC_1_SQRT_2_REST: f64 = -4.833_646_656_726_457e-17;
const DENSITY: Sum = Sum { high: 0.398_942_280_401_432_7, low: -2.492_327_202_277_73e-17 };
const ERF_SLOPE: Sum = Sum { high: FRAC_2_SQRT_PI, low: 1.533_545_961_316_588e-17 };

/// mantissa·2ᵏ
#[derive(Clone, Copy, Debug)]
struct Scaled {
    mantissa: f64,
    k: f64,
}

/// factor·e^(−square)
#[inline(always)]
fn bell(factor: Sum, square: Sum) -> Scaled {
    let reduced = reduce(-square.high, -square.low);
    let e = reduced.mantissa();
    let upper = upper_bits(e.high);
    let rest = (e.high - upper) + e.low;
    let factor_upper = upper_bits(factor.high);
    let factor_rest = (factor.high - factor_upper) + factor.low;
    let low = factor_upper * rest + factor_rest * (upper + rest);
    Scaled { mantissa: factor_upper * upper + low, k: reduced.k }
}

/// e^(a²)·erfc(a) for 0 ≤ a ≤ 28.
///
/// It·erfc(a) falls like 1/a. Times 1 + 9a/8 it stays between 0.6 and 1, and is smooth in
/// (a − 3)/(a + 3), so that one polynomial serves the whole half line (after Shepherd & Laframboise,
/// "Chebyshev approximation of (1 + 2x)exp(x²)erfc x in 0 ≤ x < ∞", 1981, who take 1 + 2a; with
/// 9/8 the derivative at 0 nearly vanishes, and the rounding of the quotient with it).
#[inline(always)]
fn scaled_complement(a: Sum) -> Sum {
    let t = (a.high - 3.0) / (a.high + 3.0);
    let numerator = fast_sum(ERFC[0], t * polynomial(t, &ERFC_SLOPES));
    let product = a.high * 1.125;
    let product_rest = ((a.high - product) + a.high * 0.125) + a.low * 1.125;
    let denominator = sum(1.0, product);
    let denominator = Sum { low: denominator.low + product_rest, ..denominator };
    quotient_sum(numerator, denominator)
}

/// erfc(a) for 0 ≤ a ≤ 28, given its square, a sum, because a² would magnify its rounding.
#[inline(always)]
fn complement(a: Sum, square: Sum) -> Scaled {
    bell(scaled_complement(a), square)
}

/// erfc |x|
#[inline(always)]
fn complement_of_size(x: f64) -> Scaled {
    let size = at_most(28.0, x.abs());
    complement(Sum { high: size, low: 0.0 }, exact_product(size, size))
}

/// 2/√π ∫₀ˣ e^(−t²) dt. From 1 on it is 1 less something below 0.16, of which the last digits do
/// not count; at 6 it is 1.
#[inline(always)]
pub(super) fn erf(x: f64) -> f64 {
    let size = at_most(6.0, x.abs());
    let square = size * size;
    let near_zero = size + size * polynomial(square, &ERF);
    let reciprocal = 1.0 / (size + 2.5);
    let factor = polynomial((size - 2.5) * reciprocal, &ERFC_BESIDE_ONE) * reciprocal;
    let far = 1.0 - exp(-square) * factor;
    select(size < 1.0, near_zero, far).copysign(x)
}

/// 1 − erf(x)
#[inline(always)]
pub(super) fn erfc(x: f64) -> f64 {
    let rest = complement_of_size(x);
    let right = scale(rest.mantissa, rest.k);
    select(x < 0.0, 2.0 - right, right)
}

/// e^(x²)·erfc(x): beyond 28 by its asymptotic series (Abramowitz & Stegun 7.1.23), left of 0
/// 2·e^(x²) less its mirror image.
#[inline(always)]
pub(super) fn erfcx(x: f64) -> f64 {
    let size = x.abs();
    let inside = scaled_complement(Sum { high: at_most(28.0, size), low: 0.0 });
    let series = polynomial(0.5 / (size * size), &ERFCX_SERIES);
    let far = FRAC_1_SQRT_PI / size * series;
    let right = select(size < 28.0, inside.high + inside.low, far);
    let bounded = at_most(27.0, size);
    let square = exact_product(bounded, bounded);
    let twice = bell(Sum { high: 2.0, low: 0.0 }, Sum { high: -square.high, low: -square.low });
    select(x < 0.0, scale(twice.mantissa, twice.k) - right, right)
}

/// √π·x·e^(x²)·erfc(x) of 1/(2x²): (−1)ᵏ (2k − 1)‼. At 28 the next term is below 10⁻¹⁷.
const ERFCX_SERIES: [f64; 8] = [1.0, -1.0, 3.0, -15.0, 105.0, -945.0, 10_395.0, -135_135.0];

/// 1/√π (mpmath at 30 digits)
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;

/// The derivative of erf, 2/√π·e^(−x²)
#[inline(always)]
pub(super) fn erf_slope(x: f64) -> f64 {
    let size = at_most(28.0, x.abs());
    let slope = bell(ERF_SLOPE, exact_product(size, size));
    scale(slope.mantissa, slope.k)
}

/// x²/2 for |x| up to 39.6, beyond which e^(−x²/2) is 0.
#[inline(always)]
fn half_square(x: f64) -> Sum {
    let size = at_most(39.6, x.abs());
    let square = exact_product(size, size);
    Sum { high: 0.5 * square.high, low: 0.5 * square.low }
}

/// The density of the standard normal distribution, e^(−x²/2)/√(2π)
#[inline(always)]
pub(super) fn normal_pdf(x: f64) -> f64 {
    let density = bell(DENSITY, half_square(x));
    scale(density.mantissa, density.k)
}

/// The distribution function of the standard normal distribution, ½ erfc(−x/√2)
#[inline(always)]
pub(super) fn normal_cdf(x: f64) -> f64 {
    let size = at_most(39.6, x.abs());
    let quotient = exact_product(size, FRAC_1_SQRT_2);
    let low = quotient.low + size * FRAC_1_SQRT_2_REST;
    let rest = complement(Sum { low, ..quotient }, half_square(x));
    let left = scale(rest.mantissa, rest.k - 1.0);
    select(x > 0.0, 1.0 - left, left)
}
