//! Every problem by every engine: see the package's documentation for how to run it.

use benches::driver;
use criterion::{criterion_group, criterion_main};

criterion_group!(problems, driver::measure_all);
criterion_main!(problems);
