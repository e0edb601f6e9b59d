//! What a layout promises: an order, room for all, and few crossings.

use super::{Layout, Size, lay_out, order};

const SIZE: Size = Size { lead: 30.0, width: 100.0, height: 40.0 };

/// Numbers that look random and are the same everywhere: Steele and others' splitmix64.
fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % below as u64) as usize
}

/// Boxes each of which uses two of the `window` before it.
fn random_links(boxes: usize, window: usize, seed: u64) -> Vec<(usize, usize)> {
    let mut state = seed;
    let mut links = Vec::new();
    for to in 1..boxes {
        for _ in 0..2 {
            links.push((to - 1 - random(&mut state, window.min(to)), to));
        }
    }
    links.sort_unstable();
    links.dedup();
    links
}

#[track_caller]
fn assert_sound(layout: &Layout, sizes: &[Size], links: &[(usize, usize)]) {
    for &(from, to) in links.iter().filter(|(from, to)| from < to) {
        let [from, to] = [from, to].map(|at| layout.spots[at]);
        assert!(from.layer < to.layer && from.right < to.left);
    }
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let spots = &layout.spots;
    order.sort_by(|&a, &b| {
        (spots[a].layer, spots[a].middle).partial_cmp(&(spots[b].layer, spots[b].middle)).unwrap()
    });
    for pair in order.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let room = (sizes[a].height + sizes[b].height) / 2.0;
        let apart = spots[b].middle - spots[a].middle;
        assert!(spots[a].layer < spots[b].layer || apart >= room, "{a} and {b} overlap");
    }
    for (spot, size) in spots.iter().zip(sizes) {
        assert!(spot.left >= size.lead - 1e-9 && spot.right <= layout.width);
        assert!(spot.middle - size.height / 2.0 >= 0.0);
        assert!(spot.middle + size.height / 2.0 <= layout.height);
    }
}

#[test]
fn layouts_are_sound_and_cross_less_than_the_naive_order() {
    let (mut naive, mut drawn) = (0, 0);
    for seed in 0..40 {
        let boxes = 5 + 4 * seed as usize;
        let links = random_links(boxes, 12, seed);
        let sizes: Vec<Size> =
            (0..boxes).map(|i| Size { height: 30.0 + (i % 3) as f64 * 20.0, ..SIZE }).collect();
        let layout = lay_out(&sizes, &links);
        assert_sound(&layout, &sizes, &links);
        assert!(layout.crossings.drawn <= layout.crossings.naive);
        naive += layout.crossings.naive;
        drawn += layout.crossings.drawn;
    }
    assert!(3 * drawn < 2 * naive, "{drawn} crossings, {naive} in recording order");
}

#[test]
fn a_tree_is_drawn_without_crossings() {
    // A complete binary tree of sums: leaf i and its neighbour feed the same node.
    let mut links = Vec::new();
    let (mut first, mut count) = (0, 32);
    while count > 1 {
        let next = first + count;
        // Shuffled, so that recording order does cross.
        links.extend((0..count).map(|i| (first + i, next + (i * 7 + 3) % count / 2)));
        (first, count) = (next, count / 2);
    }
    let layout = lay_out(&[SIZE; 63], &links);
    assert!(layout.crossings.naive > 0);
    assert_eq!(layout.crossings.drawn, 0);
}

#[test]
fn crossings_are_counted_as_one_would_by_hand() {
    // Two pairs, crossed; then two to two, all linked, which cross once.
    let crossed = lay_out(&[SIZE; 4], &[(0, 3), (1, 2)]);
    assert_eq!((crossed.crossings.naive, crossed.crossings.drawn), (1, 0));
    let complete = lay_out(&[SIZE; 4], &[(0, 2), (0, 3), (1, 2), (1, 3)]);
    assert_eq!((complete.crossings.naive, complete.crossings.drawn), (1, 1));
}

#[test]
fn the_count_agrees_with_all_pairs() {
    for seed in 0..20 {
        let links = random_links(40, 8, seed);
        let layers = super::layers::assign(40, &links);
        let grid = super::Grid::new(&[SIZE; 40], &links, &layers);
        let places = order::places(&grid);
        let ends: Vec<(usize, usize, usize)> = (0..grid.layer.len())
            .flat_map(|a| grid.behind.of(a).iter().map(move |&b| (a, b)))
            .map(|(a, b)| (grid.layer[a], places[a], places[b]))
            .collect();
        let crosses = |&(la, a0, a1): &(usize, usize, usize),
                       &(lb, b0, b1): &(usize, usize, usize)| {
            la == lb && a0 < b0 && a1 > b1
        };
        let naive: usize = ends.iter().map(|a| ends.iter().filter(|b| crosses(a, b)).count()).sum();
        assert_eq!(order::crossings(&grid), naive);
    }
}

#[test]
fn an_input_stands_where_it_is_used() {
    // 0 → 1 → 2 → 3, and 4 is an input used by 5 alone, as 3 is.
    let links = [(0, 1), (1, 2), (2, 3), (3, 5), (4, 5)];
    let layout = lay_out(&[SIZE; 6], &links);
    assert_eq!(layout.spots[4].layer, layout.spots[3].layer);
}

#[test]
fn a_chain_is_a_straight_line() {
    let links: Vec<(usize, usize)> = (1..50).map(|to| (to - 1, to)).collect();
    let layout = lay_out(&[SIZE; 50], &links);
    let first = layout.spots[0].middle;
    assert!(layout.spots.iter().all(|spot| (spot.middle - first).abs() < 1e-9));
}

#[test]
fn long_links_are_led_around_boxes() {
    let mut links: Vec<(usize, usize)> = (1..8).map(|to| (to - 1, to)).collect();
    links.push((0, 7));
    let layout = lay_out(&[SIZE; 8], &links);
    let bends = layout.bends.last().unwrap();
    assert_eq!(bends.len(), 2 * 6);
    for bend in bends {
        let meets = |spot: &super::Spot| {
            (spot.left..=spot.right).contains(&bend.x) && (spot.middle - bend.y).abs() < 20.0
        };
        assert!(!layout.spots.iter().any(meets));
    }
}

#[test]
fn what_goes_backwards_is_left_alone() {
    let links = [(0, 1), (1, 2), (2, 0), (1, 1)];
    let layout = lay_out(&[SIZE; 3], &links);
    let layers: Vec<usize> = layout.spots.iter().map(|spot| spot.layer).collect();
    assert_eq!(layers, [0, 1, 2]);
    assert!(layout.bends[2].is_empty());
}

#[test]
fn nothing_to_lay_out_takes_no_room() {
    let layout = lay_out(&[], &[]);
    assert_eq!((layout.width, layout.height), (0.0, 0.0));
}

#[test]
fn thousands_of_boxes_with_very_long_links_end() {
    // A chain in which every step uses the first box again: two million bends, were there no
    // bound.
    let mut links: Vec<(usize, usize)> = (1..2000).map(|to| (to - 1, to)).collect();
    links.extend((2..2000).map(|to| (0, to)));
    links.extend((100..2000).map(|to| (to - 100, to)));
    let sizes = vec![SIZE; 2000];
    assert_sound(&lay_out(&sizes, &links), &sizes, &links);
}
