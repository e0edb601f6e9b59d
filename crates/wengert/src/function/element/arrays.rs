//! Short arrays without the standard library's closures: those are functions of their own, which
//! a large caller does not always take in, and then the vector instructions are lost.

/// An array from a function of the position.
#[inline(always)]
pub(in crate::function) fn array<T: Copy, const N: usize>(
    mut entry: impl FnMut(usize) -> T,
) -> [T; N] {
    let mut all = [entry(0); N];
    for (k, slot) in all.iter_mut().enumerate().skip(1) {
        *slot = entry(k);
    }
    all
}
