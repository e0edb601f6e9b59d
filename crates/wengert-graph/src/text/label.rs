//! Labels are shown, never run: what users wrote becomes text in each format.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with everything visible: line breaks, other control characters and those that
/// reorder text are written as Rust escapes, so that a label stays on its line and reads from
/// left to right.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Control characters, line and paragraph separators, bidirectional controls, and the code
/// points that XML forbids.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The text with at most so many characters, the last of them `…` where it was longer.
pub(crate) fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit.saturating_sub(1)) {
        Some((end, last)) if end + last.len_utf8() < text.len() => {
            Cow::Owned(format!("{}…", &text[..end]))
        }
        _ => Cow::Borrowed(text),
    }
}

/// As text or an attribute's value of XML and HTML.
pub(crate) fn xml(text: &str) -> String {
    escaped(&visible(text), |out, c| match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    })
}

/// Within the quotes of a DOT string, as one field of a record.
pub(crate) fn dot_record(text: &str) -> String {
    escaped(&visible(text), |out, c| match c {
        // A record takes these for its own; the backslash goes through the string first.
        '{' | '}' | '|' | '<' | '>' | ' ' => out.extend(['\\', c]),
        // Twice for the record, and each of them twice for the string's own escapes.
        '\\' => out.push_str("\\\\"),
        _ => dot_character(out, c),
    })
}

/// Within the quotes of a DOT string, as a plain label.
pub(crate) fn dot(text: &str) -> String {
    escaped(&visible(text), |out, c| match c {
        '\\' => out.push_str("\\\\"),
        _ => dot_character(out, c),
    })
}

/// Graphviz reads HTML entities in all its labels, so an ampersand must be one.
fn dot_character(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '&' => out.push_str("&amp;"),
        _ => out.push(c),
    }
}

/// Within the quotes of a Mermaid label: all but letters, digits and the plainest signs as
/// entities, since Mermaid reads Markdown and HTML there.
pub(crate) fn mermaid(text: &str) -> String {
    escaped(&visible(text), |out, c| {
        if c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '/' | '+' | '=' | '(' | ')') {
            out.push(c);
        } else {
            write!(out, "#{};", u32::from(c)).expect("a string takes all that is written");
        }
    })
}

/// Within YAML's quotes above a Mermaid chart. Mermaid decodes no entities in a title, and takes
/// out of it what looks like a tag: so angle brackets are written as their wide forms.
pub(crate) fn mermaid_title(text: &str) -> String {
    escaped(&visible(text), |out, c| match c {
        '\\' | '"' => out.extend(['\\', c]),
        '<' => out.push('＜'),
        '>' => out.push('＞'),
        _ => out.push(c),
    })
}

fn escaped(text: &str, write: impl Fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| write(&mut out, c));
    out
}

#[cfg(test)]
mod tests {
    use super::{dot, dot_record, mermaid, mermaid_title, shortened, visible, xml};

    #[test]
    fn what_cannot_be_seen_is_spelt_out() {
        assert_eq!(visible("plain ∂ 重み"), "plain ∂ 重み");
        assert_eq!(visible("a\nb\0c\u{202e}d\u{ffff}"), "a\\nb\\u{0}c\\u{202e}d\\u{ffff}");
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äö…");
        assert_eq!(shortened("", 3), "");
    }

    #[test]
    fn xml_has_no_markup_left() {
        assert_eq!(xml("<script>'&\""), "&lt;script&gt;&#39;&amp;&quot;");
    }

    #[test]
    fn dot_has_no_fields_or_entities_left() {
        assert_eq!(dot_record(r#"a|{b}<c>"&"#), r#"a\|\{b\}\<c\>\"&amp;"#);
        assert_eq!(dot("a|\\n"), r"a|\\n");
    }

    #[test]
    fn mermaid_has_no_syntax_left() {
        assert_eq!(mermaid("w_1[\"x\"]`"), "w#95;1#91;#34;x#34;#93;#96;");
    }

    #[test]
    fn a_title_of_mermaid_has_no_tags_left_and_stays_in_its_quotes() {
        assert_eq!(mermaid_title("a < b, <script>"), "a ＜ b, ＜script＞");
        assert_eq!(mermaid_title("\"q\"\\\n"), r#"\"q\"\\\\n"#);
    }
}
