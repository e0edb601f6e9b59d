//! Files cut off, damaged or made up: an error or a function, never a panic, and never more
//! memory than the file can justify.

use super::everything::everything;
use damage::Random;
use std::hint::black_box;
use wengert::{Error, Function, Inputs, Scan};

/// Bytes allocated at once while loading, for each byte of the file, and beside that.
const FACTOR: u64 = 32;
const REST: u64 = 4096;

/// Loads a file and, if it can be loaded, evaluates the function; with the memory that took.
fn load(file: &[u8], load: fn(&[u8]) -> Result<Function, Error>) -> bool {
    let mut loaded = None;
    let info = allocation_counter::measure(|| loaded = Some(load(file)));
    let limit = FACTOR * file.len() as u64 + REST;
    assert!(info.bytes_max <= limit, "{} bytes for {} of a file", info.bytes_max, file.len());
    match loaded.expect("it was called") {
        Ok(function) => {
            let info = allocation_counter::measure(|| evaluate(&function));
            assert!(info.bytes_max <= 4 * limit, "{} bytes for {}", info.bytes_max, file.len());
            let info = allocation_counter::measure(|| drop(black_box(function.batch_workspace())));
            assert!(info.bytes_max <= 5 * limit, "{} bytes for {}", info.bytes_max, file.len());
            true
        }
        Err(error) => {
            assert!(error.is_saved(), "{error}");
            black_box(error.to_string());
            false
        }
    }
}

/// Whatever comes out: numbers, or an error of a guard.
fn evaluate(f: &Function) {
    let (x, data) = (vec![0.7; f.num_variables()], vec![1.1; f.num_data()]);
    let inputs = Inputs { variables: &x, data: &data };
    let (mut workspace, mut dual) = (f.workspace(), f.dual_workspace());
    let mut values = vec![0.0; f.num_outputs()];
    let mut slopes = vec![0.0; x.len()];
    let seed = vec![1.0; f.num_outputs()];
    let _ = black_box(f.values(&mut workspace, f.recorded_at(), &mut values));
    let _ = black_box(f.values(&mut workspace, inputs, &mut values));
    let _ = black_box(f.vjp(&mut workspace, inputs, &seed, &mut slopes));
    let direction = vec![0.5; x.len()];
    let _ = black_box(f.jvp(&mut dual, inputs, &direction, &mut values));
}

fn bytes(file: &[u8]) -> Result<Function, Error> {
    Function::from_bytes(file)
}

fn json(file: &[u8]) -> Result<Function, Error> {
    // What is no UTF-8 is no JSON.
    Function::from_json(&String::from_utf8_lossy(file))
}

/// A short file with a bit of everything, and the file of every operation.
fn files() -> [Function; 2] {
    let short = Function::builder().data(&[0.5]).record_many_with_data(&[1.0, 2.0], |x, data| {
        assert!(x[0] < x[1]);
        let sums = (0..5).map(|_| x[0] * x[1] - x[1] * data[0]);
        let many = wengert::Var::log_sum_exp(&[x[0], x[1], data[0]]);
        sums.chain([many.powi(3), (many * 2.0).exp()]).collect()
    });
    [short, everything()]
}

#[test]
fn every_truncation_is_refused() {
    for f in files() {
        let file = f.to_bytes();
        assert!(load(&file, bytes));
        (0..file.len()).for_each(|end| assert!(!load(&file[..end], bytes)));
    }
    let file = files()[0].to_json();
    assert!(load(file.as_bytes(), json));
    (0..file.len()).for_each(|end| assert!(!load(&file.as_bytes()[..end], json)));
}

#[test]
fn damaged_bytes_do_no_harm() {
    let mut random = Random::new(1);
    for f in files() {
        let file = f.to_bytes();
        let loaded = (0..6000).filter(|_| load(&random.damaged(&file), bytes)).count();
        // Else only the first lines of defence are tested.
        assert!((100..5900).contains(&loaded), "{loaded} of 6000 were loaded");
    }
}

#[test]
fn damaged_json_does_no_harm() {
    let mut random = Random::new(2);
    let file = files()[0].to_json();
    let loaded = (0..6000).filter(|_| load(&random.damaged(file.as_bytes()), json)).count();
    assert!((100..5900).contains(&loaded), "{loaded} of 6000 were loaded");
}

#[test]
fn lengths_that_no_file_justifies_allocate_nothing() {
    // The lists of a file of version 1 begin behind its scalar and the policy of its guards.
    let start = [&b"wgrt\x01\x03f64\x00"[..]].concat();
    let longest = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
    for empty_lists in 0..7 {
        for claimed in [&longest[..], &[0xFF, 0xFF, 0xFF, 0x7F], &[0x80, 0x80, 0x04]] {
            let file = [&start[..], &vec![0; empty_lists], claimed, &[0; 9]].concat();
            assert!(!load(&file, bytes));
        }
    }
}

/// A step with more operands than there are words.
#[test]
fn a_step_that_claims_too_much_is_cut_off() {
    let f = Function::record(&[1.0, 2.0], |x| wengert::Var::log_sum_exp(x));
    let file = f.to_bytes();
    // The last list but three: its length, the code, the number of operands, two operands.
    let steps = [4, 68, 2, 0, 8];
    let at = file.windows(5).position(|words| words == steps).expect("the steps are there");
    for claimed in [3, 64, 127] {
        let mut file = file.clone();
        file[at + 2] = claimed;
        let error = Function::<f64>::from_bytes(&file).unwrap_err();
        assert!(error.to_string().starts_with("step 0 ends before its last operand"), "{error}");
        assert!(!load(&file, bytes));
    }
}

/// Constants, and steps, that take the fewest bytes of a file for the most memory.
#[test]
fn small_entries_are_counted_too() {
    let start = [&b"wgrt\x01\x03f64\x00\x01"[..], &[0; 8], &[0, 0]].concat();
    let many = |count: usize, step: &[u8], rest: &[u8]| {
        let mut length = postcard::to_allocvec(&((count * step.len()) as u64)).unwrap();
        length.extend(step.repeat(count));
        [&start[..], &length, rest].concat()
    };
    // Negations of the one variable.
    assert!(load(&many(20_000, &[0, 0], &[0, 0, 0]), bytes));
    // Sums of it alone.
    assert!(load(&many(20_000, &[58, 1, 0], &[0, 0, 0]), bytes));
    // No steps, but names of files without a letter, more than guards could name.
    let names = [&[0, 0, 0][..], &postcard::to_allocvec(&20_000_u64).unwrap(), &[0; 20_000]];
    assert!(!load(&[&start[..], &names.concat()].concat(), bytes));
    let json_names = "\"\",".repeat(20_000);
    let file =
        everything::<f64>().to_json().replace("\"files\":[", &format!("\"files\":[{json_names}"));
    assert!(!load(file.as_bytes(), json));
}

/// An entry of a guard takes 72 bytes of memory: those that are claimed and not there take none.
#[test]
fn guards_are_counted_as_they_come() {
    let start = [&b"wgrt\x01\x03f64\x00"[..], &[0; 5]].concat();
    for claimed in [1_000_u64, 14_000, 200_000] {
        let claim = postcard::to_allocvec(&claimed).unwrap();
        let file = [&start[..], &claim, &vec![0; claimed as usize]].concat();
        assert!(!load(&file, bytes));
    }
    // A variable, and guards that ask whether it is less than itself: all that may be said twice.
    let start = [&b"wgrt\x01\x03f64\x00\x01"[..], &[0; 8], &[0, 0, 0, 1, 0]].concat();
    let guard = [&[0, 0, 0][..], &[0; 16], &[0, 1, 1]].concat();
    let guards = [&postcard::to_allocvec(&5_000_u64).unwrap()[..], &guard.repeat(5_000)].concat();
    let file = [&start[..], &guards, &[1, 0]].concat();
    assert!(load(&file, bytes));
}

/// A loop takes a few bytes of a file however long it is, and keeps what its budget allows: once for
/// values and gradients, and once for tangents.
#[test]
fn a_loop_keeps_no_more_than_its_budget() {
    const BUDGET: u64 = 64 << 20;
    let scan = Scan::builder().state(&[0.5]).record(|step| (vec![step.state[0].sin()], vec![]));
    let [mut few, mut many] = [1_000, 1_000_000].map(|steps| {
        let f = Function::record(&[0.5], |x| scan.call_as_one(steps, x, &[]).unwrap()[0]);
        let file = f.to_bytes();
        let loaded = Function::from_bytes(&file).unwrap();
        let info = allocation_counter::measure(|| evaluate(&loaded));
        (file.len() as u64, info.bytes_max)
    });
    assert!(few.0 < 200 && many.0 < 200, "{few:?} and {many:?}");
    let rest = |file: u64| 4 * (FACTOR * file + REST);
    (few.1, many.1) = (few.1.saturating_sub(rest(few.0)), many.1.saturating_sub(rest(many.0)));
    assert!(few.1 < 1 << 20, "{few:?}");
    assert!((BUDGET / 16..=2 * BUDGET).contains(&many.1), "{many:?}");
}

/// Random damage, the same in every run.
mod damage {
    /// Marsaglia's xorshift generator of 64 bits (Journal of Statistical Software 8, 2003).
    pub(super) struct Random(u64);

    impl Random {
        pub(super) const fn new(seed: u64) -> Self {
            Self(0x9E37_79B9_7F4A_7C15 ^ seed)
        }

        fn next(&mut self) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 20) as usize
        }

        /// The file with one to three bytes changed, taken out, put in or doubled.
        pub(super) fn damaged(&mut self, file: &[u8]) -> Vec<u8> {
            let mut file = file.to_vec();
            for _ in 0..1 + self.next() % 3 {
                let at = self.next() % file.len();
                match self.next() % 8 {
                    0 => file[at] = self.next() as u8,
                    1 => file[at] ^= 1 << (self.next() % 8),
                    2 => file[at] = [0, 0x7F, 0x80, 0xFF][self.next() % 4],
                    3 => drop(file.remove(at)),
                    4 => file.insert(at, self.next() as u8),
                    5 => {
                        let other = self.next() % file.len();
                        file.swap(at, other);
                    }
                    6 => file[at] = file[at].wrapping_add(1),
                    _ => file[at] = file[at].wrapping_sub(1),
                }
            }
            file
        }
    }
}
