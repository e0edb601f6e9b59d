//! The neuron's graph, drawn: once with the gradients set by hand, once with those of the sweep.

use crate::model::Neuron;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use wengert::{Gradients, Tape};
use wengert_graph::{Picture, Role, Snapshot, Theme};

/// Writes each graph as SVG and as an HTML page that plays it, and returns the files.
pub(crate) fn write(
    folder: &Path,
    tape: &Tape,
    neuron: &Neuron<'_>,
    by_hand: &Gradients,
    sweep: &Gradients,
) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    for (name, how, gradients) in [("by-hand", "by hand", by_hand), ("swept", "by sweep", sweep)] {
        let snapshot = snapshot(tape, neuron, how, gradients);
        let picture = Picture::of(&snapshot);
        for (kind, text) in [("svg", picture.svg(Theme::Auto)), ("html", picture.html(Theme::Auto))]
        {
            let file = folder.join(format!("{name}.{kind}"));
            fs::write(&file, text)?;
            files.push(file);
        }
    }
    Ok(files)
}

/// What is drawn: the tape with these gradients, the weights and the bias as parameters.
fn snapshot(tape: &Tape, neuron: &Neuron<'_>, how: &str, gradients: &Gradients) -> Snapshot {
    let snapshot = Snapshot::of(&tape.view())
        .with_gradients(gradients)
        .with_title(format!("o = tanh(x1·w1 + x2·w2 + b), gradients {how}"));
    let parameters = [neuron.w1, neuron.w2, neuron.b].into_iter().filter_map(|var| var.id());
    parameters.fold(snapshot, |snapshot, id| snapshot.with_role(id, Role::Parameter))
}
