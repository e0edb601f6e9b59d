//! Turns the grammar into the tables of its parser.

fn main() {
    lalrpop::Configuration::new()
        .use_cargo_dir_conventions()
        .emit_rerun_directives(true)
        .process()
        .expect("the grammar is fit for an LR(1) parser");
}
