//! Putting generated text into a page that people write.

/// The line before the generated part of a page.
const BEGIN: &str = "<!-- table:begin -->";
/// The line after it.
const END: &str = "<!-- table:end -->";

/// The page with `table` in place of what stood between the markers, or `None`
/// if the two are not there in order.
pub fn splice(page: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let page = format!("Words.\n{BEGIN}\nold\n{END}\nMore words.\n");
        let once = splice(&page, "new\n").expect("the markers are there");
        assert_eq!(once, format!("Words.\n{BEGIN}\n\nnew\n\n{END}\nMore words.\n"));
        assert_eq!(splice(&once, "new\n"), Some(once));
    }

    #[test]
    fn a_page_without_markers_is_refused() {
        assert_eq!(splice("Words.", "table"), None);
        assert_eq!(splice(&format!("{END}{BEGIN}"), "table"), None);
    }
}
