//! Two lists of operands as one.

use super::Operands;

/// Two lists of operands, one behind the other, of which one may be empty.
#[derive(Clone, Copy)]
pub(crate) struct Joined<'a, T>(pub(crate) &'a [T], pub(crate) &'a [T]);

impl<'a, T> Joined<'a, T> {
    /// How many operands there are.
    #[inline(always)]
    pub(crate) const fn len(self) -> usize {
        self.0.len() + self.1.len()
    }

    /// What the operands are, in order.
    #[inline(always)]
    pub(crate) fn items(self) -> impl Iterator<Item = &'a T> {
        self.0.iter().chain(self.1)
    }
}

impl<'a, F, T: Copy> Operands<F> for Joined<'a, T>
where
    &'a [T]: Operands<F>,
{
    #[inline(always)]
    fn len(self) -> usize {
        Joined::len(self)
    }
    #[inline(always)]
    fn at(self, i: usize) -> F {
        let Self(first, second) = self;
        if i < first.len() { Operands::at(first, i) } else { second.at(i - first.len()) }
    }
    #[inline(always)]
    fn iter(self) -> impl Iterator<Item = F> {
        Operands::iter(self.0).chain(Operands::iter(self.1))
    }
    #[inline(always)]
    fn split(self, at: usize) -> (impl Operands<F>, impl Operands<F>) {
        let Self(first, second) = self;
        if at == first.len() { (first, second) } else { first.split_at(at) }
    }
}
