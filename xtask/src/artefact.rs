//! From the module that cargo made to the one that is shipped: wasm-bindgen, then wasm-opt.
use crate::{node, workspace};
use anyhow::{Context, Result, ensure};
use crmlink::vendors::Vendor;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// How to make one artefact.
pub(crate) struct Recipe {
    /// The crate.
    pub(crate) package: &'static str,
    /// The one vendor that it has; without it, all.
    pub(crate) vendor: Option<Vendor>,
    /// The cargo profile.
    pub(crate) profile: &'static str,
    /// The name of the JavaScript half, without its extension.
    pub(crate) glue: &'static str,
    /// What wasm-opt is asked for (`-O3`, `-Os`); without it the module stays as wasm-bindgen wrote it.
    pub(crate) optimise: Option<&'static str>,
}

/// Makes the artefact and answers the folder that holds `<glue>.js`, `<glue>.d.ts`, `module.wasm` and `snippets/`.
///
/// The same module from cargo, by the same recipe, is not worked on twice.
pub(crate) fn make(recipe: &Recipe) -> Result<PathBuf> {
    let input = workspace::build_wasm(recipe.package, recipe.profile, recipe.vendor)?;
    let bytes = fs::read(&input).with_context(|| format!("no module at {}", input.display()))?;
    let stamp = stamp(&bytes, recipe);

    let name = match recipe.vendor {
        Some(vendor) => format!("{}-{}", recipe.package, vendor.as_str()),
        None => recipe.package.to_owned(),
    };
    let folder = workspace::target().join("artefacts").join(name);
    let stamp_file = folder.join("stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(folder);
    }

    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir_all(&folder)?,
    }
    bind(&bytes, recipe.glue, &folder)?;
    let bound = folder.join(format!("{}_bg.wasm", recipe.glue));
    let module = folder.join("module.wasm");
    match recipe.optimise {
        Some(level) => optimise(level, &bound, &module)?,
        None => fs::rename(&bound, &module)?,
    }
    fs::write(stamp_file, stamp)?;
    Ok(folder)
}

/// Copies `names` (files or folders, source name and new name) from one folder into another.
///
/// A file whose content is already there is left alone, so that watchers stay quiet.
pub(crate) fn copy(from: &Path, to: &Path, names: &[(&str, &str)]) -> Result<()> {
    fs::create_dir_all(to)?;
    for (source, name) in names {
        let source = from.join(source);
        if source.is_dir() {
            copy_folder(&source, &to.join(name))?;
        } else if source.exists() {
            write(&to.join(name), &fs::read(&source)?)?;
        }
    }
    Ok(())
}

/// Writes a file unless it has that content already.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            write(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn bind(bytes: &[u8], glue: &str, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_bytes(glue, bytes.to_vec())
        .web(true)?
        // With a default path, webpack fails and Vite warns.
        .omit_default_module_path(true)
        // A trapped instance is replaced by a fresh one: see shim.js and pkg/src.
        .reset_state_function(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen")
}

fn optimise(level: &str, input: &Path, output: &Path) -> Result<()> {
    ensure!(
        workspace::root().join(WASM_OPT).exists(),
        "{WASM_OPT} is missing: run `npm ci` (`npm start` and `npm test` do it)"
    );
    let mut args: Vec<&OsStr> = vec![level.as_ref()];
    // The lowest kilobyte is the stack's last: nothing is stored there that could still be read.
    args.push("--low-memory-unused".as_ref());
    args.extend(NO_INLINING.iter().chain(&WASM_FEATURES).map(OsStr::new));
    args.extend([input.as_os_str(), "-o".as_ref(), output.as_os_str()]);
    node::run(WASM_OPT, &args)
}

fn stamp(bytes: &[u8], recipe: &Recipe) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    recipe.optimise.hash(&mut hasher);
    WASM_FEATURES.hash(&mut hasher);
    // The tools' versions and this file.
    include_str!("../../Cargo.lock").hash(&mut hasher);
    include_str!("../../package-lock.json").hash(&mut hasher);
    include_str!("artefact.rs").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

const WASM_OPT: &str = "node_modules/binaryen/bin/wasm-opt";

/// The compiler has inlined what is worth it; copies that wasm-opt adds make the module 7 % larger under gzip.
const NO_INLINING: [&str; 6] = [
    "--always-inline-max-function-size",
    "0",
    "--flexible-inline-max-function-size",
    "0",
    "--one-caller-inline-max-function-size",
    "0",
];

/// Named one by one: `--all-features` emits what Node and workerd refuse.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];
