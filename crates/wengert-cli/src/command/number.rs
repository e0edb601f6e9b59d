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
    let rounded = format!("{:.*e}", digits - 1, x);
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let most = i32::try_from(digits).unwrap_or(i32::MAX).max(6);
    if (-5..=most).contains(&exponent) {
        let decimals = (digits as i32 - 1 - exponent).max(0);
        without_zeros(&format!("{:.*}", decimals as usize, x)).to_owned()
    } else {
        format!("{}e{exponent}", without_zeros(mantissa))
    }
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

    #[test]
    fn points_stand_below_each_other() {
        assert_eq!(column([1.0, -10.25, 0.125], 6), ["  1    ", "-10.25 ", "  0.125"]);
    }
}
