//! What is read of a tape, against the model.

use super::{Dated, Machine};
use crate::listing::round_trip;
use crate::numbers::{Number, same};
use crate::program::{Pick, Read};
use crate::recorder::{Node, at, check_value, picked};
use crate::sweeps::{self, Flow};
use wengert::{Gradients, NodeId, OpKind, Tape, Var};

/// How many gradients are kept to be read later.
const MOST_KEPT: usize = 6;

impl Machine {
    pub(super) fn read(&mut self, read: &Read) {
        match read {
            Read::Gradients(pick) => self.gradients(*pick),
            Read::Pullback(seeds) => self.pullback(seeds),
            Read::Pushforward(seeds) => self.pushforward(seeds),
            Read::Earlier(which, pick) => self.earlier(*which, *pick),
            Read::Listing => self.listing(),
            Read::Everything => self.check_everything(),
        }
    }

    fn gradients(&mut self, pick: Pick) {
        let mut gradients = self.memory();
        let var = self.pick(pick);
        if self.has_foreign(&[(var, 1.0)]) {
            return;
        }
        var.gradients_into(&mut gradients);
        if let Some(id) = var.id() {
            let value = var.value();
            let mut wanted = sweeps::zeros(&self.tape);
            wanted[id.index()].seed(if value.is_nan() { value } else { 1.0 });
            self.check_adjoints(&gradients, wanted);
            self.check_linear(&gradients, id.index());
            self.sweeps.push(Dated { what: gradients, len: self.tape.len(), kept: usize::MAX });
        } else {
            let mut vars = self.nodes.iter().map(|node| at(&self.tape, node));
            assert!(vars.all(|var| gradients.get(var) == Ok(0.0)));
        }
    }

    /// Memory for a sweep: that of the oldest one kept, once there are a few.
    fn memory(&mut self) -> Gradients {
        if self.sweeps.len() < MOST_KEPT { Gradients::new() } else { self.sweeps.remove(0).what }
    }

    fn check_adjoints(&self, gradients: &Gradients, mut wanted: Vec<Flow>) {
        sweeps::reverse(&self.tape.view(), &mut wanted);
        assert_eq!(gradients.as_slice().len(), wanted.len());
        let all = gradients.iter(&self.tape.view()).expect("they are of this recording");
        for ((id, found), wanted) in all.zip(wanted) {
            assert!(wanted.admits(found), "{id}: {found}, not {wanted:?}, of\n{}", self.tape);
        }
    }

    /// The gradient of a linear function is its coefficients, to the last bit.
    fn check_linear(&self, gradients: &Gradients, index: usize) {
        let Node { linear: Some(linear), value, .. } = &self.nodes[index] else { return };
        for node in self.nodes.iter().filter(|_| !value.is_nan()) {
            let place = node.id.index();
            if node.linear.as_ref().is_some_and(|own| own.contains_key(&place)) {
                let coefficient = linear.get(&place).copied().unwrap_or(0.0);
                assert_eq!(gradients.as_slice()[place], coefficient, "{}", node.id);
            }
        }
    }

    fn pullback(&mut self, picks: &[(Pick, Number)]) {
        let mut gradients = self.memory();
        let seeds = self.seeds(picks);
        match self.tape.pullback_into(&seeds, &mut gradients) {
            Ok(()) => {
                let mut wanted = sweeps::zeros(&self.tape);
                for (output, weight) in seeds {
                    let lost = output.value().is_nan() && weight != 0.0;
                    let weight = if lost { output.value() } else { weight };
                    output.id().into_iter().for_each(|id| wanted[id.index()].seed(weight));
                }
                self.check_adjoints(&gradients, wanted);
            }
            Err(error) => assert!(error.is_foreign() && self.has_foreign(&seeds), "{error}"),
        }
    }

    /// What cannot move is refused; without it, the rest is swept.
    fn pushforward(&self, picks: &[(Pick, Number)]) {
        let mut seeds = self.seeds(picks);
        let cannot_move =
            |seed: &(Var<'_>, f64)| seed.0.is_constant() || self.has_foreign(&[*seed]);
        if seeds.iter().any(cannot_move) {
            assert!(self.tape.pushforward(&seeds).is_err());
            seeds.retain(|seed| !cannot_move(seed));
        }
        let tangents = self.tape.pushforward(&seeds).expect("inputs of this tape");
        let mut wanted = sweeps::zeros(&self.tape);
        for (input, weight) in seeds {
            input.id().into_iter().for_each(|id| wanted[id.index()].seed(weight));
        }
        sweeps::forward(&self.tape.view(), &mut wanted);
        for (node, wanted) in self.nodes.iter().zip(wanted) {
            let found = tangents[at(&self.tape, node)];
            assert!(
                wanted.admits(found),
                "{}: {found}, not {wanted:?}, of\n{}",
                node.id,
                self.tape
            );
        }
    }

    fn has_foreign(&self, seeds: &[(Var<'_>, f64)]) -> bool {
        let is_foreign = |tape: &Tape| !std::ptr::eq(tape, &self.tape);
        seeds.iter().any(|(var, _)| var.tape().is_some_and(is_foreign))
    }

    fn earlier(&self, which: u8, pick: Pick) {
        if let Some(last) = self.sweeps.len().checked_sub(1) {
            self.check_earlier(&self.sweeps[usize::from(which) % (last + 1)], self.pick(pick));
        }
    }

    /// Gradients can be read of the nodes that they saw and that have stood since.
    fn check_earlier(&self, sweep: &Dated<Gradients>, var: Var<'_>) {
        let Dated { what, len, kept } = sweep;
        let found = what.get(var);
        let Some(place) = var.id().map(NodeId::index) else { return assert!(found.is_err()) };
        match found {
            Ok(found) => {
                assert!(place < *len.min(kept) && same(found, what.as_slice()[place]));
            }
            Err(error) if self.has_foreign(&[(var, 1.0)]) => assert!(error.is_foreign()),
            Err(error) => assert!(error.is_stale() && place >= *len.min(kept), "{error}"),
        }
    }

    fn listing(&self) {
        // A NaN's sign, which a listing does not tell, is the one thing that copysign reads.
        let view = self.tape.view();
        let is_told = view.ids().all(|id| view.node(id).unwrap().kind() != OpKind::Copysign);
        if is_told || !self.nodes.iter().any(|node| node.value.is_nan()) {
            round_trip(&self.tape);
        }
    }

    /// Every node is what it was when it was recorded.
    pub(crate) fn check_everything(&self) {
        let view = self.tape.view();
        assert_eq!((view.len(), view.is_empty()), (self.nodes.len(), self.nodes.is_empty()));
        for node in &self.nodes {
            let found = view.node(node.id).expect("it is on the tape");
            assert!(same(found.value(), node.value));
            assert_eq!(view.label(node.id), node.label);
            check_value(&self.nodes, &found);
            let var = at(&self.tape, node);
            self.sweeps.iter().for_each(|sweep| self.check_earlier(sweep, var));
        }
        let stats = self.tape.stats();
        assert_eq!(stats.nodes, self.nodes.len());
        assert_eq!(stats.by_kind().map(|(_, count)| count).sum::<usize>(), stats.nodes);
        assert!(stats.bytes_used <= stats.bytes_reserved);
        assert_eq!(stats.bytes_reserved, self.tape.memory_usage());
    }

    fn pick(&self, pick: Pick) -> Var<'_> {
        picked(&self.tape, &self.other, &self.nodes, pick)
    }

    fn seeds(&self, picks: &[(Pick, Number)]) -> Vec<(Var<'_>, f64)> {
        picks.iter().map(|&(pick, number)| (self.pick(pick), number.value())).collect()
    }
}
