//! The vector instructions that the interpreter's loops are compiled for.

use pulp::{Arch, NullaryFnOnce, Simd, WithSimd};

/// Whether the processor has instructions that compute several numbers at once and that it is
/// asked for.
#[inline]
pub(super) const fn has_vectors(arch: Arch) -> bool {
    !matches!(arch, Arch::Scalar)
}

/// Does `work` with the processor's instructions, but for those on registers of eight `f64`.
///
/// Loops of cheap operations wait for memory, and wider registers bring them little, while each
/// set of instructions is all loops compiled once more. Elementary functions, which compute much
/// between two loads, are called for whatever there is.
#[inline(always)]
pub(super) fn dispatch<W: WithSimd>(arch: Arch, work: W) -> W::Output {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return match arch {
        Arch::V4(simd) => Simd::vectorize(*simd, work),
        Arch::V3(simd) => Simd::vectorize(simd, work),
        _ => Simd::vectorize(pulp::Scalar, work),
    };
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    arch.dispatch(work)
}

/// As [`dispatch`], of work that is not compiled where there are no vectors.
///
/// # Panics
/// Where there are none, which [`has_vectors`] tells.
#[inline(always)]
pub(super) fn dispatch_vectors<W: WithSimd>(arch: Arch, work: W) -> W::Output {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return match arch {
        Arch::V4(simd) => Simd::vectorize(*simd, work),
        Arch::V3(simd) => Simd::vectorize(simd, work),
        _ => unreachable!("asked for without vectors"),
    };
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    arch.dispatch(work)
}

/// Does `work` with the widest registers that the processor has. Not compiled where there are no
/// vectors.
///
/// # Panics
/// Where there are none, which [`has_vectors`] tells.
#[inline(always)]
pub(super) fn dispatch_widest<W: NullaryFnOnce>(arch: Arch, work: W) -> W::Output {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return match arch {
        Arch::V4(simd) => simd.vectorize(work),
        Arch::V3(simd) => simd.vectorize(work),
        _ => unreachable!("asked for without vectors"),
    };
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    arch.dispatch(work)
}
