//! How wide a text will be, without the font at hand.

use unicode_width::UnicodeWidthChar;

/// The advance widths of the characters from space to `~` in DejaVu Sans, in hundredths of the
/// font's size: the font that comes with the PNG feature, and the widest of those that pictures
/// ask for, so that a text set in another one has room to spare.
const ADVANCES: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// The bold font's digits and letters are about a tenth wider.
pub(crate) const BOLD: f64 = 1.12;

/// The width of a text set in the regular font at some size, in the units of that size.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| f64::from(advance(c))).sum::<f64>() * size / 100.0
}

fn advance(c: char) -> u8 {
    let place = (c as usize).checked_sub(0x20);
    let known = place.and_then(|place| ADVANCES.get(place)).copied();
    // Of other characters, those that fill two cells of a terminal are as wide as high.
    known.unwrap_or(match c.width() {
        Some(0) => 0,
        Some(2) => 105,
        _ => 80,
    })
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn widths_add_up() {
        assert_eq!(width("", 10.0), 0.0);
        assert_eq!(width("00", 10.0), 12.8);
        assert!(width("重み", 10.0) >= 20.0);
        assert_eq!(width("e\u{301}", 10.0), width("e", 10.0));
    }
}
