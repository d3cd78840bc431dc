//! Build tasks: `cargo xtask <task>`. What the npm scripts and CI call to build, generate and measure.
mod artefact;
mod node;
mod wasm;
mod worker;
mod workspace;

use std::process::ExitCode;

const TASKS: &str = "\
cargo xtask <task>
  wasm     build the JavaScript face and the simulators into pkg/dist
  worker   build the Worker into crates/worker/build
  size     print the sizes of both, and fail above their budgets";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "wasm" => wasm::run(),
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
