//! Numbers with as many digits as a reader wants: four behind the point while they fit.

/// Four digits behind the point; two for thousands; five digits and an exponent where a fixed
/// point would hide the number or break the column. A zero of either sign is `0`.
pub(crate) fn number(x: f64) -> String {
    match x.abs() {
        0.0 => "0".to_owned(),
        m if m.is_nan() => "NaN".to_owned(),
        m if m.is_infinite() => if x > 0.0 { "inf" } else { "-inf" }.to_owned(),
        m if (0.000_95..999.999_95).contains(&m) => format!("{x:.4}"),
        m if (1.0..99_999.5).contains(&m) => format!("{x:.2}"),
        _ => format!("{x:.4e}"),
    }
}

/// The same as printed in books: with a minus as wide as a digit, and ∞.
pub(crate) fn typeset(x: f64) -> String {
    set(&number(x))
}

/// A number that somebody wrote in the program, with no more digits than it needs.
pub(crate) fn constant(x: f64) -> String {
    let exact = format!("{}", x + 0.0);
    if exact.len() <= 6 { exact } else { number(x) }
}

/// As [`constant`], as printed in books.
pub(crate) fn typeset_constant(x: f64) -> String {
    set(&constant(x))
}

fn set(number: &str) -> String {
    number.replace('-', "−").replace("inf", "∞")
}

/// A count with its thousands apart: `1 048 576`, with thin spaces.
pub(crate) fn count(n: usize) -> String {
    let digits = n.to_string();
    let (head, tail) = digits.split_at(digits.len() - digits.len() / 3 * 3);
    let groups = [head].into_iter().filter(|head| !head.is_empty()).map(str::to_owned);
    let triples = tail.as_bytes().chunks(3).map(|triple| String::from_utf8_lossy(triple).into());
    groups.chain(triples).collect::<Vec<String>>().join("\u{2009}")
}

#[cfg(test)]
mod tests {
    use super::{constant, count, number, typeset};

    #[test]
    fn digits_are_sensible() {
        let shown = [0.0, -0.0, 0.70711998743, -1.5, 999.99, 999.99999, -12345.678, 1e-9, 1e300];
        let expected = [
            "0",
            "0",
            "0.7071",
            "-1.5000",
            "999.9900",
            "1000.00",
            "-12345.68",
            "1.0000e-9",
            "1.0000e300",
        ];
        assert_eq!(shown.map(number), expected);
        assert_eq!([f64::NAN, f64::NEG_INFINITY].map(number), ["NaN", "-inf"]);
        assert_eq!([99_999.6, 0.000_96, 0.000_94].map(number), ["1.0000e5", "0.0010", "9.4000e-4"]);
    }

    #[test]
    fn typesetting_changes_signs_alone() {
        assert_eq!([-6.0, 1e-9, f64::INFINITY].map(typeset), ["−6.0000", "1.0000e−9", "∞"]);
    }

    #[test]
    fn constants_keep_their_looks() {
        assert_eq!(
            [2.0, 0.5, -3.0, 1e300, 1.0 / 3.0, -0.0].map(constant),
            ["2", "0.5", "-3", "1.0000e300", "0.3333", "0"]
        );
    }

    #[test]
    fn thousands_stand_apart() {
        let counts = [7, 999, 1000, 1_048_576].map(|n| count(n).replace('\u{2009}', "'"));
        assert_eq!(counts, ["7", "999", "1'000", "1'048'576"]);
    }
}
