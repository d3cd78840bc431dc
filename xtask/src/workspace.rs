//! Where things are, and cargo.
use anyhow::{Context, Result, ensure};
use crmlink::vendors::Vendor;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The top folder of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo builds; `CARGO_TARGET_DIR` moves it.
pub(crate) fn target() -> PathBuf {
    let dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(dir)
}

/// A cargo command at the top of the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Builds one crate for `wasm32-unknown-unknown`, with all vendors or with one, and says where its module is.
///
/// One crate at a time: cargo unifies the features of what it builds together, and the simulators' feature would reach
/// production.
pub(crate) fn build_wasm(package: &str, profile: &str, vendor: Option<Vendor>) -> Result<PathBuf> {
    let features = vendor.map(|vendor| ["--no-default-features", "--features", vendor.as_str()]);
    let status = cargo()
        .args(["build", "--quiet", "--lib", "--target", TRIPLE])
        .args(["--config", &without_own_paths()])
        .args(["--package", package, "--profile", profile])
        .args(features.iter().flatten())
        .status()
        .context("cargo did not start")?;
    ensure!(status.success(), "cargo build of {package} failed");
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(target().join(TRIPLE).join(profile).join(file))
}

/// A setting that leaves this machine's folders out of panic messages: they are nobody's business, and differ elsewhere.
fn without_own_paths() -> String {
    let home = std::env::var("CARGO_HOME").or_else(|_| {
        let home = std::env::var("HOME").or_else(|_| std::env::var("USERPROFILE"));
        home.map(|home| format!("{home}/.cargo"))
    });
    let folders = [
        (home.unwrap_or_default(), "cargo"),
        (root().display().to_string(), "crmlink"),
    ];
    let flags = folders
        .iter()
        .filter(|(folder, _)| !folder.is_empty())
        .map(|(folder, name)| format!("'--remap-path-prefix={folder}={name}'"));
    format!(
        "target.{TRIPLE}.rustflags=[{}]",
        flags.collect::<Vec<_>>().join(", ")
    )
}

/// What the faces are compiled for.
pub(crate) const TRIPLE: &str = "wasm32-unknown-unknown";
