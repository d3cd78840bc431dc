// Steps that say what they do and how long they take, and the commands they run.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The top folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Does `work` and shows `title` with the elapsed time, while it runs and when it is done. */
export async function step(title, work) {
  const started = performance.now();
  const stop = showProgress(title, started);
  try {
    const result = await work();
    stop(`✓ ${title} (${elapsed(started)})`);
    return result;
  } catch (error) {
    stop(`✗ ${title} (${elapsed(started)})`);
    throw error;
  }
}

/**
 * Runs a command at the top of the repository and answers what it printed.
 * When it fails, the error's message holds its output. `show` prints the output as it comes.
 */
export function run(command, args, { env = {}, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...environment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (show) to.write(text);
      });
    }
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(stripVTControlCharacters(output));
      else reject(new CommandFailed(command, args, code ?? signal, output, show));
    });
  });
}

/** A command that ended with a failure; `shown` says that its output has been printed. */
export class CommandFailed extends Error {
  constructor(command, args, code, output, shown) {
    const line = [command.split(/[\\/]/).at(-1), ...args].join(" ");
    super(`\`${line}\` failed (${code})${shown ? "" : `:\n${output.trim()}`}`);
    this.output = stripVTControlCharacters(output);
  }
}

/** Runs the script's work and ends with a plain message when it fails: a stack of ours helps nobody. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

/** The Node that runs the tools: the one among the npm packages (wrangler wants a newer one than crmlink does). */
export function toolNode() {
  const { platform, arch, versions, execPath } = process;
  const names = [`node-${platform.replace("win32", "win")}-${arch}`, `node-bin-${platform}-${arch}`];
  const file = platform === "win32" ? "node.exe" : "node";
  const installed = names.map((name) => join(root, "node_modules", name, "bin", file)).find(existsSync);
  if (installed) return installed;
  const [major, minor] = versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return execPath;
  throw new Error(`no Node for ${platform} ${arch} among the npm packages: install Node 22.12 or newer`);
}

/** The environment of the commands: the tools of this repository come first, rustup's default folder last. */
export function environment() {
  const home = process.env.HOME ?? process.env.USERPROFILE ?? "";
  const cargo = join(process.env.CARGO_HOME ?? join(home, ".cargo"), "bin");
  const path = [process.env.PATH ?? process.env.Path ?? "", cargo];
  if (existsSync(join(root, "node_modules"))) {
    path.unshift(dirname(toolNode()), join(root, "node_modules", ".bin"));
  }
  return { ...process.env, PATH: path.join(delimiter) };
}

function showProgress(title, started) {
  if (!process.stdout.isTTY) {
    console.log(`• ${title} …`);
    const timer = setInterval(() => console.log(`  still at it: ${title} (${elapsed(started)})`), 30_000);
    return (last) => {
      clearInterval(timer);
      console.log(last);
    };
  }
  const draw = () => process.stdout.write(`\r\x1b[K• ${title} … ${elapsed(started)}`);
  const timer = setInterval(draw, 1000);
  draw();
  return (last) => {
    clearInterval(timer);
    process.stdout.write(`\r\x1b[K${last}\n`);
  };
}

function elapsed(started) {
  const seconds = (performance.now() - started) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
