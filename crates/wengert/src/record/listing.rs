//! Reading a listing back: recording what it says.

use super::Var;
use crate::error::{Error, Kind};
use crate::ops::{Op, OpKind};
use crate::scalar::{Evaluate, Scalar};
use crate::store::Tape;
use std::str::FromStr;

impl<F: Scalar + FromStr> Tape<F> {
    /// The tape that a listing describes: the inverse of the tape's `Display`.
    ///
    /// Values of inputs and constants are taken from the listing; those of operations are
    /// computed, and have to agree with the listing's where it gives one. Empty lines and lines
    /// that begin with `#` are passed over.
    ///
    /// # Errors
    /// If a line is not of the form `n2 = mul n0 n1 ; 6 "label"`, if names are out of order, an
    /// argument is no earlier node or number, the operation cannot take its arguments, or a
    /// value does not follow from them. The error names the line.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::<f64>::from_listing("n0 = input ; 3 \"x\"\nn1 = mul n0 2 ; 6\n")?;
    /// assert_eq!(tape.to_string(), "n0 = input ; 3 \"x\"\nn1 = mul n0 2 ; 6\n");
    /// let ids: Vec<_> = tape.view().ids().collect();
    /// let (x, y) = (tape.get(ids[0]).unwrap(), tape.get(ids[1]).unwrap());
    /// assert_eq!(y.gradients()[x], 2.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn from_listing(listing: &str) -> Result<Self, Error> {
        let tape = Self::default();
        let mut vars = Vec::new();
        for (line, text) in (1..).zip(listing.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let statement = Statement::read(text).and_then(|s| s.record(&tape, &vars));
            vars.push(statement.map_err(|reason| Kind::Listing { line, reason })?);
        }
        drop(vars);
        Ok(tape)
    }
}

/// One line, taken apart.
struct Statement<'l, F> {
    name: &'l str,
    kind: OpKind,
    arguments: Vec<&'l str>,
    value: Option<F>,
    label: Option<String>,
}

impl<'l, F: Scalar + FromStr> Statement<'l, F> {
    fn read(text: &'l str) -> Result<Self, String> {
        let (name, rest) = text.split_once('=').ok_or("there is no `=`")?;
        let (operation, result) = split_at_mark(rest);
        let mut words = operation.split_whitespace();
        let kind = words.next().ok_or("there is no operation behind `=`")?;
        let kind = OpKind::from_name(kind).ok_or(format!("`{kind}` is no operation"))?;
        let (value, label) = read_result(result)?;
        Ok(Self { name: name.trim(), kind, arguments: words.collect(), value, label })
    }

    fn record<'t>(&self, tape: &'t Tape<F>, vars: &[Var<'t, F>]) -> Result<Var<'t, F>, String> {
        let wanted = format!("n{}", vars.len());
        if self.name != wanted {
            return Err(format!("the next node is {wanted}, not `{}`", self.name));
        }
        let var = match self.kind {
            OpKind::Input | OpKind::Constant => self.leaf(tape)?,
            OpKind::Preaccumulated => self.preaccumulated(tape, vars)?,
            kind => {
                let arguments = self.arguments.iter().map(|word| argument(word, vars));
                let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
                Var::try_apply(kind, &arguments).map_err(|error| error.to_string())?
            }
        };
        self.check(tape, vars.len(), var)?;
        if let Some(label) = &self.label {
            var.label(label.clone());
        }
        Ok(var)
    }

    fn leaf<'t>(&self, tape: &'t Tape<F>) -> Result<Var<'t, F>, String> {
        if let Some(word) = self.arguments.first() {
            return Err(format!("`{}` takes no arguments, given `{word}`", self.kind));
        }
        let value = self.value.ok_or_else(|| format!("`{}` needs a value: `; 2`", self.kind))?;
        let leaf = match self.kind {
            OpKind::Input => tape.try_var(value),
            _ => Var::try_push(tape, Op::Constant, value),
        };
        leaf.map_err(|error| error.to_string())
    }

    /// A part of which the listing has all there is: partial derivatives, operands and the value.
    fn preaccumulated<'t>(
        &self,
        tape: &'t Tape<F>,
        vars: &[Var<'t, F>],
    ) -> Result<Var<'t, F>, String> {
        let value = self.value.ok_or("`preaccumulated` needs a value: `; 2`")?;
        let arguments = self.arguments.iter().map(|word| argument(word, vars));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let (partials, operands) = arguments.split_at(arguments.len() / 2);
        let is_right = |(partial, operand): (&Var<'t, F>, &Var<'t, F>)| {
            partial.is_constant() && !operand.is_constant()
        };
        if arguments.is_empty()
            || partials.len() != operands.len()
            || !partials.iter().zip(operands).all(is_right)
        {
            return Err("`preaccumulated` takes as many numbers as variables, the numbers first, \
                        which are the partial derivatives"
                .to_owned());
        }
        let partials = partials.iter().map(|partial| partial.value);
        let operands = operands.iter().filter_map(Var::index);
        Ok(Var::preaccumulated(tape, value, operands.zip(partials)))
    }

    /// The line has to have made one node, of the value it states.
    fn check(&self, tape: &Tape<F>, before: usize, var: Var<'_, F>) -> Result<(), String> {
        if var.is_constant() || tape.len() != before + 1 {
            return Err("this line does not make one node: give numbers lines of their own, \
                        `n0 = constant ; 2`, and write a clamp between variables as `max` and \
                        `min`"
                .to_owned());
        }
        match self.value {
            Some(stated) if !agree(stated, var.value) => {
                Err(format!("the value is {}, not {stated}", var.value))
            }
            _ => Ok(()),
        }
    }
}

/// Splits at the `;` before the value.
fn split_at_mark(text: &str) -> (&str, &str) {
    text.split_once(';').unwrap_or((text, ""))
}

/// The value and the label behind the `;`.
fn read_result<F: Scalar + FromStr>(text: &str) -> Result<(Option<F>, Option<String>), String> {
    let text = text.trim();
    let (value, label) = match text.find('"') {
        Some(quote) => (text[..quote].trim(), Some(unquote(&text[quote..])?)),
        None => (text, None),
    };
    let value = if value.is_empty() { None } else { Some(number(value)?) };
    Ok((value, label))
}

/// The number nearest to a text; but not an infinity where the text says a number.
fn number<F: Scalar + FromStr>(text: &str) -> Result<F, String> {
    let number: F = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    if number.is_infinite() && text.contains(|c: char| c.is_ascii_digit()) {
        let largest = F::max_value();
        return Err(format!("`{text}` is beyond the largest number, {largest:?}: write `inf`"));
    }
    Ok(number)
}

/// The label in quotes, with Rust's escapes as `Debug` writes them.
fn unquote(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let mut characters = inner.filter(|_| text.len() > 1).ok_or("the label does not end")?.chars();
    let mut label = String::new();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Err("there is text behind the label".to_owned()),
            '\\' => label.push(escaped(&mut characters).ok_or("the label has a wrong escape")?),
            _ => label.push(character),
        }
    }
    Ok(label)
}

/// The character that an escape stands for.
fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    match characters.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '0' => Some('\0'),
        'u' => {
            let (code, rest) = characters.as_str().strip_prefix('{')?.split_once('}')?;
            *characters = rest.chars();
            u32::from_str_radix(code, 16).ok().and_then(char::from_u32)
        }
        itself @ ('\\' | '"' | '\'') => Some(itself),
        _ => None,
    }
}

/// An argument: an earlier node or a number.
fn argument<'t, F: Scalar + FromStr>(
    word: &str,
    vars: &[Var<'t, F>],
) -> Result<Var<'t, F>, String> {
    let index = word.strip_prefix('n').filter(|index| !index.starts_with('+'));
    match index.and_then(|index| index.parse::<usize>().ok()) {
        Some(index) => {
            vars.get(index).copied().ok_or_else(|| format!("{word} is not above this line"))
        }
        None => number(word).map(Var::constant),
    }
}

/// Whether a value written on one machine is what another computes: equal but for the last few
/// bits, in which elementary functions differ between systems.
fn agree<F: Scalar>(stated: F, computed: F) -> bool {
    let tolerance = F::lit(64.0) * F::epsilon() * stated.abs();
    stated == computed
        || (stated.is_nan() && computed.is_nan())
        || (stated - computed).abs() <= tolerance
}
