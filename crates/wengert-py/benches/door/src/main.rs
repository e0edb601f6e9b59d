//! Times the engine's own doors on what the Python package traced, for `benches/compare.py`.
//!
//! `door gradient FOLDER` or `door batch FOLDER`: reads `function`, `x` and `data` of the folder,
//! saved as bytes. For each line on the standard input, a count, it does the work once, for the
//! caches, then so many times, and prints the seconds of one; so the caller's own rounds take turns
//! with these.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use wengert::{Batch, Function};

type Work = Box<dyn FnMut() -> Result<f64, wengert::Error>>;

fn numbers(file: &Path) -> Result<Vec<f64>, std::io::Error> {
    let bytes = std::fs::read(file)?;
    let number = |bytes: &[u8]| f64::from_ne_bytes(bytes.try_into().expect("eight bytes"));
    Ok(bytes.chunks_exact(8).map(number).collect())
}

fn gradient(f: Function, x: Vec<f64>) -> Work {
    let (mut workspace, mut gradient) = (f.workspace(), vec![0.0; x.len()]);
    Box::new(move || f.value_and_gradient(&mut workspace, black_box(&x), &mut gradient))
}

fn batch(f: Function, x: Vec<f64>, data: Vec<f64>) -> Work {
    let samples = data.len() / f.num_data();
    let (mut workspace, mut gradient) = (f.batch_workspace(), vec![0.0; x.len()]);
    Box::new(move || {
        let batch = Batch::new(samples).shared_variables(black_box(&x)).data(&data);
        f.batch_gradient(&mut workspace, &batch, &mut gradient, &mut [])
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [what, folder] = arguments.as_slice() else {
        return Err("usage: door gradient|batch FOLDER".into());
    };
    let folder = Path::new(folder);
    let f = Function::from_bytes(&std::fs::read(folder.join("function"))?)?;
    let x = numbers(&folder.join("x"))?;
    let mut work = match what.as_str() {
        "gradient" => gradient(f, x),
        "batch" => batch(f, x, numbers(&folder.join("data"))?),
        _ => return Err(format!("gradient or batch is wanted, not {what}").into()),
    };
    for line in std::io::stdin().lines() {
        let times: u32 = line?.parse()?;
        black_box(work()?);
        let start = Instant::now();
        for _ in 0..times {
            black_box(work()?);
        }
        println!("{}", start.elapsed().as_secs_f64() / f64::from(times));
        std::io::stdout().flush()?;
    }
    Ok(())
}
