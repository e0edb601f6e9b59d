//! Every problem by every engine, and a simulation by parts: see the package's documentation for how to run it.

use benches::{driver, parts};
use criterion::{criterion_group, criterion_main};

criterion_group!(problems, driver::measure_all, parts::measure_all);
criterion_main!(problems);
