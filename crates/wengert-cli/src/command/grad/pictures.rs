//! Pictures of the graph, and what can be told of it in words.

use crate::command::failure::Failure;
#[cfg(feature = "png")]
use crate::command::failure::warn;
use crate::command::options::{Explain, GradOptions, Pictures};
use crate::command::source::Source;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use wengert::{Gradients, OpKind, Tape, Var};
use wengert_cli::shorten;
use wengert_graph::{Element, Node, Picture, Role, Snapshot, Theme};

/// The nodes of which the chain rule can still be read step by step: some 20 MB of text.
const EXPLAINED: usize = 250_000;

/// Whether so many nodes can be explained.
pub(super) fn check_explanation(nodes: usize) -> Result<(), Failure> {
    if nodes <= EXPLAINED {
        return Ok(());
    }
    let message = format!("--explain tells of {nodes} nodes one by one: the limit is {EXPLAINED}");
    Err(Failure::Usage(message))
}

/// A recording that can be drawn.
pub(super) struct Graph<'a> {
    source: &'a Source,
    tape: &'a Tape,
    outputs: Vec<Var<'a>>,
    /// Those of the output, if it is one.
    gradients: Option<&'a Gradients>,
    /// Taken when something is drawn from it, and not before.
    snapshot: OnceCell<Snapshot>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(
        source: &'a Source,
        tape: &'a Tape,
        output: Var<'a>,
        gradients: &'a Gradients,
    ) -> Self {
        Self { gradients: Some(gradients), ..Self::of_several(source, tape, &[output]) }
    }

    /// A graph with several outputs, and so without adjoints.
    pub(super) fn of_several(source: &'a Source, tape: &'a Tape, outputs: &[Var<'a>]) -> Self {
        let (outputs, snapshot) = (outputs.to_vec(), OnceCell::new());
        Self { source, tape, outputs, gradients: None, snapshot }
    }

    fn snapshot(&self) -> &Snapshot {
        self.snapshot.get_or_init(|| {
            let title = shorten(&self.source.program);
            let mut snapshot = Snapshot::of(&self.tape.view()).with_title(title);
            if let Some(gradients) = self.gradients.filter(|_| self.outputs[0].id().is_some()) {
                snapshot = snapshot.with_gradients(gradients);
            }
            for (output, text) in self.outputs.iter().zip(self.source.program.output_texts()) {
                snapshot = self.with_output(snapshot, *output, text);
            }
            snapshot
        })
    }

    /// Marks an output. A constant has no node on a tape; in a picture it has one.
    fn with_output(
        &self,
        mut snapshot: Snapshot,
        output: Var<'_>,
        text: impl std::fmt::Display,
    ) -> Snapshot {
        if let Some(id) = output.id() {
            return snapshot.with_role(id, Role::Output);
        }
        let node = snapshot.push(OpKind::Constant, output.value(), &[]);
        let is_one = self.gradients.is_some();
        match self.source.program.output_name() {
            Some(name) => snapshot.set_label(node, name),
            None if is_one => snapshot.set_label(node, super::VALUE),
            None => snapshot.set_label(node, text.to_string()),
        }
        let seed = |at: Node<'_>| Some(f64::from(u8::from(at.index() == node)));
        let snapshot = if is_one { snapshot.with_adjoints(seed) } else { snapshot };
        snapshot.with_role(node, Role::Output)
    }

    /// The chain rule, worked out.
    pub(super) fn explain(&self, how: Explain) -> String {
        let Some(id) = self.outputs.first().and_then(|output| output.id()) else {
            return "The result is a constant: all its derivatives are 0.\n".to_owned();
        };
        let explanation = self.snapshot().explain(id);
        match how {
            Explain::Text => explanation.to_string(),
            Explain::Markdown => explanation.to_markdown(),
        }
    }

    /// The nodes, or groups of them where they are many, of which some are opened.
    fn picture(&self, open: &[String]) -> Result<Picture<'_>, Failure> {
        open.iter().try_fold(Picture::of(self.snapshot()), |picture, name| {
            picture.open(name).ok_or_else(|| Failure::Usage(no_group(&picture, name)))
        })
    }

    /// The nodes as a table.
    pub(super) fn nodes(&self, open: &[String]) -> Result<String, Failure> {
        Ok(self.picture(open)?.table())
    }

    /// What is worth knowing of the graph, in words.
    pub(super) fn diagnose(&self) -> String {
        self.snapshot().diagnose().to_string()
    }

    /// Writes the pictures that are asked for.
    pub(super) fn draw(&self, files: &Pictures) -> Result<(), Failure> {
        if files.files().is_empty() {
            return Ok(());
        }
        let picture = self.picture(&files.open)?;
        write(files.svg.as_deref(), || Ok(picture.svg(Theme::Auto)))?;
        #[cfg(feature = "png")]
        write(files.png.as_deref(), || png(&picture))?;
        write(files.html.as_deref(), || Ok(picture.html(Theme::Auto)))?;
        write(files.dot.as_deref(), || Ok(picture.dot()))?;
        write(files.mermaid.as_deref(), || Ok(picture.mermaid()))
    }
}

/// That no group has a name, and which names there are.
fn no_group(picture: &Picture<'_>, name: &str) -> String {
    let names = picture.elements().iter().filter_map(|element| match element {
        Element::Group(group) => Some(format!("`{}`", shorten(&group.name))),
        Element::Node { .. } => None,
    });
    let (name, names) = (shorten(name), names.collect::<Vec<_>>());
    match names.is_empty() {
        true => format!("the picture shows every node, so there is no group `{name}` to open"),
        false => format!("the picture has no group `{name}`, but {}", names.join(", ")),
    }
}

/// Checks that groups are opened in some picture, and that none would be written over another.
pub(super) fn check(options: &GradOptions) -> Result<(), Failure> {
    let files = options.pictures.files();
    if let ([name, ..], [], false) = (&*options.pictures.open, &*files, options.nodes) {
        let name = shorten(name);
        let message = format!("`{name}` is opened in no picture: ask for one, --svg graph.svg");
        return Err(Failure::Usage(message));
    }
    for (at, (option, file)) in files.iter().enumerate() {
        let same = |(_, other): &&(&str, &Path)| place(other) == place(file);
        if let Some((first, _)) = files[..at].iter().find(same) {
            let file = file.display();
            let message = format!("{first} and {option} would both be written to {file}");
            return Err(Failure::Usage(message));
        }
    }
    Ok(())
}

/// Where a file will be, however its folder is spelled.
fn place(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let whole = std::fs::canonicalize(file);
    let by_folder = || Some(std::fs::canonicalize(folder).ok()?.join(file.file_name()?));
    whole.ok().or_else(by_folder).unwrap_or_else(|| file.to_owned())
}

/// Writes a file, if there is one to be written.
fn write<C: AsRef<[u8]>>(
    file: Option<&Path>,
    contents: impl FnOnce() -> Result<C, String>,
) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    let written = contents()
        .and_then(|contents| std::fs::write(file, contents).map_err(|error| error.to_string()));
    written.map_err(|error| Failure::File(format!("cannot write {}: {error}", file.display())))
}

#[cfg(feature = "png")]
fn png(picture: &Picture<'_>) -> Result<Vec<u8>, String> {
    /// Pixels to a unit of the drawing: enough for screens that have two for one.
    const SCALE: f64 = 2.0;
    let png = picture.png(Theme::Light, SCALE).map_err(|error| error.to_string())?;
    let lacking = picture.png_lacks();
    if !lacking.is_empty() {
        warn(&format!(
            "no typeface of this system has `{lacking}`: boxes in the PNG, not in --svg"
        ));
    }
    Ok(png)
}
