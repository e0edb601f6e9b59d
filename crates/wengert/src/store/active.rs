//! The tapes that are active on a thread, by which numbers that borrow nothing find theirs.
//!
//! The thread owns what it points to: an active tape is counted by whoever activated it and by
//! the thread. So a guard that is forgotten, or dropped out of order, leaves a tape too many on
//! the thread and nothing that dangles.

use super::{Tape, TapeView};
use crate::index::NodeIndex;
use crate::ops::Op;
use crate::scalar::Real;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::num::NonZeroU64;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What tells the numbers of one activation from all others of the process: those of another
/// tape, and of this one before a reset or after it was active last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Session(NonZeroU64);

/// The next session. Sixty-four bits do not run out.
static SESSIONS: AtomicU64 = AtomicU64::new(1);

impl Session {
    pub(crate) fn next() -> Self {
        let number = SESSIONS.fetch_add(1, Ordering::Relaxed);
        Self(NonZeroU64::new(number).expect("a count from 1 does not come to 0"))
    }
}

/// An active tape with its session.
#[derive(Debug)]
pub(crate) struct Activated<F: Real> {
    pub(crate) session: Session,
    pub(crate) tape: Tape<F>,
}

/// The thread's count of an active tape. PERF: a static variable that drops something when its
/// thread ends is looked at, whether it still may be used, at each operation.
type Counted<F> = ManuallyDrop<Rc<Activated<F>>>;

/// The active tapes of one thread. Where they stand means nothing, but that the one used last is
/// found first. Those whose guard was forgotten are not freed when the thread ends.
struct Thread<F: Real> {
    last: Cell<Option<Counted<F>>>,
    others: RefCell<ManuallyDrop<Vec<Rc<Activated<F>>>>>,
}

impl<F: Real> Thread<F> {
    const fn new() -> Self {
        Self { last: Cell::new(None), others: RefCell::new(ManuallyDrop::new(Vec::new())) }
    }

    /// Puts a tape where it is found first.
    #[inline(always)]
    fn put(&self, active: Rc<Activated<F>>) {
        if let Some(before) = self.last.replace(Some(ManuallyDrop::new(active))) {
            self.set_aside(ManuallyDrop::into_inner(before));
        }
    }

    // PERF: apart, so that an operator's hot code holds no more than the call.
    #[cold]
    #[inline(never)]
    fn set_aside(&self, active: Rc<Activated<F>>) {
        self.others.borrow_mut().push(active);
    }

    /// Takes the tape of a session away, if it is here.
    #[inline(always)]
    fn take(&self, session: Session) -> Option<Rc<Activated<F>>> {
        match self.last.take() {
            Some(last) if last.session == session => Some(ManuallyDrop::into_inner(last)),
            last => self.search(last, session),
        }
    }

    #[cold]
    #[inline(never)]
    fn search(&self, last: Option<Counted<F>>, session: Session) -> Option<Rc<Activated<F>>> {
        self.last.set(last);
        let mut others = self.others.borrow_mut();
        let position = others.iter().position(|other| other.session == session)?;
        let found = others.swap_remove(position);
        if others.is_empty() {
            // Nothing frees the list when the thread ends.
            **others = Vec::new();
        }
        Some(found)
    }

    /// Appends a node to the tape of a session, if that is the one used last and has room.
    ///
    /// PERF: nothing here can panic, so that no operator has code that puts the tape back while it
    /// unwinds.
    #[inline(always)]
    fn push(&self, session: Session, op: Op<F>, value: F) -> Option<NodeIndex> {
        let last = self.last.take();
        let index = match &last {
            Some(active) if active.session == session => active.tape.push_in_room(op, value),
            _ => None,
        };
        // What was taken is put back: nothing is dropped, since nothing took its place.
        self.last.set(last);
        index
    }
}

thread_local! {
    static DOUBLE: Thread<f64> = const { Thread::new() };
    static SINGLE: Thread<f32> = const { Thread::new() };
}

/// What `ask` finds among the tapes of this thread; nothing where the thread is ending.
#[inline(always)]
fn here<F: Real, R>(ask: impl FnOnce(&Thread<F>) -> R) -> Option<R> {
    // A static cannot be generic. Which of the two it is, the compiler knows.
    fn same<A: 'static, B: 'static>(it: &A) -> Option<&B> {
        (it as &dyn Any).downcast_ref()
    }
    let mut ask = Some(ask);
    let double = DOUBLE.try_with(|all| same(all).and_then(|all| Some(ask.take()?(all))));
    match double {
        Ok(None) => SINGLE.try_with(|all| same(all).and_then(|all| Some(ask.take()?(all)))).ok()?,
        found => found.ok()?,
    }
}

/// Lets the numbers of a session find their tape on this thread.
pub(crate) fn enter<F: Real>(session: Session, tape: Tape<F>) -> Rc<Activated<F>> {
    let active = Rc::new(Activated { session, tape });
    here(|all| all.put(Rc::clone(&active)));
    active
}

/// Changes a tape, whose numbers are of another session from then on. PERF: where it lies.
pub(crate) fn renew<F: Real, R>(
    active: &mut Rc<Activated<F>>,
    change: impl FnOnce(&mut Tape<F>) -> R,
) -> R {
    drop(here(|all: &Thread<F>| all.take(active.session)));
    let own = Rc::get_mut(active);
    let own = own.expect("a number puts its tape back before anything else runs");
    let result = change(&mut own.tape);
    own.session = Session::next();
    here(|all| all.put(Rc::clone(active)));
    result
}

/// Ends the session of a tape, and hands the tape out.
pub(crate) fn leave<F: Real>(active: Rc<Activated<F>>) -> Tape<F> {
    drop(here(|all: &Thread<F>| all.take(active.session)));
    let active = Rc::into_inner(active);
    active.expect("a number puts its tape back before anything else runs").tape
}

/// Appends a node to the tape of a session, if that is the one used last on this thread and has
/// room; else a [`Held`] finds out what is to be done.
#[inline(always)]
pub(crate) fn push_to_last<F: Real>(session: Session, op: Op<F>, value: F) -> Option<NodeIndex> {
    here(|all| all.push(session, op, value)).flatten()
}

/// An active tape, taken from the thread for as long as one operation lasts. No code of a user
/// runs meanwhile.
#[derive(Debug)]
pub(crate) struct Held<F: Real>(Option<Rc<Activated<F>>>);

impl<F: Real> Held<F> {
    /// The tape of a session, if it is active on this thread.
    #[inline(always)]
    pub(crate) fn find(session: Session) -> Option<Self> {
        here(|all| all.take(session)).flatten().map(|active| Self(Some(active)))
    }

    /// The tape.
    #[inline(always)]
    pub(crate) fn tape(&self) -> &Tape<F> {
        &self.0.as_ref().expect("it is put back when this is dropped").tape
    }
}

impl<F: Real> Drop for Held<F> {
    #[inline(always)]
    fn drop(&mut self) {
        here(|all| all.put(self.0.take().expect("it is put back once")));
    }
}

/// A borrowed tape's recording, active on this thread until this is dropped.
#[derive(Debug)]
pub(crate) struct Loan<'t, F: Real> {
    tape: &'t Tape<F>,
    active: Option<Rc<Activated<F>>>,
    /// Refuses what the tape's variables would record meanwhile.
    emptiness: Option<TapeView<'t, F>>,
}

impl<'t, F: Real> Loan<'t, F> {
    /// Makes a recording active, or says that it is being read.
    pub(crate) fn of(tape: &'t Tape<F>) -> Option<Self> {
        let stand_in = tape.stand_in();
        let may = tape.exchange(&stand_in);
        may.then(|| Self {
            tape,
            active: Some(enter(Session::next(), stand_in)),
            emptiness: Some(tape.hold()),
        })
    }

    /// The session of the loan.
    pub(crate) fn session(&self) -> Session {
        self.active.as_ref().expect("it is given back when this is dropped").session
    }
}

impl<F: Real> Drop for Loan<'_, F> {
    /// Gives the recording back.
    fn drop(&mut self) {
        let stand_in = leave(self.active.take().expect("it is given back once"));
        self.emptiness = None;
        let is_back = self.tape.exchange(&stand_in);
        assert!(
            is_back || std::thread::panicking(),
            "the tape is being read: drop its `TapeView` before the closure returns"
        );
    }
}
