//! The packed form that replay runs on.
//!
//! A program is a stream of instructions. An instruction computes one operation of a kind, or a
//! run of them whose operands do not depend on each other; the results go to consecutive slots,
//! so that no instruction says where. Slots hold the variables, the fixed data, the constants
//! and then all results.

pub(in crate::function) mod assemble;
pub(in crate::function) mod call;
pub(in crate::function) mod columns;
pub(in crate::function) mod decode;
mod groups;
mod header;
pub(in crate::function) mod instruction;
pub(in crate::function) mod places;
pub(in crate::function) mod segments;

pub(in crate::function) use header::{Header, LONGEST_RUN, Layout};

use super::draft::Place;
use crate::operation::Called;
use crate::ops::Comparison;
use instruction::Instruction;
use std::sync::OnceLock;

/// A comparison that must come out as it did, with the slots of its operands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProgramGuard<F> {
    pub(super) comparison: Comparison,
    pub(super) slots: [u32; 2],
    pub(super) then: (F, F),
    pub(super) place: Place,
}

/// A recording packed for replay.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Program<F> {
    /// The point of the recording.
    pub(super) variables: Vec<F>,
    pub(super) data: Vec<F>,
    pub(super) constants: Vec<F>,
    pub(super) headers: Vec<Header>,
    pub(super) words: Vec<u32>,
    /// The same instructions as the interpreter meets them.
    pub(super) instructions: Vec<Instruction>,
    /// All slots: inputs, constants and results.
    pub(super) slots: usize,
    /// Numbers that log-sum-exps keep for the reverse sweep.
    pub(super) saved: usize,
    /// The most operands of an instruction that gathers them.
    pub(super) widest: usize,
    pub(super) outputs: Vec<u32>,
    pub(super) guards: Vec<ProgramGuard<F>>,
    /// The operations of users' own that are called.
    pub(super) calls: Vec<Called>,
    /// See [`Program::directions`].
    pub(super) directions: OnceLock<Box<[u32]>>,
}

impl<F> Program<F> {
    /// The number of inputs, the first slots.
    #[inline]
    pub(super) fn inputs(&self) -> usize {
        self.variables.len() + self.data.len()
    }

    /// The first slot of a result.
    #[inline]
    pub(super) fn first_result(&self) -> usize {
        self.inputs() + self.constants.len()
    }

    /// The operations, each result counted.
    pub(super) fn operations(&self) -> usize {
        self.slots - self.first_result()
    }

    /// The bytes of the program.
    pub(super) fn bytes(&self) -> usize {
        self.headers.len() * size_of::<Header>()
            + self.words.len() * size_of::<u32>()
            + self.instructions.len() * size_of::<Instruction>()
            + self.constants.len() * size_of::<F>()
            + self.outputs.len() * size_of::<u32>()
            + self.guards.len() * size_of::<ProgramGuard<F>>()
    }
}
