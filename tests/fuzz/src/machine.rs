//! A tape and what it should hold, taken through a program.

use crate::parameters::Shelf;
use crate::program::{Read, Record, Room, Step};
use crate::recorder::{Node, Recorder};
use wengert::{Gradients, Mark, Tape};

mod reading;

/// Something made at one moment, and how many nodes have stood ever since.
#[derive(Debug)]
struct Dated<T> {
    what: T,
    len: usize,
    kept: usize,
}

#[derive(Debug)]
pub(crate) struct Machine {
    tape: Tape,
    other: Tape,
    shelf: Shelf,
    nodes: Vec<Node>,
    marks: Vec<Dated<Mark>>,
    sweeps: Vec<Dated<Gradients>>,
    /// Whether a view was forgotten that nothing has ended since.
    is_leaked: bool,
    /// The bytes that the tape may take, if it has a limit.
    ceiling: Option<usize>,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let other = Tape::new();
        other.var(2.0);
        Self {
            tape: Tape::new(),
            other,
            shelf: Shelf::new(),
            nodes: Vec::new(),
            marks: Vec::new(),
            sweeps: Vec::new(),
            is_leaked: false,
            ceiling: None,
        }
    }

    pub(crate) fn step(&mut self, step: &Step) {
        match step {
            Step::Record(record) => self.record(record),
            Step::Read(read) => self.read(read),
            Step::UnderView { leak, records, read } => self.under_view(*leak, records, read),
            Step::Mark => self.mark(),
            Step::Rewind(which) => self.rewind(*which),
            Step::RewindForeign => self.rewind_foreign(),
            Step::Reset => {
                self.tape.reset();
                self.cut(0);
            }
            Step::Limit(bytes) => self.limit(*bytes),
            Step::Reserve(room) => self.reserve(*room),
            Step::Parameters(change) => self.shelf.change(change),
        }
        assert_eq!(self.tape.len(), self.nodes.len());
        assert!(self.ceiling.is_none_or(|ceiling| self.tape.memory_usage() <= ceiling));
    }

    /// Checks what is there, and then what every mark leaves of it, from the last one to the
    /// first.
    pub(crate) fn finish(mut self) {
        self.check_everything();
        for _ in 0..self.marks.len() {
            self.rewind(0);
            self.check_everything();
            self.marks.pop();
        }
    }

    fn recorder(&mut self, is_blocked: bool) -> Recorder<'_, '_> {
        let is_limited = self.ceiling.is_some();
        let Self { tape, other, shelf, nodes, .. } = self;
        Recorder { tape, other, shelf, nodes, is_blocked, is_limited }
    }

    fn record(&mut self, record: &Record) {
        self.recorder(self.is_leaked).record(record);
    }

    fn under_view(&mut self, leak: bool, records: &[Record], read: &Read) {
        let mut recorder = self.recorder(true);
        let view = recorder.tape.view();
        records.iter().for_each(|record| recorder.record(record));
        if leak {
            std::mem::forget(view);
        } else {
            drop(view);
        }
        self.is_leaked |= leak;
        self.read(read);
    }
}

/// Cutting the tape.
impl Machine {
    fn mark(&mut self) {
        let dated = Dated { what: self.tape.mark(), len: self.tape.len(), kept: usize::MAX };
        self.marks.push(dated);
    }

    fn rewind(&mut self, which: u8) {
        let Some(last) = self.marks.len().checked_sub(1) else { return };
        let Dated { what, len, kept } = self.marks[last - usize::from(which) % (last + 1)];
        match self.tape.rewind(what) {
            Ok(()) => {
                assert!(len <= kept, "the mark was cut away");
                self.cut(len);
            }
            Err(error) => assert!(error.is_stale() && len > kept, "{error}"),
        }
    }

    fn rewind_foreign(&mut self) {
        let refused = self.tape.rewind(self.other.mark());
        assert!(refused.is_err_and(|error| error.is_foreign()));
    }

    fn cut(&mut self, len: usize) {
        self.nodes.truncate(len);
        self.is_leaked = false;
        self.marks.iter_mut().for_each(|mark| mark.kept = mark.kept.min(len));
        self.sweeps.iter_mut().for_each(|sweep| sweep.kept = sweep.kept.min(len));
    }
}

/// Memory.
impl Machine {
    fn limit(&mut self, limit: Option<[u8; 2]>) {
        let bytes = limit.map(|[nodes, bytes]| 24 * usize::from(nodes) + usize::from(bytes));
        self.ceiling = bytes.map(|bytes| bytes.max(self.tape.memory_usage()));
        self.tape.set_limit(bytes.unwrap_or(usize::MAX));
    }

    /// What is reserved can be recorded, and takes no more memory.
    fn reserve(&mut self, room: Room) {
        let Room::Some(count) = room else {
            let refused = self.tape.try_reserve(usize::MAX);
            return assert!(refused.is_err_and(|error| error.is_limit() || self.is_leaked));
        };
        match self.tape.try_reserve(count.into()) {
            Ok(()) if !self.is_leaked => {
                let usage = self.tape.memory_usage();
                (0..count).for_each(|_| assert!(self.tape.try_var(1.0).is_ok()));
                assert_eq!(self.tape.memory_usage(), usage);
                self.recorder(false).absorb();
            }
            Ok(()) => {}
            Err(error) if error.is_limit() => assert!(self.ceiling.is_some(), "{error}"),
            Err(error) => assert!(self.is_leaked, "{error}"),
        }
    }
}
