//! `cargo xtask wasm-test`: runs the `#[wasm_bindgen_test]`s of the JavaScript face in Node.
//!
//! What wasm-bindgen-test-runner does, with the library that is built anyway: installing the command takes minutes.
use crate::node;
use crate::workspace::{TRIPLE, cargo, target};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Has cargo build the tests and call this program for each of their modules.
pub(crate) fn run() -> Result<()> {
    let myself = std::env::current_exe()?;
    let status = cargo()
        .env(RUNNER_ENV, format!("{} {RUNNER_TASK}", myself.display()))
        .args(["test", "--target", TRIPLE, "--package", "crmlink-wasm"])
        .status()?;
    ensure!(status.success(), "a test failed");
    Ok(())
}

/// Runs the tests of one module, as cargo's runner.
pub(crate) fn run_module(module: &Path) -> Result<()> {
    let name = module.file_stem().context("no module named")?;
    let folder = target().join("wasm-test").join(name);
    Bindgen::new()
        .nodejs_module(true)?
        .debug(true)
        // The tests are plain exports, reached through `__wasm`.
        .export_wasm(true)
        .emit_start(false)
        .input_bytes("tests", fs::read(module)?)
        .generate(&folder)
        .context("wasm-bindgen")?;
    node::run(SCRIPT, &[folder.as_os_str()])
}

/// The task that cargo is told to call.
pub(crate) const RUNNER_TASK: &str = "wasm-test-module";
const RUNNER_ENV: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
const SCRIPT: &str = "xtask/wasm-test.mjs";
