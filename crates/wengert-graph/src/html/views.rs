//! The drawings of a page: the picture, and the picture with each of its groups opened.

use crate::{Element, Picture};

/// Most cards of all drawings beside the first: each is some kilobyte of the page.
const CARDS: usize = 600;

/// Most nodes that opening may look at in all: opening a group is a pass over the recording.
const WORK: usize = 1_000_000;

/// The drawings, the picture itself first.
pub(super) struct Views<'s> {
    pub(super) list: Vec<View<'s>>,
}

/// One drawing.
pub(super) struct View<'s> {
    pub(super) picture: Picture<'s>,
    /// The group that was opened, and the drawing that it was opened in.
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    /// Of each element, the drawing in which it is open.
    pub(super) opens: Vec<Option<usize>>,
}

impl<'s> Views<'s> {
    /// The picture, and as many of its groups opened as a page has room for: all of the picture
    /// first, then the groups within them.
    pub(super) fn of(picture: &Picture<'s>) -> Self {
        let mut views = Self { list: vec![View::new(picture.clone(), String::new(), None)] };
        let (mut cards, mut work, mut at) = (0, 0, 0);
        while at < views.list.len() {
            for element in 0..views.list[at].picture.elements().len() {
                let Element::Group(group) = &views.list[at].picture.elements()[element] else {
                    continue;
                };
                work += picture.snapshot().len();
                if work > WORK || cards > CARDS {
                    return views;
                }
                let opened = views.list[at].picture.opened(element);
                cards += opened.elements().len();
                let view = View::new(opened, group.name.clone(), Some(at));
                views.list[at].opens[element] = Some(views.list.len());
                views.list.push(view);
            }
            at += 1;
        }
        views
    }
}

impl<'s> View<'s> {
    fn new(picture: Picture<'s>, name: String, parent: Option<usize>) -> Self {
        let opens = vec![None; picture.elements().len()];
        Self { picture, name, parent, opens }
    }
}
