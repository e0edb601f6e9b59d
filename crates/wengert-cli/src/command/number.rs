//! Numbers for reading: significant digits, no zeros behind them, points below each other.

/// A number with so many significant digits, in fixed point where that is short.
pub(crate) fn significant(x: f64, digits: u8) -> String {
    if x == 0.0 {
        // Of zeros, the sign is noise here.
        return "0".to_owned();
    }
    if !x.is_finite() {
        return x.to_string();
    }
    let digits = usize::from(digits);
    let shortest = format!("{x:e}");
    let is_short = x.is_normal() && is_short(&shortest, digits);
    let rounded = if is_short { shortest } else { format!("{:.*e}", digits - 1, x) };
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let most = i32::try_from(digits).unwrap_or(i32::MAX).max(6);
    if (-5..=most).contains(&exponent) {
        if is_short {
            return x.to_string();
        }
        let decimals = (digits as i32 - 1 - exponent).max(0);
        without_zeros(&format!("{:.*}", decimals as usize, x)).to_owned()
    } else {
        format!("{}e{exponent}", without_zeros(mantissa))
    }
}

/// Whether the shortest text of a normal number is its rounding to so many digits, but for zeros: of
/// up to 15 digits, there is no other number so near.
///
/// PERF: columns are full of short numbers, of which digits behind the last are found slowly.
fn is_short(shortest: &str, digits: usize) -> bool {
    let mantissa = shortest.bytes().take_while(|&byte| byte != b'e');
    digits <= 15 && mantissa.filter(u8::is_ascii_digit).count() <= digits
}

fn without_zeros(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// Numbers of one column, all of the same width, with their points below each other.
pub(crate) fn column(numbers: impl IntoIterator<Item = f64>, digits: u8) -> Vec<String> {
    let texts = numbers.into_iter().map(|number| significant(number, digits));
    let texts: Vec<String> = texts.collect();
    let point = |text: &String| text.find(['.', 'e']).unwrap_or(text.len());
    let before = texts.iter().map(point).max().unwrap_or(0);
    let behind = texts.iter().map(|text| text.len() - point(text)).max().unwrap_or(0);
    let width = before + behind;
    let align =
        |text: &String| format!("{:<width$}", format!("{:>1$}{text}", "", before - point(text)));
    texts.iter().map(align).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_significant() {
        let cases = [
            (0.1 + 0.2, 6, "0.3"),
            (0.1 + 0.2, 17, "0.30000000000000004"),
            (-1.499_943_970_1, 6, "-1.49994"),
            (1_234_567.0, 6, "1234567"),
            (12_345_678.0, 6, "1.23457e7"),
            (9.999_999_9, 3, "10"),
            (1.5e-5, 6, "0.000015"),
            (1.5e-6, 6, "1.5e-6"),
            (5e-324, 6, "4.94066e-324"),
            (-0.0, 6, "0"),
            (f64::NAN, 6, "NaN"),
            (f64::NEG_INFINITY, 6, "-inf"),
        ];
        for (x, digits, text) in cases {
            assert_eq!(significant(x, digits), text);
        }
    }

    /// Numbers of every length have the digits that exact rounding gives.
    #[test]
    fn short_numbers_are_those_that_are_rounded() {
        let mut state = 1_u64;
        let mut next = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        for _ in 0..20_000 {
            let length = 1 + next(9) as u32;
            let mantissa = next(10_u64.pow(length));
            let text = format!("{mantissa}e{}", next(330) as i32 - 320);
            let x: f64 = text.parse().expect("a number");
            for digits in [6, 12, 15, 17] {
                let shown: f64 = significant(x, digits).parse().expect("a number");
                let exact = format!("{:.*e}", usize::from(digits) - 1, x);
                let exact: f64 = exact.parse().expect("a number");
                // In fixed point, up to a million has all its digits.
                let is_whole = digits == 6 && (1e6..1e7).contains(&x);
                assert!(is_whole || shown.to_bits() == exact.to_bits(), "{text} to {digits}");
            }
        }
        // The shortest text of 2⁻¹⁰⁷⁴ has one digit, and none of those behind it is 0.
        assert_eq!(significant(5e-324, 3), "4.94e-324");
    }

    #[test]
    fn points_stand_below_each_other() {
        assert_eq!(column([1.0, -10.25, 0.125], 6), ["  1    ", "-10.25 ", "  0.125"]);
    }
}
