# What people do here. Without just: each recipe is a command or two, to be typed as it stands.

# Memory that no system has is an error there as elsewhere, and not the end of the process. Tapes that
# tests leak on purpose, for variables that are `'static`, are no findings.
sanitized := "ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address"
fuzzers := env("CARGO_TARGET_DIR", "target") / "x86_64-unknown-linux-gnu/fuzz"
corpus := "tests/fuzz/corpus"

# List these recipes.
default:
    @{{just_executable()}} --list --unsorted

# Run the example that differentiates one neuron.
neuron *options:
    cargo run -p neuron -- {{options}}

# Run the example that learns to tell two moons apart.
moons *options:
    cargo run --release -p moons -- {{options}}

# Run the example that prices an option, with its sensitivities, by simulation.
heston *options:
    cargo run --release -p heston -- {{options}}

# Run the example that finds cameras and points from pixels, and draws them.
bundle *options:
    cargo run --release -p bundle -- {{options}}

# Draw the documentation's graphs anew; `--png` behind it also writes PNGs, to be looked at.
gallery *options:
    cargo run -p wengert-graph --features png --example gallery -- docs/graphs {{options}}

# Draw the pictures of the guide anew.
guide:
    cargo run -p wengert-guide --example pictures -- docs/guide/pictures

# Run the command: `just wengert grad "x^2" x=3`.
wengert *arguments:
    @cargo run --quiet --release -p wengert-cli -- {{arguments}}

# Write anew what runs of the command show, in its tests and in the READMEs; look at the difference.
runs:
    TRYCMD=overwrite cargo test -p wengert-cli --test command runs

# Run the tests of the libraries.
test *options:
    cargo test {{options}}

# Run all tests: of the command, the tools and the benchmarks too, and the fuzzers' corpus.
test-all *options:
    cargo test --workspace {{options}}

# Build the wheel of the Python package into target/wheels.
wheel:
    python3 -m pip wheel --no-deps --wheel-dir target/wheels ./crates/wengert-py

# Build and test the Python package, its stubs and its notebooks.
python:
    .ci/run python

# Run the notebooks in the environment of `just python`, and write their outputs; look at them.
notebooks:
    target/python-environment/bin/python crates/wengert-py/tests/notebooks.py --write

# Open the HTML pages in a headless Chromium and use them.
browser:
    .ci/run browser

# Check formatting, clippy and documentation, warnings denied.
lint:
    .ci/run format clippy docs

# Build and test the packages as they would be published.
package:
    .ci/run package

# Check that the library's dependencies are content with its minimum Rust version.
msrv:
    .ci/run msrv

# Run what decides whether a change can land.
ci:
    .ci/run

# Measure: everything, or what matches a word.
bench *filter:
    cargo bench -p benches -- {{filter}}

# Measure recordings that are evaluated again: all, or what matches a word.
bench-functions *filter:
    cargo bench -p benches --bench functions -- {{filter}}

# The same, built for this machine's own processor, and the times into docs/BENCHMARKS.md.
bench-native *filter:
    CARGO_TARGET_DIR=$PWD/target/native RUSTFLAGS="-C target-cpu=native" \
        cargo bench -p benches --bench functions -- {{filter}}
    cargo run --release -p benches --bin bench-table -- --native target/native/criterion

# The same problems as cargo builds by itself, without link-time optimisation, and with it, by turns,
# and the times into docs/BENCHMARKS.md.
bench-embedded:
    #!/usr/bin/env bash
    set -euo pipefail
    run() {
        cargo bench --quiet -p benches --bench problems --bench functions "$@" \
            '^(gradient/wengert|gradient/wengert-single|replay/wengert-replay)/'
    }
    for round in {1..5}; do
        CRITERION_HOME=$PWD/target/rounds/lto run -- --save-baseline "round-$round"
        CRITERION_HOME=$PWD/target/rounds/embedded CARGO_TARGET_DIR=$PWD/target/embedded-bench \
            run --profile embedded -- --save-baseline "round-$round"
    done
    cargo run --release -p benches --bin bench-table -- --embedded target/rounds

# Print after how many gradients a recording pays for itself.
break-even:
    cargo run --release -p benches --bin break-even

# Count the CPU seconds that programs with this library take to build; `--write` puts them into docs/BENCHMARKS.md.
compile-time *options:
    python3 benches/compile_time.py {{options}}

# Put the times last measured into docs/BENCHMARKS.md; what was not measured stays there.
bench-table:
    cargo run --release -p benches --bin bench-table

# Measure GradBench's problems: all, or what matches a word (`gradbench-lse`).
bench-gradbench *filter:
    cargo bench -p benches --bench gradbench -- {{filter}}

# Count the heap bytes of GradBench's problems, for the tables: of all, or of those with a word.
gradbench-memory *word:
    cargo run --release -p benches --bin gradbench-memory -- {{word}}

# Draw the times last measured of GradBench's problems into docs/gradbench.
gradbench-plots:
    cargo run --release -p benches --bin gradbench-plots

# Measure ADOL-C (Debian: libadolc-dev) beside wengert on what matches a word, or on everything.
bench-adolc *word:
    mkdir -p target
    c++ -std=c++17 -O3 -o target/adolc-driver benches/adolc/driver.cpp -ladolc
    cargo run --release -p benches --features adolc --bin adolc -- target/adolc-driver {{word}}

# Measure sparse derivatives by ADOL-C and ColPack (Debian: libadolc-dev, libcolpack-dev) beside ours.
bench-adolc-sparse *word:
    mkdir -p target
    c++ -std=c++17 -O3 -o target/adolc-sparse-driver benches/adolc/sparse.cpp -ladolc -lColPack
    RIVAL=target/adolc-sparse-driver cargo run --release -p wengert-sparse --example measure-sparse -- {{word}}

# Count the colours of matrices in the Matrix Market format, ours beside ColPack's (Debian: libcolpack-dev).
count-colors +files:
    mkdir -p target
    c++ -std=c++17 -O1 -fopenmp -o target/colpack-colors benches/adolc/colors.cpp -lColPack
    target/colpack-colors {{files}} | grep '^|'
    cargo run --release -p wengert-sparse --example count-colors -- {{files}}

# Build the tool for GradBench and hold a scripted session with it against what is known.
gradbench-smoke:
    cargo test -p wengert-gradbench

# Run every benchmark once, to see that it works.
bench-once:
    .ci/run benches

# Fuzz each target for so many seconds; what fails is written to fuzz-*, to be replayed.
fuzz seconds="60": fuzz-build
    mkdir -p target/fuzz/tape target/fuzz/listing target/fuzz/saved target/fuzz/function
    mkdir -p target/fuzz/labels target/fuzz/expression target/fuzz/plan target/fuzz/loops target/fuzz/parts
    {{fuzzers}}/fuzz-tape target/fuzz/tape {{corpus}}/tape \
        -max_total_time={{seconds}} -max_len=512 -artifact_prefix=fuzz-tape-
    {{fuzzers}}/fuzz-listing target/fuzz/listing {{corpus}}/listing \
        -max_total_time={{seconds}} -max_len=512 -artifact_prefix=fuzz-listing- \
        -dict=tests/fuzz/listing.dict
    {{fuzzers}}/fuzz-saved target/fuzz/saved {{corpus}}/saved \
        -max_total_time={{seconds}} -max_len=2048 -artifact_prefix=fuzz-saved-
    {{fuzzers}}/fuzz-plan target/fuzz/plan {{corpus}}/plan \
        -max_total_time={{seconds}} -max_len=2048 -artifact_prefix=fuzz-plan-
    {{fuzzers}}/fuzz-function target/fuzz/function {{corpus}}/function \
        -max_total_time={{seconds}} -max_len=1024 -artifact_prefix=fuzz-function-
    {{fuzzers}}/fuzz-loops target/fuzz/loops {{corpus}}/loops \
        -max_total_time={{seconds}} -max_len=1024 -artifact_prefix=fuzz-loops-
    {{fuzzers}}/fuzz-parts target/fuzz/parts {{corpus}}/parts \
        -max_total_time={{seconds}} -max_len=1024 -artifact_prefix=fuzz-parts-
    {{fuzzers}}/fuzz-expression target/fuzz/expression {{corpus}}/expression \
        -max_total_time={{seconds}} -max_len=512 -artifact_prefix=fuzz-expression- \
        -dict=tests/fuzz/listing.dict
    {{fuzzers}}/fuzz-labels target/fuzz/labels {{corpus}}/labels \
        -max_total_time={{seconds}} -max_len=512 -artifact_prefix=fuzz-labels-

# Add to the committed corpus what the last fuzzing found beyond it.
fuzz-merge: fuzz-build
    {{fuzzers}}/fuzz-tape -merge=1 {{corpus}}/tape target/fuzz/tape
    {{fuzzers}}/fuzz-listing -merge=1 {{corpus}}/listing target/fuzz/listing
    {{fuzzers}}/fuzz-saved -merge=1 {{corpus}}/saved target/fuzz/saved
    {{fuzzers}}/fuzz-plan -merge=1 {{corpus}}/plan target/fuzz/plan
    {{fuzzers}}/fuzz-function -merge=1 {{corpus}}/function target/fuzz/function
    {{fuzzers}}/fuzz-loops -merge=1 {{corpus}}/loops target/fuzz/loops
    {{fuzzers}}/fuzz-parts -merge=1 {{corpus}}/parts target/fuzz/parts
    {{fuzzers}}/fuzz-expression -merge=1 {{corpus}}/expression target/fuzz/expression
    {{fuzzers}}/fuzz-labels -merge=1 {{corpus}}/labels target/fuzz/labels

# Build the fuzz targets: tests/fuzz/libfuzzer.toml says how.
[private]
fuzz-build:
    RUSTC_BOOTSTRAP=1 cargo --config tests/fuzz/libfuzzer.toml build --profile fuzz \
        -p wengert-fuzz --features libfuzzer --bins

# Run one input of the `tape` target without libFuzzer, and print its steps.
replay file:
    cargo run -p wengert-fuzz --bin replay -- {{file}}

# Run the tests under AddressSanitizer, but for those of the end of memory, which leave it too few addresses,
# and those of other libraries' code, for which the compiler takes 18 GB.
asan:
    {{sanitized}} cargo test --workspace --exclude benches --exclude wengert-misuse \
        --exclude wengert-ecosystem --lib --tests \
        --target x86_64-unknown-linux-gnu -- --skip exhaustion

# Write the reference tables anew.
reference: reference-requirements
    python3 tests/reference/generate.py
    python3 tests/reference/dense.py

# Compare the reference tables with what would be written, and by other means.
reference-check: reference-requirements
    python3 tests/reference/generate.py --check
    python3 tests/reference/dense.py --check
    python3 tests/reference/higher.py --check
    python3 tests/reference/taylor.py --check
    python3 tests/reference/verify.py
    python3 tests/reference/accuracy.py

[private]
reference-requirements:
    python3 -m pip install --quiet -r tests/reference/requirements.txt
