//! What a file holds, as serde sees it: lists of numbers and names, nothing of which is checked
//! yet but that they are there.

use super::number::Number;
use super::operand::Operand;
use super::{codes, lines, words};
use crate::error::SavedError;
use crate::function::callee::Callee;
use crate::function::draft::{Draft, DraftGuard, Source};
use crate::function::known::callees;
use crate::function::program::decode::decode;
use crate::operation::Operation;
use crate::scalar::{Concrete, Real};
use serde::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// How a file of bytes begins.
const MAGIC: [u8; 4] = *b"wgrt";

/// The version that is written, and the oldest that is read.
///
/// A file of an older version than the newest is read into its own form first. A new version is
/// needed where an old reader would misunderstand, not for a new operation, which it refuses.
const NEWEST: u32 = 2;
const OLDEST: u32 = 1;

/// The first version that has functions that are called.
const CALLS: u32 = 2;

/// The version of a file: in a format for people a number, else with [`MAGIC`] before it.
#[derive(Clone, Copy)]
pub(super) struct Version {
    magic: [u8; 4],
    number: u32,
}

impl Version {
    pub(super) fn check(self) -> Result<(), SavedError> {
        match self.number {
            _ if self.magic != MAGIC => Err(SavedError::Foreign),
            OLDEST..=NEWEST => Ok(()),
            given => Err(SavedError::Version { given, oldest: OLDEST, newest: NEWEST }),
        }
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.number.serialize(serializer)
        } else {
            (self.magic, self.number).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let number = u32::deserialize(deserializer)?;
            return Ok(Self { magic: MAGIC, number });
        }
        let (magic, number) = Deserialize::deserialize(deserializer)?;
        Ok(Self { magic, number })
    }
}

/// A version that is read: what follows another cannot be understood.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "Version", into = "Version")]
pub(super) struct Known {
    number: u32,
}

impl TryFrom<Version> for Known {
    type Error = SavedError;
    fn try_from(version: Version) -> Result<Self, SavedError> {
        version.check().map(|()| Self { number: version.number })
    }
}

impl From<Known> for Version {
    fn from(Known { number }: Known) -> Self {
        Self { magic: MAGIC, number }
    }
}

/// How every file begins, whatever its version and scalar.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) wengert: Version,
    pub(super) scalar: String,
}

/// A saved function. One that calls none is of version 1, which ends with the files.
#[derive(Serialize)]
#[serde(bound = "F: Real")]
pub(super) struct Saved<F> {
    wengert: Known,
    pub(super) scalar: String,
    /// Whether evaluations go on where a guard fails.
    pub(super) ignores_guards: bool,
    pub(super) variables: Vec<Number<F>>,
    pub(super) data: Vec<Number<F>>,
    pub(super) constants: Vec<Number<F>>,
    pub(super) steps: Steps,
    pub(super) outputs: Vec<Operand>,
    pub(super) guards: Vec<SavedGuard<F>>,
    /// The files that guards name by position, each once.
    pub(super) files: Vec<String>,
    /// The functions that are called, each once and behind those that it calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) functions: Vec<SavedCallee<F>>,
}

/// A function that is called.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "F: Real")]
pub(super) struct SavedCallee<F> {
    pub(super) name: String,
    pub(super) variables: Vec<Number<F>>,
    pub(super) constants: Vec<Number<F>>,
    pub(super) steps: Steps,
    pub(super) outputs: Vec<Operand>,
}

/// A list that grows as it is read. A `Vec` makes room for as many entries as there claim to be
/// and bytes are left for, which is too much where an entry takes more memory than file.
fn one_by_one<'de, D: Deserializer<'de>, T: Deserialize<'de>>(list: D) -> Result<Vec<T>, D::Error> {
    struct OneByOne<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for OneByOne<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(entry) = entries.next_element()? {
                list.push(entry);
            }
            Ok(list)
        }
    }

    list.deserialize_seq(OneByOne(PhantomData))
}

/// The steps: in a format for people line by line, else as words.
pub(super) enum Steps {
    Words(Vec<u64>),
    Lines(Vec<String>),
}

impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Words(words) => words.serialize(serializer),
            Self::Lines(lines) => lines.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Deserialize::deserialize(deserializer).map(Self::Lines)
        } else {
            Deserialize::deserialize(deserializer).map(Self::Words)
        }
    }
}

/// A guard, with the place of its comparison in the program that recorded it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "F: Real")]
pub(super) struct SavedGuard<F> {
    pub(super) comparison: Asked,
    pub(super) operands: [Operand; 2],
    pub(super) then: [Number<F>; 2],
    pub(super) file: u32,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A comparison: by name in a format for people, else by number.
#[derive(Clone, Copy)]
pub(super) struct Asked(pub(super) u64);

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match codes::comparison_name(self.0) {
            Some(name) if serializer.is_human_readable() => serializer.serialize_str(name),
            _ => serializer.serialize_u64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Asked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Name)
        } else {
            u64::deserialize(deserializer).map(Self)
        }
    }
}

struct Name;

impl Visitor<'_> for Name {
    type Value = Asked;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a comparison, as \"less\"")
    }
    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Asked, E> {
        let code = codes::comparison_named(name);
        code.map(Asked).ok_or_else(|| E::invalid_value(Unexpected::Str(name), &self))
    }
}

impl<F: Real> Saved<F> {
    /// What is saved of a draft, for a format for people or another.
    pub(super) fn of(draft: &Draft<F>, ignores_guards: bool, is_human_readable: bool) -> Self {
        let called = callees(&draft.calls);
        let steps = |draft: &Draft<F>| match is_human_readable {
            true => Steps::Lines(lines::write(draft, &called)),
            false => Steps::Words(words::write(draft, &called)),
        };
        let callee = |callee: &&Callee<F>| {
            let draft = decode(callee.program());
            SavedCallee {
                name: callee.name().to_owned(),
                variables: numbers(&draft.variables),
                constants: numbers(&draft.constants),
                steps: steps(&draft),
                outputs: operands(&draft.outputs),
            }
        };
        let functions: Vec<_> = called.iter().map(callee).collect();
        let mut files = Vec::new();
        Self {
            wengert: Known { number: if functions.is_empty() { OLDEST } else { NEWEST } },
            scalar: F::NAME.to_owned(),
            ignores_guards,
            variables: numbers(&draft.variables),
            data: numbers(&draft.data),
            constants: numbers(&draft.constants),
            steps: steps(draft),
            outputs: operands(&draft.outputs),
            guards: draft.guards.iter().map(|guard| saved_guard(guard, &mut files)).collect(),
            files,
            functions,
        }
    }
}

fn numbers<F: Copy>(list: &[F]) -> Vec<Number<F>> {
    list.iter().copied().map(Number).collect()
}

fn operands(list: &[Source]) -> Vec<Operand> {
    list.iter().copied().map(Operand::from).collect()
}

/// Reads a file of any version that is known: field by field, since it is the first that tells which
/// are there.
impl<'de, F: Real> Deserialize<'de> for Saved<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Saved", Fields::<F>::NAMES, FileVisitor(PhantomData))
    }
}

/// A list that grows as it is read.
struct OneByOne<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneByOne<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_by_one(deserializer).map(Self)
    }
}

/// Defines what is known of a file while it is read, and how each field is found.
macro_rules! fields {
    ($($field:ident: $type:ty,)*) => {
        /// The fields that were read.
        struct Fields<F> { $($field: Option<$type>,)* }

        impl<F: Real> Fields<F> {
            const NAMES: &'static [&'static str] = &[$(stringify!($field),)*];

            const fn none() -> Self {
                Self { $($field: None,)* }
            }

            /// Reads the next fields in their order, as many as the version has.
            fn read_all<'de, A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<(), A::Error> {
                $(
                    if self.has(stringify!($field)) {
                        let next = list.next_element()?;
                        let missing = || A::Error::missing_field(stringify!($field));
                        self.$field = Some(next.ok_or_else(missing)?);
                    }
                )*
                Ok(())
            }

            /// Reads the field of a name.
            fn read<'de, A: MapAccess<'de>>(
                &mut self,
                name: &str,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match name {
                    $(
                        stringify!($field) if self.$field.is_some() => {
                            Err(A::Error::duplicate_field(stringify!($field)))
                        }
                        stringify!($field) => {
                            self.$field = Some(map.next_value()?);
                            Ok(())
                        }
                    )*
                    _ => Err(A::Error::unknown_field(name, Self::NAMES)),
                }
            }
        }
    };
}

fields! {
    wengert: Known,
    scalar: String,
    ignores_guards: bool,
    variables: Vec<Number<F>>,
    data: Vec<Number<F>>,
    constants: Vec<Number<F>>,
    steps: Steps,
    outputs: Vec<Operand>,
    guards: OneByOne<SavedGuard<F>>,
    files: Vec<String>,
    functions: OneByOne<SavedCallee<F>>,
}

impl<F: Real> Fields<F> {
    /// Whether the version of the file has a field.
    fn has(&self, name: &str) -> bool {
        name != "functions" || self.wengert.is_some_and(|version| version.number >= CALLS)
    }

    fn saved<E: Error>(self) -> Result<Saved<F>, E> {
        if !self.has("functions") && self.functions.is_some() {
            return Err(E::custom("functions that are called are of a newer version"));
        }
        let missing = |name| move || E::missing_field(name);
        Ok(Saved {
            wengert: self.wengert.ok_or_else(missing("wengert"))?,
            scalar: self.scalar.ok_or_else(missing("scalar"))?,
            ignores_guards: self.ignores_guards.ok_or_else(missing("ignores_guards"))?,
            variables: self.variables.ok_or_else(missing("variables"))?,
            data: self.data.ok_or_else(missing("data"))?,
            constants: self.constants.ok_or_else(missing("constants"))?,
            steps: self.steps.ok_or_else(missing("steps"))?,
            outputs: self.outputs.ok_or_else(missing("outputs"))?,
            guards: self.guards.ok_or_else(missing("guards"))?.0,
            files: self.files.ok_or_else(missing("files"))?,
            functions: self.functions.map_or_else(Vec::new, |list| list.0),
        })
    }
}

struct FileVisitor<F>(PhantomData<F>);

impl<'de, F: Real> Visitor<'de> for FileVisitor<F> {
    type Value = Saved<F>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a saved function")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Saved<F>, A::Error> {
        let mut fields = Fields::none();
        fields.read_all(&mut list)?;
        fields.saved()
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Saved<F>, A::Error> {
        let mut fields = Fields::none();
        while let Some(name) = map.next_key::<String>()? {
            fields.read(&name, &mut map)?;
        }
        fields.saved()
    }
}

fn saved_guard<F: Real>(guard: &DraftGuard<F>, files: &mut Vec<String>) -> SavedGuard<F> {
    let name: &str = &guard.place.file;
    // A path goes through few files, and the guards of one follow each other.
    let file = files.iter().rposition(|file| file == name).unwrap_or_else(|| {
        files.push(name.to_owned());
        files.len() - 1
    });
    SavedGuard {
        comparison: Asked(codes::comparison_code(guard.comparison)),
        operands: guard.operands.map(Operand::from),
        then: [Number(guard.then.0), Number(guard.then.1)],
        file: file as u32,
        line: guard.place.line,
        column: guard.place.column,
    }
}
