//! A recording made linear at a point, for tangents and second derivatives along many directions.
//!
//! The values are computed once, by the interpreter. Then each operation's partial derivatives,
//! and the derivatives of those, are numbers, and every further pass is sums of products: no rule
//! is asked again, whatever the number of directions. A pass takes several directions side by
//! side.
//!
//! ```text
//! values ──► local derivatives ──► adjoints ──► tangents up, their adjoints down; a pass each
//! ```

mod calls;
mod forward;
mod local;
mod lone;
mod reverse;
mod shape;
mod single;
mod terms;
mod walk;

use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::instructions::Arch;
use crate::scalar::Real;
use shape::Stored;
pub(in crate::function) use shape::is_piecewise_linear;

/// The directions of a wide pass: one AVX-512 register of `f64`, two of AVX2.
pub(in crate::function) const WIDTH: usize = 8;

/// Those of a narrow one, for so few that half of a wide pass would be idle: the chains and arrows
/// among sparse Hessians have two or three.
pub(in crate::function) const NARROW: usize = 4;

/// The operands that a pass of one direction takes at once: as many numbers as a wide pass has for
/// each.
const PACK: usize = WIDTH;

/// The memory of passes over one program, beside its values.
#[derive(Clone, Debug)]
pub(in crate::function) struct Linear<F> {
    /// What is known of each operation at the point.
    partials: Vec<F>,
    curvatures: Vec<F>,
    /// The operands of an n-ary operation side by side.
    gathered: Vec<F>,
    /// The operands of a run side by side, for passes along one direction.
    rows: Vec<F>,
    /// The adjoints of all slots, by the reverse pass of first derivatives.
    pub(in crate::function) adjoints: Vec<F>,
    pub(in crate::function) one: Lanes<F, 1>,
    pub(in crate::function) narrow: Lanes<F, NARROW>,
    pub(in crate::function) wide: Lanes<F, WIDTH>,
}

/// For each slot its tangents along `D` directions, and the adjoints of those.
///
/// The adjoints are consumed: a pass finds all of them zero but the seeds, and leaves all zero
/// but those of the inputs and of what depends on no variable, which nobody reads.
#[derive(Clone, Debug)]
pub(in crate::function) struct Lanes<F, const D: usize> {
    pub(in crate::function) tangents: Vec<[F; D]>,
    pub(in crate::function) adjoints: Vec<[F; D]>,
    /// Whether a pass down has begun and was not ended.
    is_swept: bool,
}

impl<F: Real, const D: usize> Lanes<F, D> {
    fn of(slots: usize) -> Self {
        let zeros = || vec![[F::zero(); D]; slots];
        Self { tangents: zeros(), adjoints: zeros(), is_swept: false }
    }

    /// Before the seeds of a pass down. Where a panic of a user's operation kept the one before from
    /// its end, what that left becomes zero now.
    #[inline]
    pub(in crate::function) fn begin_sweep(&mut self) {
        if std::mem::replace(&mut self.is_swept, true) {
            self.adjoints.as_flattened_mut().fill(F::zero());
        }
    }

    /// Behind a pass down, when the adjoints of the inputs are taken.
    #[inline]
    pub(in crate::function) const fn end_sweep(&mut self) {
        self.is_swept = false;
    }
}

/// What a pass does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) enum Pass {
    /// Tangents, from those of the inputs to those of all results.
    Tangents,
    /// Adjoints, from the seeds down.
    Adjoints,
    /// The derivatives of adjoints along the directions of the tangents.
    Second,
}

/// How a pass multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) enum Manner {
    /// Without looking. Where 0 · ∞ should be 0 but is NaN, that shows in the results.
    Optimistic,
    /// Looking for it.
    Careful,
}

/// A piece of work, as [`compiled`](super::compiled) hands it on.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) enum Work {
    /// The partial derivatives of all operations, and with `curved` the derivatives of those.
    Linearise { curved: bool },
    /// The adjoints of all slots, from seeds that lie in them already.
    Adjoints(Manner),
    /// A pass along one direction. Careful passes take one after the other.
    One(Pass, Manner),
    /// The adjoints of all slots and their derivatives along one direction, from seeds that lie in
    /// both already; optimistic, where there are vector instructions.
    Both,
    /// An optimistic pass along [`NARROW`] directions, where there are vector instructions.
    Narrow(Pass),
    /// Likewise along [`WIDTH`] directions.
    Wide(Pass),
}

impl Work {
    /// The same, with care where there are no vector instructions: optimistic passes are compiled
    /// for those alone. Where all numbers are finite, both manners give the same bits.
    const fn where_compiled(self, arch: Arch) -> Self {
        match self {
            Self::Adjoints(_) if !arch.has_vectors() => Self::Adjoints(Manner::Careful),
            Self::One(pass, _) if !arch.has_vectors() => Self::One(pass, Manner::Careful),
            _ => self,
        }
    }
}

impl<F: Real> Linear<F> {
    pub(in crate::function) fn of(program: &Program<F>) -> Self {
        let stored = Stored::of_all(program);
        Self {
            partials: vec![F::zero(); stored.partials],
            curvatures: vec![F::zero(); stored.curvatures],
            gathered: vec![F::zero(); program.widest],
            rows: vec![F::zero(); single::rows_of(program)],
            adjoints: vec![F::zero(); program.slots],
            one: Lanes::of(program.slots),
            narrow: Lanes::of(Self::wide_slots(program)),
            wide: Lanes::of(Self::wide_slots(program)),
        }
    }

    /// Whether there is memory for passes of several directions, which have no use with one variable
    /// and one output.
    pub(in crate::function) fn has_lanes(program: &Program<F>) -> bool {
        program.variables.len().max(program.outputs.len()) > 1
    }

    fn wide_slots(program: &Program<F>) -> usize {
        if Self::has_lanes(program) { program.slots } else { 0 }
    }

    /// The bytes that [`Linear::of`] takes from the heap.
    pub(in crate::function) fn bytes(program: &Program<F>) -> usize {
        let stored = Stored::of_all(program);
        let lanes = 2 * (program.slots + (NARROW + WIDTH) * Self::wide_slots(program));
        let rows = program.widest + single::rows_of(program);
        let numbers = stored.partials + stored.curvatures + rows + program.slots + lanes;
        numbers * size_of::<F>()
    }

    /// Does a piece of work at the point of the values.
    pub(in crate::function) fn work(
        &mut self,
        program: &Program<F>,
        values: &Space<F>,
        work: Work,
        arch: Arch,
    ) {
        let Self { partials, curvatures, gathered, rows, adjoints, one, narrow, wide } = self;
        match work.where_compiled(arch) {
            Work::Linearise { curved } => {
                let memory = local::Memory { partials, curvatures, gathered };
                local::linearise(program, values, memory, curved);
            }
            Work::Adjoints(manner) => {
                let known = Known { values: &values.slots, partials, curvatures, adjoints: &[] };
                let down = Down {
                    tangents: &[],
                    adjoints: adjoints.as_chunks_mut::<1>().0,
                    is_second: false,
                    keeps: true,
                };
                match manner {
                    Manner::Optimistic => reverse::run::<F, 1, PACK>(program, known, down, arch),
                    Manner::Careful => reverse::run_carefully(program, known, down),
                }
            }
            Work::One(Pass::Tangents, Manner::Optimistic) => {
                let known = Known { values: &values.slots, partials, curvatures, adjoints };
                let tangents = one.tangents.as_flattened_mut();
                single::tangents(program, known, tangents, rows, arch);
            }
            Work::One(pass, manner) => {
                let known = Known { values: &values.slots, partials, curvatures, adjoints };
                one.run_one(program, known, pass, manner, arch);
            }
            Work::Both => {
                let known = Known { values: &values.slots, partials, curvatures, adjoints: &[] };
                let Lanes { tangents, adjoints: seconds, .. } = one;
                let down = [&mut adjoints[..], seconds.as_flattened_mut()];
                single::both(program, known, tangents.as_flattened(), down, rows, arch);
            }
            Work::Narrow(pass) => {
                let known = Known { values: &values.slots, partials, curvatures, adjoints };
                narrow.run::<{ WIDTH / NARROW }>(program, known, pass, arch);
            }
            Work::Wide(pass) => {
                let known = Known { values: &values.slots, partials, curvatures, adjoints };
                wide.run::<1>(program, known, pass, arch);
            }
        }
    }
}

/// What is known of the point before a pass.
#[derive(Clone, Copy)]
struct Known<'m, F> {
    values: &'m [F],
    partials: &'m [F],
    curvatures: &'m [F],
    /// Those of the values.
    adjoints: &'m [F],
}

/// What a pass from the outputs down works on.
struct Down<'m, F, const D: usize> {
    tangents: &'m [[F; D]],
    adjoints: &'m mut [[F; D]],
    /// Whether the adjoints are derivatives along the directions of the tangents.
    is_second: bool,
    /// Whether the adjoints of results are kept, or left zero.
    keeps: bool,
}

impl<F: Real, const D: usize> Lanes<F, D> {
    /// A pass that takes the directions of `P` operands at once.
    fn run<const P: usize>(
        &mut self,
        program: &Program<F>,
        known: Known<'_, F>,
        pass: Pass,
        arch: Arch,
    ) {
        match pass {
            Pass::Tangents => forward::run::<F, D, P>(program, known, &mut self.tangents, arch),
            Pass::Adjoints | Pass::Second => {
                reverse::run::<F, D, P>(program, known, self.down(pass), arch);
            }
        }
    }

    fn down(&mut self, pass: Pass) -> Down<'_, F, D> {
        let Self { tangents, adjoints, .. } = self;
        Down { tangents, adjoints, is_second: pass == Pass::Second, keeps: false }
    }
}

impl<F: Real> Lanes<F, 1> {
    fn run_one(
        &mut self,
        program: &Program<F>,
        known: Known<'_, F>,
        pass: Pass,
        manner: Manner,
        arch: Arch,
    ) {
        match (pass, manner) {
            // Optimistic ones are taken by loops of their own.
            (Pass::Tangents, _) => forward::run_carefully(program, known, &mut self.tangents),
            (_, Manner::Optimistic) => {
                reverse::run::<F, 1, PACK>(program, known, self.down(pass), arch);
            }
            (_, Manner::Careful) => reverse::run_carefully(program, known, self.down(pass)),
        }
    }
}
