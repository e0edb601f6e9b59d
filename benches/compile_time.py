"""What wengert costs whoever builds a program with it: seconds of CPU, and bytes of the program.

Usage: python3 benches/compile_time.py [--write]

Makes crates of a few lines outside the workspace, so that cargo's default profiles hold, and builds
each from nothing and after an edit. The seconds are user CPU time of cargo and all it starts, which
says less about what else the machine does than the clock. `--write` puts the table into
docs/BENCHMARKS.md.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

GRADIENT = """
    let f = wengert::Function::record(&[1.0, 2.0], |x| (x[0] * x[1]).sin() + x[0]);
    let mut workspace = f.workspace();
    let mut gradient = [0.0; 2];
    let value = f.value_and_gradient(&mut workspace, &[0.0, 3.0], &mut gradient).unwrap();
    println!("{value} {gradient:?}");
"""

HESSIAN_AND_BATCH = """
    let mut hessian = [0.0; 4];
    f.hessian(&mut f.dual_workspace(), &[0.0, 3.0], &mut hessian).unwrap();
    let mut each = [0.0; 4];
    let batch = wengert::Batch::new(2).variables(&[0.0, 3.0, 1.0, 2.0]);
    let sum = f.batch_gradient(&mut f.batch_workspace(), &batch, &mut [], &mut each).unwrap();
    println!("{hessian:?} {sum} {each:?}");
"""

TAPE = """
    let tape = wengert::Tape::new();
    let [x, y] = tape.var_array([1.0, 2.0]);
    println!("{}", ((x * y).sin() + x).gradients()[x]);
"""

PROGRAMS = {
    "a tape": TAPE,
    "a `Function`'s gradient": GRADIENT,
    "gradient, Hessian and batch": GRADIENT + HESSIAN_AND_BATCH,
}


def cpu(folder, *options):
    """Builds, and returns the seconds of user CPU time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CARGO_PROFILE", "RUSTFLAGS"))}
    environment["CARGO_TARGET_DIR"] = str(folder / "target")
    subprocess.run(["cargo", "build", "--quiet", *options], cwd=folder, env=environment, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def crate(folder, body):
    """A crate of a few lines that depends on the library by its path."""
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "program"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
        f'[dependencies]\nwengert = {{ path = "{ROOT / "crates/wengert"}" }}\n'
    )
    # The versions that the project is tested with.
    (folder / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    (folder / "src/main.rs").write_text(f"fn main() {{{body}}}\n")


def row(folder, what, body):
    crate(folder, body)
    main = folder / "src/main.rs"
    cells = []
    for options in (["--release"], []):
        cold = cpu(folder, *options)
        main.write_text(main.read_text() + "// edited\n")
        cells += [f"{cold:.0f}", f"{cpu(folder, *options):.1f}"]
    bytes_of = (folder / "target/release/program").stat().st_size
    return f"| {what} | {' | '.join(cells)} | {bytes_of / 1e6:.1f} |"


def table():
    lines = [
        "| program | release, from nothing | after an edit | debug, from nothing | after an edit | release, MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for at, (what, body) in enumerate(PROGRAMS.items()):
            lines.append(row(Path(scratch) / str(at), what, body))
        library = Path(scratch) / "library"
        library.mkdir()
        manifest = str(ROOT / "Cargo.toml")
        seconds = cpu(library, "--release", "-p", "wengert", "--manifest-path", manifest)
    lines.append(f"| the library itself, `cargo build --release -p wengert` | {seconds:.0f} | | | | |")
    return "\n".join(lines)


def write(text):
    page = ROOT / "docs/BENCHMARKS.md"
    before, rest = page.read_text().split("<!-- compile-time:begin -->")
    _, after = rest.split("<!-- compile-time:end -->")
    page.write_text(
        f"{before}<!-- compile-time:begin -->\n\n{text}\n\n<!-- compile-time:end -->{after}"
    )


def main():
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True)
    text = f"Seconds of user CPU time; {rustc.stdout.split(' (')[0]}, {platform.machine()}.\n\n{table()}"
    print(text)
    if sys.argv[1:] == ["--write"]:
        write(text)


if __name__ == "__main__":
    main()
