//! A set of parameters beside a plain list of what it should hold.

use crate::numbers::same;
use crate::program::Change;
use wengert::Parameters;
use wengert::parameters::ParameterId;

#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) parameters: Parameters,
    /// Keys, labels and values in order of position.
    pub(crate) wanted: Vec<(ParameterId, String, f64)>,
    /// Every key there ever was, and one of another set.
    keys: Vec<ParameterId>,
    foreign: ParameterId,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let foreign = Parameters::new().insert("foreign", 1.0);
        let parameters = Parameters::new();
        Self { parameters, wanted: Vec::new(), keys: vec![foreign], foreign }
    }

    pub(crate) fn change(&mut self, change: &Change) {
        match change {
            Change::Insert(label, number) => self.insert(label, number.value()),
            Change::Remove(which) => self.remove(self.key(*which)),
            Change::Set(which, number) => self.set(self.key(*which), number.value()),
        }
        self.check();
    }

    pub(crate) fn key(&self, which: u8) -> ParameterId {
        self.keys[usize::from(which) % self.keys.len()]
    }

    fn position(&self, key: ParameterId) -> Option<usize> {
        self.wanted.iter().position(|(id, ..)| *id == key)
    }

    fn insert(&mut self, label: &str, value: f64) {
        let key = self.parameters.insert(label, value);
        assert!(!self.keys.contains(&key), "a key is used once");
        self.keys.push(key);
        self.wanted.push((key, label.to_owned(), value));
    }

    fn remove(&mut self, key: ParameterId) {
        let removed = self.parameters.remove(key);
        match self.position(key) {
            Some(position) => {
                let (.., value) = self.wanted.remove(position);
                assert!(same(removed.expect("the key is there"), value));
            }
            None => self.check_absent(key),
        }
    }

    fn set(&mut self, key: ParameterId, value: f64) {
        if let Some(position) = self.position(key) {
            self.wanted[position].2 = value;
            self.parameters[key] = value;
        }
    }

    fn check_absent(&self, key: ParameterId) {
        let error = self.parameters.get(key).expect_err("the key is not there");
        assert_eq!(
            (error.is_foreign(), error.is_stale()),
            (key == self.foreign, key != self.foreign)
        );
        assert_eq!(self.parameters.label(key), Err(error));
    }

    fn check(&self) {
        let Self { parameters, wanted, keys, .. } = self;
        assert_eq!((parameters.len(), parameters.values().len()), (wanted.len(), wanted.len()));
        assert!(parameters.ids().eq(wanted.iter().map(|(key, ..)| *key)));
        for (position, (key, label, value)) in wanted.iter().enumerate() {
            assert_eq!(parameters.position(*key), Ok(position));
            assert_eq!(parameters.label(*key), Ok(label.as_str()));
            assert!(same(parameters[*key], *value));
            assert!(same(parameters.values()[position], *value));
        }
        let absent = keys.iter().filter(|key| self.position(**key).is_none());
        absent.for_each(|key| self.check_absent(*key));
    }
}
