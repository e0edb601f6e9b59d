//! The values of inputs: `x=2`, matched with the names that an expression has.

use super::arguments::{items, take_apart};
use super::failure::Failure;
use super::source::Source;
use std::collections::HashMap;
use wengert_cli::{Function, Program, shorten};

/// Texts of values and their inputs, in the order in which they were given.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    given: Vec<Given<'a>>,
}

/// One `NAME=VALUE`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
    /// The position of the input in the program.
    pub(crate) input: usize,
}

impl<'a> Values<'a> {
    /// Takes arguments apart, and finds a value for each input and an input for each value.
    pub(crate) fn new(arguments: &'a [String], program: &'a Program) -> Result<Self, Failure> {
        let mut given: Vec<Given<'a>> = Vec::with_capacity(arguments.len());
        let mut seen: HashMap<&str, &str> = HashMap::new();
        let positions = positions(program);
        for argument in arguments {
            let (name, text) = take_apart(argument)?;
            check_alone(name, text)?;
            let components = items(text).unwrap_or_default();
            let first = format!("{name}[1]");
            let first = if components.is_empty() { name } else { &first };
            let Some(&input) = positions.get(first) else {
                return Err(Failure::Usage(not_an_input(name, program)));
            };
            if let Some(before) = seen.insert(name, text) {
                let [name, before, text] = [name, before, text].map(shorten);
                let message = format!("`{name}` is given twice: `{before}` and `{text}`");
                return Err(Failure::Usage(message));
            }
            // The components of a vector are inputs that follow each other.
            let texts = if components.is_empty() { vec![text] } else { components };
            given.extend((input..).zip(texts).map(|(input, text)| {
                let name = program.inputs()[input].as_str();
                Given { name, text, input }
            }));
        }
        let values = Self { given };
        values.check_complete(program)?;
        Ok(values)
    }

    fn check_complete(&self, program: &Program) -> Result<(), Failure> {
        let mut is_given = vec![false; program.inputs().len()];
        self.given.iter().for_each(|given| is_given[given.input] = true);
        let names = program.inputs().iter().zip(is_given).filter(|(_, given)| !given);
        let missing: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let (names, example) = (list(&missing), shorten(missing[0]));
        let message = format!("no value for {names}: give it behind the expression, `{example}=2`");
        Err(Failure::Usage(message + &hint(&missing, program)))
    }

    /// Each of them, in the order in which they were given.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Given<'a>> {
        self.given.iter()
    }
}

/// What one of the names that [`list`] tells was perhaps meant to be.
fn hint(names: &[&str], program: &Program) -> String {
    names.iter().take(MOST).find_map(|name| mistaken(name, program)).unwrap_or_default()
}

/// What a name without a value was perhaps meant to be.
fn mistaken(name: &str, program: &Program) -> Option<String> {
    let inputs = program.inputs();
    let is_input = |letter: char| inputs.iter().any(|input| input.chars().eq([letter]));
    if Function::named(name).is_some() {
        return Some(format!("; as a function, it is `{name}(…)`"));
    }
    if name == "d" && inputs.iter().any(|input| input.len() > 1 && input.starts_with('d')) {
        return Some("; derivatives are told by themselves, without `d/dx`".to_owned());
    }
    let letters: Vec<String> = name.chars().take(5).map(String::from).collect();
    let is_product = (2..=4).contains(&letters.len()) && name.chars().all(is_input);
    is_product.then(|| format!("; a product is `{}`", letters.join("*")))
}

/// The position of each input.
fn positions(program: &Program) -> HashMap<&str, usize> {
    program.inputs().iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect()
}

/// Why a name can have no value.
fn not_an_input(name: &str, program: &Program) -> String {
    let shown = shorten(name);
    if program.definitions().iter().any(|definition| definition.name() == name) {
        return format!("`{shown}` is given a value, but the expression defines it");
    }
    if is_constant(name) {
        return format!("`{shown}` is given a value, but it is a constant: take another name");
    }
    let (name, inputs) = (shown, program.inputs());
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    match inputs.as_slice() {
        [] => format!("`{name}` is given a value, but the expression has no inputs"),
        _ => {
            let (listed, hint) = (list(&inputs), hint(&inputs, program));
            format!("`{name}` is given a value, but the inputs are {listed}{hint}")
        }
    }
}

fn is_constant(name: &str) -> bool {
    Program::parse(name).is_ok_and(|program| program.inputs().is_empty())
}

/// How many names a sentence has.
const MOST: usize = 10;

/// Names for a sentence, of which there may be many.
fn list(names: &[&str]) -> String {
    let quoted = |name: &&str| format!("`{}`", shorten(name));
    let quoted: Vec<String> = names.iter().take(MOST).map(quoted).collect();
    match names.len() {
        0..=MOST => quoted.join(", "),
        more => format!("{} and {} more", quoted.join(", "), more - MOST),
    }
}

/// The number that a text stands for: a literal, or an expression of constants. It may be NaN or
/// infinite: then one wants to see what comes of it.
pub(crate) fn number(name: &str, text: &str) -> Result<f64, Failure> {
    if text.trim().is_empty() {
        let name = shorten(name);
        let message = match name.ends_with(']') {
            true => format!("`{name}` has no value between the commas of the list"),
            false => format!("`{name}` has no value behind `=`: give a number, `{name}=2`"),
        };
        return Err(Failure::Usage(message));
    }
    if let Ok(number) = text.trim().parse() {
        return Ok(number);
    }
    if let Some(hint) = misspelled(name, text) {
        let [name, text] = [name, text].map(shorten);
        return Err(Failure::Usage(format!("the value of `{name}` is `{text}`, {hint}")));
    }
    let source = Source::parse(text.to_owned(), format!("value of {}", shorten(name)), &[])?;
    if let Some(input) = source.program.inputs().first() {
        let [name, text, input] = [name, text, input].map(shorten);
        let message = format!("the value of `{name}` is `{text}`, but `{input}` is no number");
        return Err(Failure::Usage(message));
    }
    if source.program.is_list() {
        let [name, text] = [name, text].map(shorten);
        let message = format!("the value of `{name}` is `{text}`, which is not one number");
        return Err(Failure::Usage(message));
    }
    let value = source.program.record(&[]).map(|recorded| recorded.output().value());
    value.map_err(|error| source.failure(error))
}

/// Checks that what is given is one value: `x=2,y=3` are two.
fn check_alone(name: &str, text: &str) -> Result<(), Failure> {
    if let Some((value, rest)) = text.split_once([',', ';'])
        && let Some((other, _)) = rest.split_once('=')
    {
        let [name, text] = [name, text].map(shorten);
        let [value, other] = [value, other].map(|text| shorten(text.trim()));
        return Err(Failure::Usage(format!(
            "the value of `{name}` is `{text}`, but values are parted by blanks: \
             `{name}={value} {other}=…`"
        )));
    }
    Ok(())
}

/// What is wrong with a value that is written as elsewhere.
fn misspelled(name: &str, text: &str) -> Option<String> {
    let name = shorten(name);
    if text.contains("..") {
        return Some(format!("a range, which `wengert table` takes: `{name}=0..1..0.01`"));
    }
    if text.contains(':') {
        let example = format!("`{name}=0..1..0.1` is from 0 to 1 by steps of 0.1");
        return Some(format!("but a range has points, for `wengert table`: {example}"));
    }
    let parts: Vec<&str> = text.split(',').collect();
    match parts.as_slice() {
        [whole, fraction] if [whole, fraction].iter().all(|part| is_digits(part)) => {
            Some(format!("but a decimal point is a point: `{name}={whole}.{fraction}`"))
        }
        [_, _, ..] if parts.iter().all(|part| part.trim().parse::<f64>().is_ok()) => {
            Some(format!("but a vector stands in square brackets: `{name}=[1, 2, 3]`"))
        }
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    let text = text.trim_start_matches('-');
    (1..20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
