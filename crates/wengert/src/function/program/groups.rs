//! Keys in order, where there are few different ones.

/// Bits at the end of a key that tell its position, which no two of a list share.
const POSITION: u32 = 16;

/// The most groups that are looked for: with more, comparisons are as fast.
const MOST: usize = 512;

/// The fewest keys for which the table pays.
const ENOUGH: usize = 128;

/// Memory for putting keys in order.
#[derive(Default)]
pub(super) struct Groups {
    /// What the keys of each group have in common, and how many they are; then where the next of
    /// them goes.
    groups: Vec<(u64, u32)>,
    /// Of each key, its group.
    of_keys: Vec<u16>,
    sorted: Vec<u64>,
}

impl Groups {
    /// Sorts keys that come in the order of their positions.
    ///
    /// PERF: operations repeat, so that a window of thousands has a dozen kinds. Those are sorted,
    /// and each key goes to its place without a comparison that a processor could guess wrong.
    pub(super) fn sort(&mut self, keys: &mut Vec<u64>) {
        // As those of a chain are.
        if keys.is_sorted() {
            return;
        }
        if keys.len() < ENOUGH || !self.group(keys) {
            return keys.sort_unstable();
        }
        let Self { groups, of_keys, sorted } = self;
        let with_number = |(group, &(key, _)): (usize, &(u64, u32))| key << POSITION | group as u64;
        let mut order: Vec<u64> = groups.iter().enumerate().map(with_number).collect();
        order.sort_unstable();
        let mut next = 0;
        for group in order.iter().map(|with_number| with_number % (1 << POSITION)) {
            next += std::mem::replace(&mut groups[group as usize].1, next);
        }
        sorted.resize(keys.len(), 0);
        for (&key, &group) in keys.iter().zip(&*of_keys) {
            let next = &mut groups[group as usize].1;
            sorted[*next as usize] = key;
            *next += 1;
        }
        std::mem::swap(keys, sorted);
    }

    /// Finds the group of each key, unless there are too many.
    fn group(&mut self, keys: &[u64]) -> bool {
        let Self { groups, of_keys, .. } = self;
        groups.clear();
        of_keys.clear();
        // One more than the group whose turn it is at a place; half of them stay empty at least.
        let mut table = [0_u16; 2 * MOST];
        for key in keys.iter().map(|key| key >> POSITION) {
            let mut place = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - 10)) as usize;
            let group = loop {
                match usize::from(table[place]).checked_sub(1) {
                    Some(group) if groups[group].0 == key => break group,
                    Some(_) => place = (place + 1) % table.len(),
                    None if groups.len() == MOST => return false,
                    None => {
                        groups.push((key, 0));
                        table[place] = groups.len() as u16;
                        break groups.len() - 1;
                    }
                }
            };
            groups[group].1 += 1;
            of_keys.push(group as u16);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Groups, MOST};

    /// Keys with positions behind so many kinds, which come in no order.
    fn keys(len: u64, kinds: u64) -> Vec<u64> {
        let kind = |i: u64| i.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 20 & 0xFFFF_FFFF;
        (0..len).map(|i| (kind(i * 7919 % kinds) << 16) | i).collect()
    }

    #[test]
    fn keys_of_few_and_of_many_kinds_are_sorted() {
        let mut groups = Groups::default();
        for len in [0, 1, 5, 127, 128, 300, 4096] {
            for kinds in [1, 2, 3, 40, MOST as u64, MOST as u64 + 1, 4000] {
                let mut sorted = keys(len, kinds);
                let mut expected = sorted.clone();
                expected.sort_unstable();
                groups.sort(&mut sorted);
                assert_eq!(sorted, expected, "{len} keys of {kinds} kinds");
            }
        }
    }
}
