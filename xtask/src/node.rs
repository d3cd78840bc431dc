//! Runs a script under Node.
use crate::workspace::root;
use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::process::Command;

/// Runs `script` (a path from the top of the repository) and waits for it.
pub(crate) fn run(script: &str, args: &[&OsStr]) -> Result<()> {
    let status = Command::new("node")
        .current_dir(root())
        .arg(script)
        .args(args)
        .status()
        .context("node did not start: is it on the PATH?")?;
    ensure!(status.success(), "{script} failed");
    Ok(())
}
