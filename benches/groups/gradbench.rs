//! GradBench's problems by every tool: see `benches::gradbench` for how to run one of them.

use benches::gradbench;
use criterion::{criterion_group, criterion_main};

criterion_group!(problems, gradbench::measure_all);
criterion_main!(problems);
