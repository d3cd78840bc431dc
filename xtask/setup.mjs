// Brings what a fresh clone lacks: the npm packages, the wasm32 target. `npm start` and `npm test` begin here.
import { existsSync, lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { root, run, step } from "./steps.mjs";

/** Makes the machine ready to build; says what to install where it can't. */
export async function setUp() {
  if (isFirstRun()) {
    console.log("First run: fetching packages and compiling takes about 3 to 8 minutes; later runs take seconds.");
  }
  await findRust();
  if (packagesAreMissing()) {
    await step("npm packages, in the versions of the lock file", installPackages);
  }
}

function isFirstRun() {
  return packagesAreMissing() || !existsSync(join(root, "pkg/dist/core.wasm"));
}

async function findRust() {
  let sysroot;
  try {
    sysroot = (await run("rustc", ["--print", "sysroot"])).trim().split("\n").at(-1);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    throw new Error("Rust is missing: install it with rustup, as https://rustup.rs says, and start again");
  }
  if (existsSync(join(sysroot, "lib/rustlib", TARGET))) return;
  await step(`Rust's target ${TARGET}`, () => run("rustup", ["target", "add", TARGET])).catch((error) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(
      `this Rust has no target ${TARGET}, and no rustup to add it: install Rust with rustup (https://rustup.rs)`,
    );
  });
}

// npm writes its own copy of the lock file at the end of an installation.
function packagesAreMissing() {
  const done = join(root, "node_modules/.package-lock.json");
  return !existsSync(done) || statSync(done).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs;
}

// No package needs its install script, and some npm versions ask before they run one.
function installPackages() {
  // npm would empty the folder that it points to, which may be another clone's.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(
      "node_modules is a symbolic link, and lacks packages: install them where it points to, or remove it",
    );
  }
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  return npm ? run(process.execPath, [npm, ...args]) : run("npm", args);
}

const TARGET = "wasm32-unknown-unknown";
