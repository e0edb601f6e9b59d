//! Putting generated text into a page that people write.

/// The page with `text` in place of what stood between the markers of the region `name`, or
/// `None` if the two are not there in order.
pub fn splice(page: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{text}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let page = "Words.\n<!-- a:begin -->\nold\n<!-- a:end -->\nMore words.\n";
        let once = splice(page, "a", "new\n").expect("the markers are there");
        let expected = "Words.\n<!-- a:begin -->\n\nnew\n\n<!-- a:end -->\nMore words.\n";
        assert_eq!(once, expected);
        assert_eq!(splice(&once, "a", "new\n"), Some(once));
    }

    #[test]
    fn regions_of_other_names_stay() {
        let page = "<!-- a:begin -->\n<!-- a:end -->\n<!-- b:begin -->\nb\n<!-- b:end -->\n";
        let once = splice(page, "a", "new").expect("the markers are there");
        assert!(once.ends_with("<!-- b:begin -->\nb\n<!-- b:end -->\n"));
    }

    #[test]
    fn a_page_without_markers_is_refused() {
        assert_eq!(splice("Words.", "a", "table"), None);
        assert_eq!(splice("<!-- a:end --><!-- a:begin -->", "a", "table"), None);
    }
}
