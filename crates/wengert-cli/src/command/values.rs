//! The values of inputs: `x=2`, matched with the names that an expression has.

use super::failure::Failure;
use super::source::Source;
use std::collections::HashMap;
use wengert_cli::{Program, shorten};

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
    pub(crate) fn new(arguments: &'a [String], program: &Program) -> Result<Self, Failure> {
        let mut given: Vec<Given<'a>> = Vec::with_capacity(arguments.len());
        let mut seen: HashMap<&str, &str> = HashMap::new();
        let positions = positions(program);
        for argument in arguments {
            let (name, text) = take_apart(argument)?;
            let Some(&input) = positions.get(name) else {
                return Err(Failure::Usage(not_an_input(name, program)));
            };
            if let Some(first) = seen.insert(name, text) {
                let [name, first, text] = [name, first, text].map(shorten);
                let message = format!("`{name}` is given twice: `{first}` and `{text}`");
                return Err(Failure::Usage(message));
            }
            given.push(Given { name, text, input });
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
        Err(Failure::Usage(message))
    }

    /// Each of them, in the order in which they were given.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Given<'a>> {
        self.given.iter()
    }
}

/// The position of each input.
fn positions(program: &Program) -> HashMap<&str, usize> {
    program.inputs().iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect()
}

/// The name and the text of its value.
fn take_apart(argument: &str) -> Result<(&str, &str), Failure> {
    let Some((name, text)) = argument.split_once('=') else {
        let argument = shorten(argument);
        let message = format!("`{argument}` is no value of an input: write `NAME=VALUE`");
        return Err(Failure::Usage(message));
    };
    Ok((name.trim(), text.trim()))
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
        _ => format!("`{name}` is given a value, but the inputs are {}", list(&inputs)),
    }
}

fn is_constant(name: &str) -> bool {
    Program::parse(name).is_ok_and(|program| program.inputs().is_empty())
}

/// Names for a sentence, of which there may be many.
fn list(names: &[&str]) -> String {
    const MOST: usize = 10;
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
        let message = format!("`{name}` has no value behind `=`: give a number, `{name}=2`");
        return Err(Failure::Usage(message));
    }
    if let Ok(number) = text.trim().parse() {
        return Ok(number);
    }
    let source = Source::parse(text.to_owned(), format!("value of {}", shorten(name)))?;
    if let Some(input) = source.program.inputs().first() {
        let [name, text, input] = [name, text, input].map(shorten);
        let message = format!("the value of `{name}` is `{text}`, but `{input}` is no number");
        return Err(Failure::Usage(message));
    }
    let value = source.program.record(&[]).map(|recorded| recorded.output().value());
    value.map_err(|error| source.failure(error))
}
