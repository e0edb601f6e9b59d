//! `NAME=VALUE` as it is written, before the expression is known.

use super::failure::Failure;
use wengert_cli::shorten;

/// The name and the text of its value.
pub(super) fn take_apart(argument: &str) -> Result<(&str, &str), Failure> {
    let Some((name, text)) = argument.split_once('=') else {
        let argument = shorten(argument);
        let message =
            format!("`{argument}` is no value of an input: write `NAME=VALUE`, without blanks");
        return Err(Failure::Usage(message));
    };
    Ok((name.trim(), text.trim()))
}

/// The inputs that are given lists, and how many numbers each has.
pub(super) fn vectors(arguments: &[String]) -> Result<Vec<(&str, usize)>, Failure> {
    let mut vectors = Vec::new();
    for argument in arguments {
        let Some((name, text)) = argument.split_once('=') else { continue };
        match items(text.trim()) {
            Some(items) if items.is_empty() => {
                let name = shorten(name.trim());
                let message = format!("`{name}` has no numbers in its list: `{name}=[1, 2, 3]`");
                return Err(Failure::Usage(message));
            }
            Some(items) => vectors.push((name.trim(), items.len())),
            None => {}
        }
    }
    Ok(vectors)
}

/// The texts between the commas of a list, if it is one.
pub(super) fn items(text: &str) -> Option<Vec<&str>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if inner.trim().is_empty() {
        return Some(Vec::new());
    }
    let mut depth = 0_usize;
    let is_comma = |character: char| {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    Some(inner.split(is_comma).map(str::trim).collect())
}
