//! Where the operands of a run of operations are found.
//!
//! The k-th operands of all operations of a run are a column. Most columns are regular, and
//! then a word or two name them whole.

use crate::function::element::arrays::array;
use crate::function::program::Header;

/// How a column is written: two bits of an instruction's layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) enum Mode {
    /// A word for each operand.
    Each = 0,
    /// Consecutive slots: a word for the first.
    Unit = 1,
    /// The same slot for all: a word.
    Same = 2,
    /// Slots at a distance: a word for the first, a word for the distance.
    Strided = 3,
}

/// Bits of the layout for a column: its mode, and whether an adjoint flows into it.
pub(in crate::function) const BITS: usize = 3;
pub(in crate::function) const ACTIVE: u32 = 4;

/// A column of operands.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Column<'a> {
    pub(in crate::function) is_active: bool,
    base: usize,
    stride: usize,
    /// Each slot, or empty where the column is regular.
    each: &'a [u32],
}

/// The words of a column whose layout is `bits`, for a run of `count`.
#[inline(always)]
pub(in crate::function) const fn words_of(bits: u32, count: usize) -> usize {
    match bits & 3 {
        0 => count,
        3 => 2,
        _ => 1,
    }
}

impl<'a> Column<'a> {
    /// Reads a column at the start of `words`.
    #[inline(always)]
    pub(in crate::function) fn read(bits: u32, count: usize, words: &'a [u32]) -> Self {
        let is_active = bits & ACTIVE != 0;
        let base = words[0] as usize;
        match bits & 3 {
            0 => Self { is_active, base: 0, stride: 0, each: &words[..count] },
            1 => Self { is_active, base, stride: 1, each: &[] },
            2 => Self { is_active, base, stride: 0, each: &[] },
            _ => Self { is_active, base, stride: words[1] as usize, each: &[] },
        }
    }

    /// Reads the columns of an instruction that has nothing else.
    #[inline(always)]
    pub(in crate::function) fn read_all<const N: usize>(
        header: Header,
        words: &'a [u32],
    ) -> [Self; N] {
        let (count, mut at) = (header.count as usize, 0);
        array(
            #[inline(always)]
            |k| {
                let column = Self::read(header.bits(k), count, &words[at..]);
                at += words_of(header.bits(k), count);
                column
            },
        )
    }

    /// Slots from `base` on, at a distance.
    #[inline(always)]
    pub(in crate::function) const fn run(base: usize, stride: usize, is_active: bool) -> Self {
        Self { is_active, base, stride, each: &[] }
    }

    /// Slots that are listed, into which adjoints flow.
    #[inline(always)]
    pub(in crate::function) const fn listed(each: &'a [u32]) -> Self {
        Self { is_active: true, base: 0, stride: 0, each }
    }

    /// Whether another column is seen to have the same slots.
    #[inline(always)]
    pub(in crate::function) fn is(&self, other: &Self) -> bool {
        self.regular().is_some() && self.regular() == other.regular()
    }

    /// The slot of the i-th operand.
    #[inline(always)]
    pub(in crate::function) fn slot(&self, i: usize) -> usize {
        if self.each.is_empty() { self.base + self.stride * i } else { self.each[i] as usize }
    }

    /// The first slot and the distance to the next, of a column that has one.
    #[inline(always)]
    pub(in crate::function) fn regular(&self) -> Option<(usize, usize)> {
        self.each.is_empty().then_some((self.base, self.stride))
    }

    /// The slots, of a column that has them one by one.
    #[inline(always)]
    pub(in crate::function) fn listed_slots(&self) -> Option<&'a [u32]> {
        (!self.each.is_empty()).then_some(self.each)
    }

    /// The first of consecutive slots.
    #[inline(always)]
    pub(in crate::function) fn unit(&self) -> Option<usize> {
        match self.regular() {
            Some((first, 1)) => Some(first),
            _ => None,
        }
    }

    /// `P` operands from the i-th on.
    #[inline(always)]
    pub(in crate::function) fn load<E: Copy, const P: usize>(
        &self,
        slots: &[E],
        i: usize,
    ) -> [E; P] {
        if const { P == 1 } {
            return [slots[self.slot(i)]; P];
        }
        if let Some(each) = self.each.get(i..i + P) {
            return array(
                #[inline(always)]
                |k| slots[each[k] as usize],
            );
        }
        let start = self.base + self.stride * i;
        match self.stride {
            0 => [slots[start]; P],
            1 => {
                let run = &slots[start..start + P];
                array(
                    #[inline(always)]
                    |k| run[k],
                )
            }
            stride => array(
                #[inline(always)]
                |k| slots[start + stride * k],
            ),
        }
    }

    /// The first of so many slots from the i-th on, if they are consecutive.
    #[inline(always)]
    pub(in crate::function) fn lying(&self, i: usize, count: usize) -> Option<usize> {
        if count == 1 { Some(self.slot(i)) } else { self.unit().map(|first| first + i) }
    }

    /// The operands from the i-th on, as many as there is room for: where they lie side by side, or
    /// copied there.
    #[inline(always)]
    pub(in crate::function) fn side_by_side<'s, E: Copy>(
        &self,
        slots: &'s [E],
        i: usize,
        room: &'s mut [E],
    ) -> &'s [E] {
        if let Some(first) = self.lying(i, room.len()) {
            return &slots[first..first + room.len()];
        }
        self.copy(slots, i, room);
        room
    }

    /// Copies the operands from the i-th on, as many as there is room for.
    #[inline(always)]
    pub(in crate::function) fn copy<E: Copy>(&self, slots: &[E], i: usize, room: &mut [E]) {
        match self.regular() {
            Some((first, 1)) => room.copy_from_slice(&slots[first + i..][..room.len()]),
            Some((slot, 0)) => room.fill(slots[slot]),
            _ => {
                for (k, operand) in room.iter_mut().enumerate() {
                    *operand = slots[self.slot(i + k)];
                }
            }
        }
    }

    /// Adds to the operands from the i-th on, one after the other.
    #[inline(always)]
    pub(in crate::function) fn add_all<E>(&self, slots: &mut [E], i: usize, flow: &[E])
    where
        E: Copy + std::ops::AddAssign,
    {
        if let Some(first) = self.unit() {
            let slots = &mut slots[first + i..][..flow.len()];
            return slots.iter_mut().zip(flow).for_each(|(slot, &flow)| *slot += flow);
        }
        for (k, &flow) in flow.iter().enumerate() {
            slots[self.slot(i + k)] += flow;
        }
    }

    /// Adds to `P` operands from the i-th on, one after the other.
    #[inline(always)]
    pub(in crate::function) fn add<E, const P: usize>(
        &self,
        slots: &mut [E],
        i: usize,
        flow: [E; P],
    ) where
        E: Copy + std::ops::AddAssign,
    {
        if const { P == 1 } {
            slots[self.slot(i)] += flow[0];
            return;
        }
        if let Some(each) = self.each.get(i..i + P) {
            for k in 0..P {
                slots[each[k] as usize] += flow[k];
            }
            return;
        }
        let start = self.base + self.stride * i;
        match self.stride {
            0 => {
                let slot = &mut slots[start];
                flow.into_iter().for_each(|flow| *slot += flow);
            }
            1 => {
                let run = &mut slots[start..start + P];
                for k in 0..P {
                    run[k] += flow[k];
                }
            }
            stride => {
                for k in 0..P {
                    slots[start + stride * k] += flow[k];
                }
            }
        }
    }
}

/// A column that is one word: operands side by side, or one for all.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Line {
    pub(in crate::function) is_active: bool,
    pub(in crate::function) first: usize,
    pub(in crate::function) is_unit: bool,
}

impl Line {
    /// The column whose layout and first word are given, if it is a line.
    #[inline(always)]
    pub(in crate::function) const fn of(bits: u32, word: u32) -> Option<Self> {
        let (is_active, is_unit) = (bits & ACTIVE != 0, bits & 3 == Mode::Unit as u32);
        let is_line = is_unit || bits & 3 == Mode::Same as u32;
        if is_line { Some(Self { is_active, first: word as usize, is_unit }) } else { None }
    }

    /// Whether adjoints of two columns of a run flow into the same slot.
    #[inline(always)]
    pub(in crate::function) const fn meets(self, other: Self, count: usize) -> bool {
        let (len, of_other) = (self.len(count), other.len(count));
        self.is_active
            && other.is_active
            && self.first < other.first + of_other
            && other.first < self.first + len
    }

    const fn len(self, count: usize) -> usize {
        if self.is_unit { count } else { 1 }
    }

    /// `P` operands from the i-th on. Those beyond the run are whatever lies there.
    #[inline(always)]
    pub(in crate::function) fn load<E: Copy, const P: usize>(
        self,
        slots: &[E],
        i: usize,
    ) -> [E; P] {
        if self.is_unit { pack(slots, self.first + i) } else { [slots[self.first]; P] }
    }

    /// Adds to `P` operands from the i-th on, one after the other.
    #[inline(always)]
    pub(in crate::function) fn add<E, const P: usize>(self, slots: &mut [E], i: usize, flow: [E; P])
    where
        E: Copy + std::ops::AddAssign,
    {
        if self.is_unit {
            let slots = pack_mut::<E, P>(slots, self.first + i);
            for k in 0..P {
                slots[k] += flow[k];
            }
        } else {
            let slot = &mut slots[self.first];
            flow.into_iter().for_each(|flow| *slot += flow);
        }
    }
}

/// `P` entries from the first on.
#[inline(always)]
pub(in crate::function) fn pack<E: Copy, const P: usize>(entries: &[E], first: usize) -> [E; P] {
    *entries[first..].first_chunk().expect("entries are padded")
}

/// Fewer than `P` entries, the first of them repeated behind the last.
#[inline(always)]
pub(in crate::function) fn rest<E: Copy, const P: usize>(entries: &[E]) -> [E; P] {
    let mut all = [entries[0]; P];
    for (to, &entry) in all.iter_mut().zip(entries) {
        *to = entry;
    }
    all
}

/// `P` entries from the first on, to be changed.
#[inline(always)]
pub(in crate::function) fn pack_mut<E, const P: usize>(
    entries: &mut [E],
    first: usize,
) -> &mut [E; P] {
    entries[first..].first_chunk_mut().expect("entries are padded")
}

/// The distances between the operands of operations that follow each other.
#[derive(Default)]
pub(in crate::function) struct Strides {
    /// For each operand, its slot in the last operation, and the distance of that.
    last: Vec<[u32; 2]>,
}

impl Strides {
    pub(in crate::function) fn clear(&mut self) {
        self.last.clear();
    }

    /// Takes the slots of the next operation, and tells whether each is as far from the last one
    /// as that was from the one before.
    #[inline]
    pub(in crate::function) fn step(&mut self, slots: impl Iterator<Item = u32>) -> bool {
        let mut is_regular = true;
        for (k, slot) in slots.enumerate() {
            match self.last.get_mut(k) {
                Some([last, stride]) => {
                    let now = slot.wrapping_sub(*last);
                    is_regular &= now == *stride;
                    [*last, *stride] = [slot, now];
                }
                None => self.last.push([slot, 0]),
            }
        }
        is_regular
    }
}

/// Finds the shortest way to write a column.
pub(in crate::function) fn mode_of(slots: &[u32]) -> Mode {
    let stride = match slots {
        [] | [_] => return Mode::Same,
        [first, second, ..] => second.wrapping_sub(*first),
    };
    let is_regular = slots.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) == stride);
    match stride {
        _ if !is_regular => Mode::Each,
        0 => Mode::Same,
        1 => Mode::Unit,
        // A stride downwards would wrap round.
        _ if slots[0] > slots[1] => Mode::Each,
        _ => Mode::Strided,
    }
}

/// Appends a column to `words` and returns the bits of its layout.
pub(in crate::function) fn write(slots: &[u32], is_active: bool, words: &mut Vec<u32>) -> u32 {
    let mode = mode_of(slots);
    match mode {
        Mode::Each => words.extend_from_slice(slots),
        Mode::Unit | Mode::Same => words.push(slots[0]),
        Mode::Strided => words.extend([slots[0], slots[1] - slots[0]]),
    }
    mode as u32 | if is_active { ACTIVE } else { 0 }
}

/// The bits of the layout of a column of one slot, as [`write()`] gives them.
#[inline]
pub(in crate::function) const fn bits_of_one(is_active: bool) -> u32 {
    Mode::Same as u32 | if is_active { ACTIVE } else { 0 }
}

/// The bits of a [`Join`] in the layout of a term of short sums, behind two columns.
pub(in crate::function) const JOIN: usize = 2 * BITS;

/// How the product of a term goes into its sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) struct Join {
    pub(in crate::function) is_negated: bool,
    /// Whether it is rounded with the sum, once. The first of a sum never is.
    pub(in crate::function) is_fused: bool,
}

impl Join {
    pub(in crate::function) const fn bits(self) -> u32 {
        self.is_negated as u32 | (self.is_fused as u32) << 1
    }

    #[inline(always)]
    const fn of(layout: u32) -> Self {
        Self { is_negated: layout >> JOIN & 1 != 0, is_fused: layout >> JOIN & 2 != 0 }
    }
}

/// The terms of several short sums: the columns of their factors, and how they are added.
pub(in crate::function) struct ShortSums<'a> {
    count: usize,
    terms: usize,
    words: &'a [u32],
}

impl<'a> ShortSums<'a> {
    /// Reads the instruction that begins with `words`.
    #[inline(always)]
    pub(in crate::function) fn read(header: Header, words: &'a [u32]) -> Self {
        Self { count: header.count as usize, terms: words[1] as usize, words: &words[2..] }
    }

    #[inline(always)]
    fn column(&mut self, bits: u32) -> Column<'a> {
        let column = Column::read(bits, self.count, self.words);
        self.words = &self.words[words_of(bits, self.count)..];
        column
    }
}

impl<'a> Iterator for ShortSums<'a> {
    type Item = ([Column<'a>; 2], Join);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        self.terms = self.terms.checked_sub(1)?;
        let layout = self.words[0];
        self.words = &self.words[1..];
        let pair = [self.column(layout), self.column(layout >> BITS)];
        Some((pair, Join::of(layout)))
    }
}

/// A term of short sums whose columns are one word each: of one by itself, where that is a slot,
/// or of several, where it is a line.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct LoneTerm {
    pub(in crate::function) a: usize,
    pub(in crate::function) b: usize,
    layout: u32,
}

impl LoneTerm {
    /// Whether the columns of the instruction that begins with `words` are all one word.
    #[inline(always)]
    pub(in crate::function) const fn are_all(words: &[u32]) -> bool {
        // The length, the number of terms, three words a term, the length.
        words[0] == 3 + 3 * words[1]
    }

    /// The terms of the instruction that begins with `words`, if they are [such](Self::are_all).
    #[inline(always)]
    pub(in crate::function) fn all(words: &[u32]) -> impl Iterator<Item = Self> {
        let terms = &words[2..2 + 3 * words[1] as usize];
        terms.as_chunks().0.iter().map(|&[layout, a, b]| Self {
            a: a as usize,
            b: b as usize,
            layout,
        })
    }

    /// The two factors of several sums.
    #[inline(always)]
    pub(in crate::function) const fn lines(self) -> [Line; 2] {
        [Self::line(self.layout, self.a), Self::line(self.layout >> BITS, self.b)]
    }

    /// A column of one word, which is a line.
    #[inline(always)]
    const fn line(bits: u32, first: usize) -> Line {
        let (is_active, is_unit) = (bits & ACTIVE != 0, bits & 3 == Mode::Unit as u32);
        Line { is_active, first, is_unit }
    }

    #[inline(always)]
    pub(in crate::function) const fn join(self) -> Join {
        Join::of(self.layout)
    }
    #[inline(always)]
    pub(in crate::function) const fn is_a_active(self) -> bool {
        self.layout & ACTIVE != 0
    }
    #[inline(always)]
    pub(in crate::function) const fn is_b_active(self) -> bool {
        self.layout >> BITS & ACTIVE != 0
    }
}
