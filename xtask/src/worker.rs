//! `cargo xtask worker`: the Worker's script and module, in crates/worker/build.
use crate::artefact::{Recipe, copy, make};
use crate::workspace::root;
use anyhow::Result;

/// Writes index.js (the hand-written shim), glue.js, snippets/ and worker.wasm.
pub(crate) fn run() -> Result<()> {
    let home = root().join("crates/worker");
    let build = home.join("build");
    let made = make(&WORKER)?;
    let names = [
        ("module.wasm", "worker.wasm"),
        ("glue.js", "glue.js"),
        ("snippets", "snippets"),
    ];
    copy(&made, &build, &names)?;
    copy(&home, &build, &[("shim.js", "index.js")])
}

const WORKER: Recipe = Recipe {
    package: "crmlink-worker",
    vendor: None,
    profile: "worker",
    glue: "glue",
    optimise: Some("-Os"),
};
