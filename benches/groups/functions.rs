//! Recordings that are evaluated again, one by one and in batches: see the package's
//! documentation for how to run it.

use benches::{batch, call, replay};
use criterion::{criterion_group, criterion_main};

criterion_group!(functions, replay::measure_all, batch::measure_all, call::measure_all);
criterion_main!(functions);
