//! Short arrays without the standard library's closures: those are functions of their own, which
//! a large caller does not always take in, and then the vector instructions are lost.

/// How many numbers are computed at once by elementary functions and of a run: one AVX-512 register
/// of `f64`, two of AVX2.
pub(in crate::function) const WIDTH: usize = 8;

/// An array from a function of the position.
#[inline(always)]
pub(in crate::function) fn array<T: Copy, const N: usize>(
    mut entry: impl FnMut(usize) -> T,
) -> [T; N] {
    let mut all = [entry(0); N];
    // Counted by hand: it is compiled some hundred times, and each adapter of an iterator with it.
    let mut k = 1;
    while k < N {
        all[k] = entry(k);
        k += 1;
    }
    all
}
