//! Short arrays without the standard library's closures: those are functions of their own, which
//! a large caller does not always take in, and then the vector instructions are lost.

/// How many evaluations of a batch run side by side, and how many numbers elementary functions
/// compute at once: one AVX-512 register of `f64`, two of AVX2.
///
/// The same on every machine, so that sums over a batch have the same bits on every machine.
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
