//! Build tasks: `cargo xtask <task>`. What the npm scripts and CI call to build, generate and measure.
mod artefact;
mod docs;
mod node;
mod types;
mod wasm;
mod wasm_test;
mod worker;
mod workspace;

use anyhow::Context;
use std::env::args_os;
use std::path::PathBuf;
use std::process::ExitCode;

const TASKS: &str = "\
cargo xtask <task>
  wasm        build the JavaScript face and the simulators into pkg/dist
  vendors     build the JavaScript face with one vendor at a time, for the entries of their names
  wasm-test   run the tests of the JavaScript face in Node
  types       write the TypeScript declarations of the core's shapes (--check: fail when they differ)
  docs        write docs/vendors and the README's capability table (--check: fail when they differ)
  worker      build the Worker into crates/worker/build
  size        print the sizes of both, and fail above their budgets";

fn main() -> ExitCode {
    let task = args_os().nth(1).unwrap_or_default();
    let task = task.to_string_lossy();
    let check = || args_os().nth(2).is_some_and(|flag| flag == "--check");
    let done = match &*task {
        "wasm" => wasm::run(),
        "vendors" => wasm::run_vendors(),
        "wasm-test" => wasm_test::run(),
        wasm_test::RUNNER_TASK => {
            let module = args_os()
                .nth(2)
                .map(PathBuf::from)
                .context("no module named");
            module.and_then(|module| wasm_test::run_module(&module))
        }
        "types" => types::run(check()),
        "docs" => docs::run(check()),
        "worker" => worker::run(),
        "size" => node::run("xtask/size.mjs", &[]),
        _ => {
            eprintln!("{TASKS}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask {task}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
