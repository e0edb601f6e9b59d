//! Boxes and bends in their layers, linked from layer to layer.

use super::Size;
use super::layers::Neighbours;
use std::collections::HashMap;

/// Most bends in all. Beyond, links are drawn straight across: a picture of so many long links
/// shows a texture, not lines that an eye can follow.
const BENDS: usize = 20_000;

/// The room between the outlines of two neighbours in a layer.
const GAP: f64 = 22.0;

/// What stands in layers: the boxes first, with their numbers, then the bends.
pub(super) struct Grid {
    /// How many of the items are boxes.
    pub(super) boxes: usize,
    /// Of each item its layer.
    pub(super) layer: Vec<usize>,
    /// Of each item half the room it needs, from its middle to the middle of the gap.
    pub(super) reach: Vec<f64>,
    /// The items of each layer from top to bottom.
    pub(super) rows: Vec<Vec<usize>>,
    /// Of each item those in the layer before, and in the layer behind, that it is linked with.
    pub(super) before: Neighbours,
    pub(super) behind: Neighbours,
    /// Of each box, and the layers behind it, the bends of the links that leave it.
    bends: HashMap<(usize, usize), usize>,
}

impl Grid {
    pub(super) fn new(sizes: &[Size], links: &[(usize, usize)], layers: &[usize]) -> Self {
        let mut layer = layers.to_vec();
        let (bends, segments) = lead(links, &mut layer);
        let reach = |item: usize| match sizes.get(item) {
            Some(size) => (size.height + GAP) / 2.0,
            None => GAP / 2.0,
        };
        let items = layer.len();
        Self {
            boxes: sizes.len(),
            reach: (0..items).map(reach).collect(),
            rows: rows(&layer),
            before: Neighbours::new(items, segments.iter().map(|&(from, to)| (to, from))),
            behind: Neighbours::new(items, segments.iter().copied()),
            layer,
            bends,
        }
    }

    /// The bends of a link, in its direction.
    pub(super) fn bends(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let between = self.layer[from] + 1..self.layer[to].max(self.layer[from] + 1);
        between.filter_map(move |layer| self.bends.get(&(from, layer)).copied())
    }
}

/// Bends by box and layer, and the segments between items of neighbouring layers.
type Led = (HashMap<(usize, usize), usize>, Vec<(usize, usize)>);

/// Leads links through the layers that they cross, the shortest first while there are bends to
/// give. New items are appended to `layer`.
fn lead(links: &[(usize, usize)], layer: &mut Vec<usize>) -> Led {
    let mut forward: Vec<(usize, usize)> = links.iter().copied().filter(|(a, b)| a < b).collect();
    forward.sort_by_key(|&(from, to)| (layer[to] - layer[from], from, to));
    let (mut bends, mut segments) = (HashMap::new(), Vec::new());
    for (from, to) in forward {
        let (first, last) = (layer[from] + 1, layer[to]);
        if bends.len() + (last - first) > BENDS {
            break;
        }
        let mut previous = from;
        for between in first..last {
            previous = *bends.entry((from, between)).or_insert_with(|| {
                layer.push(between);
                segments.push((previous, layer.len() - 1));
                layer.len() - 1
            });
        }
        segments.push((previous, to));
    }
    (bends, segments)
}

/// The items of each layer, in the order of their numbers.
fn rows(layer: &[usize]) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)];
    for (item, &layer) in layer.iter().enumerate() {
        rows[layer].push(item);
    }
    rows
}
