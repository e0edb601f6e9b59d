//! Long work that a signal ends: Ctrl-C raises `KeyboardInterrupt` before it is through.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

/// What ends work once it is up.
pub(super) type Flag = Arc<AtomicBool>;

/// Operations that take some hundredths of a second: beside these a thread that is started for them
/// costs nothing.
const LONG: usize = 1 << 25;

/// How often signals are looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// Works without the interpreter's lock. Python runs the handlers of signals on its main thread
/// alone, which is mostly the one that called. So work of many operations is done on another, with a
/// flag that goes up when a handler raises an exception; that exception is what is returned then.
pub(super) fn detached<R: Send>(
    py: Python<'_>,
    operations: usize,
    work: impl FnOnce(Option<&Flag>) -> PyResult<R> + Send,
) -> PyResult<R> {
    if operations < LONG {
        return py.detach(|| work(None));
    }
    let flag = &Flag::default();
    py.detach(|| {
        thread::scope(|scope| {
            let (working, ended): (Sender<()>, _) = channel();
            let worker = scope.spawn(move || {
                // Dropped at the end of the work, however it ends.
                let _working = working;
                work(Some(flag))
            });
            let raised = look_for_signals(&ended, flag);
            let result = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
            raised.and(result)
        })
    })
}

/// Waits for the end of the work, or for a handler that raises an exception.
fn look_for_signals(ended: &Receiver<()>, flag: &Flag) -> PyResult<()> {
    while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
        Python::attach(|py| py.check_signals())
            .inspect_err(|_| flag.store(true, Ordering::Relaxed))?;
    }
    Ok(())
}
