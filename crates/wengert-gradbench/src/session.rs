//! From lines to lines: every message has an answer, and none ends the session.

use std::{
    any::Any,
    io::{self, BufRead, Write},
    panic::{self, AssertUnwindSafe},
};

use crate::{
    failure::Failure,
    modes::Options,
    modules::{self, Request},
    protocol::{self, Answer, Content, Message, True},
};

/// A tool that is set in one way.
#[derive(Clone, Debug)]
pub struct Session {
    options: Options,
}

impl Session {
    /// A session that computes gradients as `options` say.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// Answers line by line until the input ends. Empty lines are no messages.
    ///
    /// # Errors
    ///
    /// If the input cannot be read or the output not be written.
    pub fn run(&self, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line)? > 0 {
            if !line.trim_ascii().is_empty() {
                writeln!(output, "{}", self.answer(&line))?;
                output.flush()?;
            }
            line.clear();
        }
        Ok(())
    }

    /// The answer to one message.
    pub fn answer(&self, line: &[u8]) -> Answer {
        let (id, message) = protocol::read(line);
        let content = message.and_then(|message| self.content(&message));
        Answer { id, content: content.unwrap_or_else(Content::from) }
    }

    fn content(&self, message: &Message<'_>) -> Result<Content, Failure> {
        match message.kind.as_str() {
            "start" => Ok(Content::Start { tool: "wengert", config: self.options.clone() }),
            "define" => define(message),
            "evaluate" => self.evaluate(message),
            _ => Ok(Content::Nothing {}),
        }
    }

    fn evaluate(&self, message: &Message<'_>) -> Result<Content, Failure> {
        let needed = |field| Failure::Field { kind: "evaluate", field };
        let module = message.module.as_deref().ok_or_else(|| needed("module"))?;
        let function = message.function.as_deref().ok_or_else(|| needed("function"))?;
        let module = modules::find(module)?;
        module.check(function)?;
        let input = message.input.ok_or_else(|| needed("input"))?;
        // Inputs are checked before they are used, so a panic is a slip or a tape that is full.
        // It costs this answer and not the session: nothing is kept from one message to the next
        // that it could have left half done.
        let request = Request { function, input, options: &self.options };
        let evaluate = || module.evaluate(request);
        let evaluation = panic::catch_unwind(AssertUnwindSafe(evaluate));
        evaluation.unwrap_or_else(|panic| Err(Failure::Panic(words(panic)))).map(Content::from)
    }
}

fn define(message: &Message<'_>) -> Result<Content, Failure> {
    let needed = || Failure::Field { kind: "define", field: "module" };
    modules::find(message.module.as_deref().ok_or_else(needed)?)?;
    Ok(Content::Defined { success: True })
}

/// What a panic said.
fn words(panic: Box<dyn Any + Send>) -> String {
    let panic = match panic.downcast::<String>() {
        Ok(words) => return *words,
        Err(panic) => panic,
    };
    panic.downcast_ref::<&str>().copied().unwrap_or("without a word").into()
}
