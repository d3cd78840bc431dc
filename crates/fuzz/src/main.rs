//! `crmlink-fuzz seeds FOLDER` writes the seeds of every target into a folder of its name, for libFuzzer to begin with.
//! `crmlink-fuzz run TARGET FILE...` gives files to a target.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crmlink_fuzz::TARGETS;
use crmlink_fuzz::seeds::seeds;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["seeds", folder] => write_seeds(Path::new(folder)),
        ["run", target, files @ ..] => run(target, files),
        _ => Err("crmlink-fuzz seeds FOLDER | run TARGET FILE...".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn write_seeds(folder: &Path) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    for (name, _) in TARGETS {
        let folder = folder.join(name);
        fs::create_dir_all(&folder).map_err(fault)?;
        for (place, seed) in seeds(name).iter().enumerate() {
            fs::write(folder.join(format!("seed-{place:04}")), seed).map_err(fault)?;
        }
    }
    Ok(())
}

fn run(target: &str, files: &[&str]) -> Result<(), String> {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, body) = found.ok_or_else(|| format!("no target {target}"))?;
    for file in files {
        let data = fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        println!("{file}");
        body(&data);
    }
    Ok(())
}
