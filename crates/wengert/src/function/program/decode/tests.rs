//! Random drafts, there and back.

use super::decode;
use crate::function::draft::optimise::{Optimise, optimise};
use crate::function::draft::{Draft, DraftGuard, Place, Source, Step};
use crate::function::opcode::Opcode;
use crate::function::program::Layout;
use crate::function::program::assemble::assemble;
use crate::ops::Comparison;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, HashSet};

/// A draft of `length` steps. Operations come in runs, with operands side by side, at a distance,
/// the same and anywhere, so that every layout of a program is needed.
struct Maker {
    random: Xoshiro256PlusPlus,
    draft: Draft<f64>,
    opcodes: Vec<Opcode>,
}

impl Maker {
    fn draft(seed: u64, length: usize, opcodes: Vec<Opcode>) -> Draft<f64> {
        let draft = Draft::with_inputs(vec![0.5, 1.5, -2.0, 0.25], vec![3.0, -0.75]);
        let random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut maker = Self { random, draft, opcodes };
        maker.draft.constants = vec![0.125, -1.0, 7.0, -0.0];
        while maker.draft.steps.len() < length {
            maker.run();
        }
        maker.roots();
        maker.draft
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random.random_range(0..limit)
    }

    /// A value or a constant.
    fn source(&mut self) -> Source {
        if self.below(6) == 0 {
            Source::constant(self.below(4))
        } else {
            Source::value(self.below(self.draft.values()))
        }
    }

    /// Some operations of a kind.
    fn run(&mut self) {
        let position = self.below(self.opcodes.len());
        let opcode = self.opcodes[position];
        let arity = opcode.arity().unwrap_or_else(|| 2 * (1 + self.below(9)));
        let operands: Vec<_> = (0..arity).map(|_| self.source()).collect();
        let strides: Vec<_> = (0..arity).map(|_| self.below(4)).collect();
        // Often none: then the operands of a sum can stand one by one.
        let signs = if self.below(2) == 0 { 0 } else { self.below(1 << arity) };
        let detail = if opcode == Opcode::Powi { self.below(9) as i32 - 4 } else { 0 };
        let limit = self.draft.values();
        for i in 0..1 + self.below(12) {
            for k in 0..arity {
                let operand = moved(operands[k], strides[k] * i, limit);
                // A second factor has the place of a sign for how its product is rounded.
                let may_be_negated = match opcode {
                    Opcode::Sum | Opcode::Products => true,
                    Opcode::Chains => k % 2 == 0,
                    _ => false,
                };
                let is_negated = may_be_negated && signs >> k & 1 != 0;
                self.draft.operands.push(operand.negated_if(is_negated));
            }
            self.draft.finish(Step { opcode, detail });
        }
    }

    fn roots(&mut self) {
        for line in 0..5 {
            let operands = [self.source(), self.source()];
            let comparison = Comparison::ALL[self.below(Comparison::ALL.len())];
            let place = Place { file: "src/model.rs".into(), line, column: 9 };
            self.draft.guards.push(DraftGuard {
                comparison,
                operands,
                then: (1.0, f64::from(line)),
                place,
            });
            let output = self.source();
            self.draft.outputs.push(output);
        }
        self.draft.outputs.push(Source::value(self.draft.values() - 1));
    }
}

/// The operations that a step alone says all of. Calls of users' operations also need the operation:
/// they go there and back in the tests of those.
fn plain() -> impl Iterator<Item = Opcode> {
    Opcode::ALL.iter().copied().filter(|opcode| !opcode.is_of_call())
}

/// The operand some values further on, if there is one below `limit`.
fn moved(source: Source, distance: usize, limit: usize) -> Source {
    match source.as_value() {
        Some(value) if value + distance < limit => Source::value(value + distance),
        _ => source,
    }
}

pub(in crate::function) fn drafts() -> impl Iterator<Item = Draft<f64>> {
    let all = || plain().collect();
    let small = (0..300).map(move |seed| Maker::draft(seed, 40 + 3 * (seed % 200) as usize, all()));
    // Beyond the assembler's window.
    small.chain((300..304).map(move |seed| Maker::draft(seed, 9000, all())))
}

/// Short ones of operations that are cheap and leave few numbers that are none.
pub(in crate::function) fn cheap_drafts() -> impl Iterator<Item = Draft<f64>> {
    use Opcode::{Add, Max, Mul, MulAdd, Neg, Products, Sub, Sum};
    let cheap = || vec![Add, Sub, Mul, Neg, Max, MulAdd, Sum, Products, Products, Products];
    (0..4000).map(move |seed| Maker::draft(seed, 12, cheap()))
}

#[test]
fn decoding_and_assembling_again_gives_the_same_program() {
    for draft in drafts() {
        let program = assemble(&draft).unwrap();
        let decoded = decode(&program);
        assert_eq!(assemble(&decoded).unwrap(), program);
        // What is decoded is in the order of the program already.
        let again = decode(&assemble(&decoded).unwrap());
        assert_eq!((again.steps, again.operands), (decoded.steps, decoded.operands));
    }
}

#[test]
fn decoding_loses_no_operation_and_no_operand() {
    for draft in drafts() {
        let decoded = decode(&assemble(&draft).unwrap());
        assert_eq!(counts(&decoded), counts(&draft));
        assert_eq!(decoded.constants, draft.constants);
        assert_eq!(decoded.outputs.len(), draft.outputs.len());
        let asked = |draft: &Draft<f64>| {
            let guards = draft.guards.iter();
            guards
                .map(|guard| (guard.comparison, guard.then, guard.place.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(asked(&decoded), asked(&draft));
    }
}

#[test]
fn random_drafts_need_every_layout() {
    let mut seen = HashSet::new();
    for draft in drafts() {
        for header in assemble(&draft).unwrap().headers {
            let is_single = header.count == 1;
            match header.opcode {
                Opcode::Sum | Opcode::Products | Opcode::Chains => {
                    seen.insert((header.opcode, Layout::of(header) as u16, is_single));
                }
                opcode => {
                    let modes = header.layout & if opcode.arity().is_some() { 3 } else { 0 };
                    seen.insert((opcode, modes, is_single));
                }
            }
        }
    }
    let layouts = |opcode| seen.iter().filter(move |seen| seen.0 == opcode).count();
    for opcode in [Opcode::Products, Opcode::Chains] {
        assert_eq!(layouts(opcode), 4, "segments, each, columns of one sum and of several");
    }
    assert_eq!(layouts(Opcode::Sum), 2, "segments, each");
    assert_eq!(layouts(Opcode::Exp), 5, "one by one; and each, unit, same, strided");
    assert_eq!(seen.iter().map(|seen| seen.0).collect::<HashSet<_>>().len(), plain().count());
}

#[test]
fn an_optimised_draft_is_left_as_it_is() {
    for draft in drafts() {
        let (optimised, _) = optimise(draft, Optimise::all());
        let (again, _) = optimise(optimised.clone(), Optimise::all());
        assert_eq!(counts(&again), counts(&optimised));
        let decoded = decode(&assemble(&optimised).unwrap());
        let (again, _) = optimise(decoded, Optimise::all());
        assert_eq!(counts(&again), counts(&optimised));
    }
}

/// How many steps there are of each operation, with how many operands in all.
fn counts(draft: &Draft<f64>) -> BTreeMap<(Opcode, i32), (usize, usize)> {
    let mut counts = BTreeMap::new();
    for (index, step) in draft.steps.iter().enumerate() {
        let count: &mut (usize, usize) = counts.entry((step.opcode, step.detail)).or_default();
        *count = (count.0 + 1, count.1 + draft.operands_of(index).len());
    }
    counts
}
