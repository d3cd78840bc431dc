//! `cargo xtask wasm` and `cargo xtask vendors`: the WebAssembly half of the npm package, in pkg/dist.
use crate::artefact::{Recipe, copy, make, write};
use crate::workspace::root;
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crmlink::vendors::Vendor;
use std::fs;
use std::path::Path;

/// Writes the module with all vendors, and the simulators' twin-glue.js and twin-base64.js.
pub(crate) fn run() -> Result<()> {
    let dist = root().join("pkg/dist");
    core(&CORE, &dist)?;

    let twin = make(&TWIN)?;
    copy(
        &twin,
        &dist,
        &[
            ("twin-glue.js", "twin-glue.js"),
            ("twin-glue.d.ts", "twin-glue.d.ts"),
        ],
    )?;
    inline(&twin.join("module.wasm"), &dist, "twin-base64")
}

/// Writes the modules with one vendor each, in folders of their names.
pub(crate) fn run_vendors() -> Result<()> {
    for vendor in Vendor::ALL {
        let recipe = Recipe {
            vendor: Some(vendor),
            ..CORE
        };
        core(&recipe, &root().join("pkg/dist").join(vendor.as_str()))?;
    }
    Ok(())
}

/// Writes core.wasm, glue.js and wasm-base64.js.
fn core(recipe: &Recipe, dist: &Path) -> Result<()> {
    let made = make(recipe)?;
    let names = [
        ("module.wasm", "core.wasm"),
        ("glue.js", "glue.js"),
        ("glue.d.ts", "glue.d.ts"),
    ];
    copy(&made, dist, &names)?;
    inline(&made.join("module.wasm"), dist, "wasm-base64")?;
    let types = "declare const module: WebAssembly.Module;\nexport default module;\n";
    write(&dist.join("core.d.wasm.ts"), types.as_bytes())
}

/// The module as text in a JavaScript module: it loads everywhere, without a file system, a fetch or a bundler's plugin.
fn inline(module: &Path, dist: &Path, name: &str) -> Result<()> {
    let text = STANDARD.encode(fs::read(module)?);
    write(
        &dist.join(format!("{name}.js")),
        format!("export default \"{text}\";\n").as_bytes(),
    )?;
    let types = "declare const base64: string;\nexport default base64;\n";
    write(&dist.join(format!("{name}.d.ts")), types.as_bytes())
}

const CORE: Recipe = Recipe {
    package: "crmlink-wasm",
    vendor: None,
    profile: "npm",
    glue: "glue",
    optimise: Some("-O3"),
};

// For tests only: nobody waits for its last kilobytes. The profile is the one whose dependencies compile fastest.
const TWIN: Recipe = Recipe {
    package: "crmlink-twin",
    vendor: None,
    profile: "worker",
    glue: "twin-glue",
    optimise: None,
};
