//! `cargo xtask types`: pkg/src/generated.ts, from the core's own shapes.
use crate::node;
use crate::workspace::root;
use anyhow::{Result, ensure};
use std::ffi::OsStr;
use std::fs;

/// Writes the declarations, or with `check` fails when the file differs from them.
pub(crate) fn run(check: bool) -> Result<()> {
    let file = root().join("pkg/src/generated.ts");
    let before = fs::read_to_string(&file).unwrap_or_default();
    fs::write(&file, crmlink::types::typescript())?;
    node::run(
        "node_modules/prettier/bin/prettier.cjs",
        &["--write", "--log-level=warn", "pkg/src/generated.ts"].map(OsStr::new),
    )?;
    let after = fs::read_to_string(&file)?;
    ensure!(
        !check || before == after,
        "pkg/src/generated.ts was not what the core says: commit it as it is now"
    );
    Ok(())
}
