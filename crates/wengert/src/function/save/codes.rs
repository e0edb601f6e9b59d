//! The numbers by which saved functions name operations and comparisons.
//!
//! They never change: a new operation gets the next number, and that of an operation that is
//! gone is not used again.

use crate::function::opcode::Opcode;
use crate::ops::Comparison;

/// Every operation.
const OPERATIONS: &[(u64, Opcode)] = &[
    (0, Opcode::Neg),
    (1, Opcode::Recip),
    (2, Opcode::Sqrt),
    (3, Opcode::Cbrt),
    (4, Opcode::Exp),
    (5, Opcode::Exp2),
    (6, Opcode::ExpM1),
    (7, Opcode::Ln),
    (8, Opcode::Ln1p),
    (9, Opcode::Log2),
    (10, Opcode::Log10),
    (11, Opcode::Sin),
    (12, Opcode::Cos),
    (13, Opcode::Tan),
    (14, Opcode::Asin),
    (15, Opcode::Acos),
    (16, Opcode::Atan),
    (17, Opcode::Sinh),
    (18, Opcode::Cosh),
    (19, Opcode::Tanh),
    (20, Opcode::Asinh),
    (21, Opcode::Acosh),
    (22, Opcode::Atanh),
    (23, Opcode::Abs),
    (24, Opcode::Signum),
    (25, Opcode::Floor),
    (26, Opcode::Ceil),
    (27, Opcode::Round),
    (28, Opcode::Trunc),
    (29, Opcode::Fract),
    (30, Opcode::Relu),
    (31, Opcode::Sigmoid),
    (32, Opcode::Softplus),
    (33, Opcode::Silu),
    (34, Opcode::Gelu),
    (35, Opcode::Erf),
    (36, Opcode::Erfc),
    (37, Opcode::Lgamma),
    (38, Opcode::Digamma),
    (39, Opcode::NormalPdf),
    (40, Opcode::NormalCdf),
    (41, Opcode::Square),
    (42, Opcode::Powi),
    (43, Opcode::Add),
    (44, Opcode::Sub),
    (45, Opcode::Mul),
    (46, Opcode::Div),
    (47, Opcode::Rem),
    (48, Opcode::Pow),
    (49, Opcode::Hypot),
    (50, Opcode::Log),
    (51, Opcode::Atan2),
    (52, Opcode::Max),
    (53, Opcode::Min),
    (54, Opcode::Copysign),
    (55, Opcode::LeakyRelu),
    (56, Opcode::MulAdd),
    (57, Opcode::Clamp),
    (58, Opcode::Sum),
    (59, Opcode::Product),
    (60, Opcode::Mean),
    (61, Opcode::Dot),
    (62, Opcode::SquaredNorm),
    (63, Opcode::Norm),
    (64, Opcode::Horner),
    (65, Opcode::SelectLess),
    (66, Opcode::SelectLessOrEqual),
    (67, Opcode::SelectEqual),
    (68, Opcode::LogSumExp),
    (69, Opcode::Products),
    (70, Opcode::Log1mExp),
    (71, Opcode::LogSigmoid),
    (72, Opcode::LogCosh),
    (73, Opcode::Xlogy),
    (74, Opcode::Xlog1py),
    (75, Opcode::LogAddExp),
    (76, Opcode::LogDiffExp),
    (77, Opcode::Sinc),
    (78, Opcode::Erfcx),
    (79, Opcode::ErfInv),
    (80, Opcode::LogNormalCdf),
    (81, Opcode::NormalQuantile),
    (82, Opcode::LogBeta),
    (83, Opcode::Chain),
    (84, Opcode::Derivative),
    (85, Opcode::GammaP),
    (86, Opcode::GammaQ),
    (87, Opcode::BetaInc),
    (88, Opcode::Call),
    (89, Opcode::Output),
    (90, Opcode::Chains),
];

/// Every comparison, with its name in a format for people.
const COMPARISONS: [(u64, Comparison, &str); Comparison::ALL.len()] = [
    (0, Comparison::Less, "less"),
    (1, Comparison::LessOrEqual, "less_or_equal"),
    (2, Comparison::Equal, "equal"),
    (3, Comparison::Order, "order"),
    (4, Comparison::IsZero, "is_zero"),
    (5, Comparison::Sign, "sign"),
    (6, Comparison::Class, "class"),
    (7, Comparison::Integer, "integer"),
    (8, Comparison::Number, "number"),
    (9, Comparison::IsNan, "is_nan"),
    (10, Comparison::IsFinite, "is_finite"),
    (11, Comparison::IsInfinite, "is_infinite"),
    (12, Comparison::IsNormal, "is_normal"),
];

/// The number of each operation, by its position among them all.
const CODES: [u64; Opcode::ALL.len()] = {
    // What is missing in the table stays so, and a test finds it.
    let mut codes = [u64::MAX; Opcode::ALL.len()];
    let mut row = 0;
    while row < OPERATIONS.len() {
        codes[OPERATIONS[row].1 as usize] = OPERATIONS[row].0;
        row += 1;
    }
    codes
};

/// The number of an operation.
pub(super) const fn code(opcode: Opcode) -> u64 {
    CODES[opcode as usize]
}

/// The operation of a number.
pub(super) fn operation(code: u64) -> Option<Opcode> {
    OPERATIONS.iter().find(|row| row.0 == code).map(|row| row.1)
}

/// The operation of a name.
pub(super) fn operation_named(name: &str) -> Option<Opcode> {
    Opcode::ALL.iter().copied().find(|opcode| opcode.name() == name)
}

/// The number of a comparison.
pub(super) fn comparison_code(asked: Comparison) -> u64 {
    let row = COMPARISONS.iter().find(|row| row.1 == asked);
    row.expect("every comparison has a row").0
}

/// The comparison of a number.
pub(super) fn comparison(code: u64) -> Option<Comparison> {
    COMPARISONS.iter().find(|row| row.0 == code).map(|row| row.1)
}

/// The name of a comparison.
pub(super) fn comparison_name(code: u64) -> Option<&'static str> {
    COMPARISONS.iter().find(|row| row.0 == code).map(|row| row.2)
}

/// The number of the comparison of a name.
pub(super) fn comparison_named(name: &str) -> Option<u64> {
    COMPARISONS.iter().find(|row| row.2 == name).map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What files of version 1 mean by each number. Lines are added here, never changed.
    const OPERATIONS_OF_FILES: &str = "\
        0 neg, 1 recip, 2 sqrt, 3 cbrt, 4 exp, 5 exp2, 6 exp_m1, 7 ln, 8 ln_1p, 9 log2, \
        10 log10, 11 sin, 12 cos, 13 tan, 14 asin, 15 acos, 16 atan, 17 sinh, 18 cosh, \
        19 tanh, 20 asinh, 21 acosh, 22 atanh, 23 abs, 24 signum, 25 floor, 26 ceil, \
        27 round, 28 trunc, 29 fract, 30 relu, 31 sigmoid, 32 softplus, 33 silu, 34 gelu, \
        35 erf, 36 erfc, 37 lgamma, 38 digamma, 39 normal_pdf, 40 normal_cdf, 41 square, \
        42 powi, 43 add, 44 sub, 45 mul, 46 div, 47 rem, 48 pow, 49 hypot, 50 log, \
        51 atan2, 52 max, 53 min, 54 copysign, 55 leaky_relu, 56 mul_add, 57 clamp, \
        58 sum, 59 product, 60 mean, 61 dot, 62 squared_norm, 63 norm, 64 horner, \
        65 select_less, 66 select_less_or_equal, 67 select_equal, 68 log_sum_exp, \
        69 products, 70 log1mexp, 71 log_sigmoid, 72 log_cosh, 73 xlogy, 74 xlog1py, \
        75 log_add_exp, 76 log_diff_exp, 77 sinc, 78 erfcx, 79 erf_inv, 80 log_normal_cdf, \
        81 normal_quantile, 82 log_beta, 83 chain, 84 derivative, 85 gamma_p, \
        86 gamma_q, 87 beta_inc, 88 call, 89 output, 90 chains";
    const COMPARISONS_OF_FILES: &str = "0 less, 1 less_or_equal, 2 equal, 3 order, 4 is_zero, \
        5 sign, 6 class, 7 integer, 8 number, 9 is_nan, 10 is_finite, 11 is_infinite, 12 is_normal";

    #[test]
    fn codes_stay_what_they_are() {
        let rows = OPERATIONS.iter().map(|row| format!("{} {}", row.0, row.1.name()));
        assert_eq!(rows.collect::<Vec<_>>().join(", "), OPERATIONS_OF_FILES);
        let rows = COMPARISONS.iter().map(|row| format!("{} {}", row.0, row.2));
        assert_eq!(rows.collect::<Vec<_>>().join(", "), COMPARISONS_OF_FILES);
    }

    #[test]
    fn every_operation_has_a_code_and_a_name_of_its_own() {
        assert_eq!(OPERATIONS.len(), Opcode::ALL.len());
        for &opcode in Opcode::ALL {
            assert_eq!(operation(code(opcode)), Some(opcode));
            assert_eq!(operation_named(opcode.name()), Some(opcode));
        }
        assert_eq!(operation(OPERATIONS.len() as u64), None);
        assert_eq!(operation(u64::MAX), None);
    }

    #[test]
    fn every_comparison_has_a_code_and_a_name_of_its_own() {
        for asked in Comparison::ALL {
            let code = comparison_code(asked);
            assert_eq!(comparison(code), Some(asked));
            assert_eq!(comparison_name(code).and_then(comparison_named), Some(code));
        }
        assert_eq!(comparison(13), None);
    }
}
