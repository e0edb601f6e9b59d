//! Angles whose sine, cosine or tangent is known.

use super::parts::{Sum, fast_sum, polynomial, quotient_sum, select, upper_bits};

/// (arctan t − t)/t³ of t² on |t| ≤ 7/16
/// (`tests/reference/fit.py ATAN`, error 2^-56.77).
const ATAN: [f64; 11] = [
    -0.333_333_333_333_329_26,
    0.199_999_999_998_756_5,
    -0.142_857_142_724_316_7,
    0.111_111_104_023_097_91,
    -0.090_908_870_527_930_47,
    0.076_918_749_202_993_2,
    -0.066_610_600_081_062_04,
    0.058_334_840_539_730_64,
    -0.049_765_280_313_423_914,
    0.036_523_543_330_785_59,
    -0.016_277_875_605_520_346,
];

/// (arcsin t − t)/t³ of t² on |t| ≤ 1/2
/// (`tests/reference/fit.py ASIN`, error 2^-59.09).
const ASIN: [f64; 13] = [
    0.166_666_666_666_667_63,
    0.074_999_999_999_702_51,
    0.044_642_857_175_131_535,
    0.030_381_942_683_049_4,
    0.022_372_215_677_815_197,
    0.017_351_599_750_090_57,
    0.013_980_965_868_903_092,
    0.011_397_737_287_534_843,
    0.010_786_759_823_029_932,
    0.003_682_119_935_613_942,
    0.021_765_860_103_663_544,
    -0.021_080_792_534_744_937,
    0.032_679_173_965_656_3,
];

/// π/4, of which small multiples are exact, and the rest (mpmath: `float(pi/4 - QUARTER_PI)`).
const QUARTER_PI: f64 = std::f64::consts::FRAC_PI_4;
const QUARTER_PI_REST: f64 = 3.061_616_997_868_383e-17;

/// `quarters`·π/4 + sign·(high + low), where high is at most the first term or that is 0.
#[inline(always)]
fn turned(quarters: f64, sign: f64, angle: Sum) -> f64 {
    let sum = fast_sum(quarters * QUARTER_PI, sign * angle.high);
    sum.high + (sum.low + (quarters * QUARTER_PI_REST + sign * angle.low))
}

/// The angle between the longer axis and a point, for coordinates 0 ≤ shorter ≤ longer: the
/// quarters of π to add to it, and the angle from there, below π/8 either way.
#[inline(always)]
fn angle(shorter: f64, longer: f64) -> (f64, Sum) {
    // Above tan(π/8), measured from the diagonal.
    let steep = shorter > longer * 0.414_213_562_373_095_05;
    let more = fast_sum(longer, shorter);
    let less = fast_sum(longer, -shorter);
    let numerator =
        Sum { high: select(steep, -less.high, shorter), low: select(steep, -less.low, 0.0) };
    let denominator =
        Sum { high: select(steep, more.high, longer), low: select(steep, more.low, 0.0) };
    let tangent = quotient_sum(numerator, denominator);
    let rounded = tangent.high + tangent.low;
    let square = rounded * rounded;
    let tail = rounded * square * polynomial(square, &ATAN);
    let low = tangent.low + tail;
    (select(steep, 1.0, 0.0), Sum { high: tangent.high, low })
}

/// arctan x
#[inline(always)]
pub(super) fn atan(x: f64) -> f64 {
    let size = x.abs();
    // Beyond 2⁶⁴ it is π/2 to the last bit.
    let size = select(size > 18_446_744_073_709_551_616.0, 18_446_744_073_709_551_616.0, size);
    let beyond = size > 1.0;
    let (quarters, angle) = angle(select(beyond, 1.0, size), select(beyond, size, 1.0));
    let quarters = select(beyond, 2.0 - quarters, quarters);
    turned(quarters, select(beyond, -1.0, 1.0), angle).copysign(x)
}

/// Coordinates that are neither huge nor tiny, or one of them is 0.
#[inline(always)]
pub(super) fn inside(y: f64, x: f64) -> bool {
    let (smallest, largest) = (3.872_591_914_849_318_3e-121, 2.582_249_878_086_908_6e120);
    let (x, y) = (x.abs(), y.abs());
    let x_is_fine = (smallest..=largest).contains(&x);
    let y_is_fine = (smallest..=largest).contains(&y);
    (x_is_fine & y_is_fine) | (x_is_fine & (y == 0.0)) | (y_is_fine & (x == 0.0))
}

/// The angle of the point (x, y)
#[inline(always)]
pub(super) fn atan2(y: f64, x: f64) -> f64 {
    let (width, height) = (x.abs(), y.abs());
    let high = height > width;
    let (quarters, angle) = angle(select(high, width, height), select(high, height, width));
    let quarters = select(high, 2.0 - quarters, quarters);
    let sign = select(high, -1.0, 1.0);
    let left = x < 0.0;
    let quarters = select(left, 4.0 - quarters, quarters);
    turned(quarters, select(left, -sign, sign), angle).copysign(y)
}

/// arcsin |x| as it is for |x| ≤ ½, and half the arccos |x| elsewhere: asin √((1 − |x|)/2).
#[inline(always)]
fn small_arcsine(size: f64) -> Sum {
    let near_one = size > 0.5;
    let square = select(near_one, (1.0 - size) * 0.5, size * size);
    let root = square.sqrt();
    // The root in two parts, the square of the upper one being exact.
    let upper = upper_bits(root);
    let rest = (square - upper * upper) / select(square == 0.0, 1.0, root + upper);
    let high = select(near_one, upper, size);
    let low = select(near_one, rest, 0.0);
    let sine = select(near_one, root, size);
    Sum { high, low: low + sine * square * polynomial(square, &ASIN) }
}

/// arcsin x
#[inline(always)]
pub(super) fn asin(x: f64) -> f64 {
    let size = x.abs();
    let near_one = size > 0.5;
    let angle = small_arcsine(size);
    let (quarters, factor) = (select(near_one, 2.0, 0.0), select(near_one, -2.0, 1.0));
    turned(quarters, factor, angle).copysign(x)
}

/// arccos x
#[inline(always)]
pub(super) fn acos(x: f64) -> f64 {
    let size = x.abs();
    let near_one = size > 0.5;
    let angle = small_arcsine(size);
    let left = x < 0.0;
    let quarters = select(near_one, select(left, 4.0, 0.0), 2.0);
    let factor = select(near_one, 2.0, 1.0);
    turned(quarters, select(left == near_one, -factor, factor), angle)
}
