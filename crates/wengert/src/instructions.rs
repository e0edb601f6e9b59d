//! The vector instructions that the processor has, and work that is compiled for each set of them.

#[cfg(target_arch = "x86_64")]
use archmage::{SimdToken, X64V3Token, X64V4Token, arcane};

/// What is compiled for a set of instructions. `run` and what computes in it are always inlined.
pub(crate) trait Vectorized {
    type Output;
    fn run(self) -> Self::Output;
}

/// The same, of parts that are functions of their own: it passes the set on to them.
pub(crate) trait VectorizedWith {
    type Output;
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// A set of instructions that the processor is known to have.
pub(crate) trait Simd: Copy + 'static {
    /// Does what was compiled for these instructions.
    fn vectorize<W: Vectorized>(self, work: W) -> W::Output;
}

/// Those that every processor of the target has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Baseline;

impl Simd for Baseline {
    #[inline(always)]
    fn vectorize<W: Vectorized>(self, work: W) -> W::Output {
        work.run()
    }
}

#[cfg(target_arch = "x86_64")]
impl Simd for X64V3Token {
    #[inline(always)]
    fn vectorize<W: Vectorized>(self, work: W) -> W::Output {
        by_v3(self, work)
    }
}

#[cfg(target_arch = "x86_64")]
impl Simd for X64V4Token {
    #[inline(always)]
    fn vectorize<W: Vectorized>(self, work: W) -> W::Output {
        by_v4(self, work)
    }
}

#[cfg(target_arch = "x86_64")]
#[arcane]
fn by_v3<W: Vectorized>(_: X64V3Token, work: W) -> W::Output {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[arcane]
fn by_v4<W: Vectorized>(_: X64V4Token, work: W) -> W::Output {
    work.run()
}

/// The sets of instructions that work is compiled for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arch {
    /// Those of every processor of the target, with nothing done several at once for its own sake.
    Scalar,
    /// Registers of four `f64` (AVX2), with multiplications and additions in one.
    #[cfg(target_arch = "x86_64")]
    V3(X64V3Token),
    /// Registers of eight (AVX-512).
    #[cfg(target_arch = "x86_64")]
    V4(X64V4Token),
    /// Those of every processor of the target, which has vectors.
    #[cfg(not(target_arch = "x86_64"))]
    Vectors,
}

impl Arch {
    /// The most that this processor has.
    #[inline]
    pub(crate) fn new() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let v4 = || X64V4Token::summon().map(Self::V4);
            let v3 = || X64V3Token::summon().map(Self::V3);
            v4().or_else(v3).unwrap_or(Self::Scalar)
        }
        #[cfg(not(target_arch = "x86_64"))]
        if cfg!(any(target_feature = "neon", target_feature = "simd128")) {
            Self::Vectors
        } else {
            Self::Scalar
        }
    }

    /// All that this processor has, the least first.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        match Self::new() {
            Self::Scalar => vec![Self::Scalar],
            #[cfg(target_arch = "x86_64")]
            Self::V4(set) => vec![Self::Scalar, Self::V3(set.v3()), Self::V4(set)],
            most => vec![Self::Scalar, most],
        }
    }

    /// Whether the processor has instructions that compute several numbers at once and that it is
    /// asked for.
    #[inline]
    pub(crate) const fn has_vectors(self) -> bool {
        !matches!(self, Self::Scalar)
    }

    /// Does `work` with all the instructions that the processor has.
    #[inline(always)]
    pub(crate) fn dispatch<W: Vectorized>(self, work: W) -> W::Output {
        match self {
            Self::Scalar => Baseline.vectorize(work),
            widest => widest.dispatch_widest(work),
        }
    }

    /// The same, but without those on registers of eight `f64`.
    ///
    /// Loops of cheap operations wait for memory, and wider registers bring them little, while each
    /// set of instructions is all loops compiled once more. Elementary functions, which compute much
    /// between two loads, are called for whatever there is.
    #[inline(always)]
    pub(crate) fn dispatch_narrow<W: Vectorized>(self, work: W) -> W::Output {
        match self {
            Self::Scalar => Baseline.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Self::V3(set) => set.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Self::V4(set) => set.v3().vectorize(work),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Vectors => Baseline.vectorize(work),
        }
    }

    /// As [`Arch::dispatch_narrow`], of work that is not compiled where there are no vectors.
    ///
    /// # Panics
    /// Where there are none, which [`Arch::has_vectors`] tells.
    #[inline(always)]
    pub(crate) fn dispatch_vectors<W: VectorizedWith>(self, work: W) -> W::Output {
        match self {
            Self::Scalar => unreachable!("asked for without vectors"),
            #[cfg(target_arch = "x86_64")]
            Self::V3(simd) => simd.vectorize(With { simd, work }),
            #[cfg(target_arch = "x86_64")]
            Self::V4(set) => {
                let simd = set.v3();
                simd.vectorize(With { simd, work })
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Vectors => Baseline.vectorize(With { simd: Baseline, work }),
        }
    }

    /// As [`Arch::dispatch`], of work that is not compiled where there are no vectors.
    ///
    /// # Panics
    /// Where there are none, which [`Arch::has_vectors`] tells.
    #[inline(always)]
    pub(crate) fn dispatch_widest<W: Vectorized>(self, work: W) -> W::Output {
        match self {
            Self::Scalar => unreachable!("asked for without vectors"),
            #[cfg(target_arch = "x86_64")]
            Self::V3(set) => set.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Self::V4(set) => set.vectorize(work),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Vectors => Baseline.vectorize(work),
        }
    }
}

/// Work that passes its set on, with the set.
struct With<S, W> {
    simd: S,
    work: W,
}

impl<S: Simd, W: VectorizedWith> Vectorized for With<S, W> {
    type Output = W::Output;
    #[inline(always)]
    fn run(self) -> W::Output {
        self.work.run(self.simd)
    }
}
