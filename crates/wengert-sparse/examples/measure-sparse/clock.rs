//! Time of the processor, which does not count what other programs take.

use std::time::Instant;

/// The seconds of the processor that this thread has had (Linux tells them).
pub(crate) fn clock() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this is Linux");
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.expect("a number of nanoseconds") * 1e-9
}

/// The seconds that something takes, and what comes of it.
pub(crate) fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = clock();
    let result = run();
    (clock() - start, result)
}

/// The shortest of many short runs, or the mean of long ones, in microseconds.
pub(crate) fn shortest(rounds: usize, mut run: impl FnMut()) -> f64 {
    let (mut least, start) = (f64::INFINITY, clock());
    for _ in 0..rounds {
        let start = Instant::now();
        run();
        least = least.min(start.elapsed().as_secs_f64());
    }
    // The clock of the processor ticks every few milliseconds. Short runs are not interrupted.
    if least < 1e-3 { least * 1e6 } else { (clock() - start) / rounds as f64 * 1e6 }
}
