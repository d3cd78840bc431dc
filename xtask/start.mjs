// `npm start`: brings what is missing, builds, and serves the Worker with the vendors' simulators beside it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { build } from "./build.mjs";
import { variables } from "./development.mjs";
import { setUp } from "./setup.mjs";
import { environment, main, root, step, toolNode } from "./steps.mjs";
import { welcome } from "./welcome.mjs";

// No questions, no metrics, no look at the registry for a newer version, no look at Cloudflare for a sample request.
const OFFLINE = {
  CI: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
};

await main(async () => {
  endWithNpm();
  const port = Number(process.env.PORT || 8787);
  const twinPort = port + 1;
  await checkPorts(port, twinPort);
  await setUp();
  await build({ vendors: false });
  await serve(port, twinPort);
});

async function serve(port, twinPort) {
  const { serveTwin } = await import(pathToFileURL(join(root, "pkg/dist/twin.js")));
  await serveTwin({ port: twinPort });

  const origin = `http://localhost:${port}`;
  const twinOrigin = `http://127.0.0.1:${twinPort}`;
  // Pages of yours that may call it: CRMLINK_ALLOWED_ORIGINS=http://localhost:5173 npm start
  const further = (process.env.CRMLINK_ALLOWED_ORIGINS ?? "").split(",").filter(Boolean);
  const pageOrigins = [origin, `http://127.0.0.1:${port}`, ...further];
  const worker = startWorker(port, variables({ twinOrigin, pageOrigins }));
  await step("Worker in workerd", () => Promise.race([untilHealthy(`${origin}/healthz`, worker), worker.ended]));

  worker.show();
  console.log(welcome({ origin, twinOrigin }));
  await worker.ended;
}

/** Starts wrangler in local mode; it ends with this process, whatever ends that. */
function startWorker(port, vars) {
  const args = [join(root, "node_modules/wrangler/bin/wrangler.js"), "dev", "--local", "--ip", "127.0.0.1"];
  args.push("--port", String(port), "--inspector-port", "0", "--persist-to", ".crmlink/state");
  args.push("--show-interactive-dev-session=false");
  for (const [name, value] of Object.entries(vars)) args.push("--var", `${name}:${value}`);
  const child = spawn(toolNode(), args, {
    cwd: root,
    env: { ...environment(), ...OFFLINE },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, which workerd and esbuild share and which can be ended as one.
    detached: process.platform !== "win32",
  });
  endTogether(child);

  let output = "";
  let shown = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      if (shown) process.stdout.write(text);
      else output += text;
    });
  }
  const said = () => stripVTControlCharacters(output).trim();
  return {
    said,
    show: () => (shown = true),
    ended: once(child, "exit").then(([code, signal]) => {
      throw new Error(`${said()}\nThe Worker ended (${code ?? signal}).`.trim());
    }),
  };
}

/** Whoever ends npm ends its shell too, and no signal comes here. */
function endWithNpm() {
  const parent = process.ppid;
  const look = () => process.ppid === parent || process.kill(process.pid, "SIGTERM");
  if (process.env.npm_lifecycle_event) setInterval(look, 500).unref();
}

function endTogether(child) {
  const stop = (signal) => {
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  const end = () => {
    child.removeAllListeners("exit").once("exit", () => process.exit(0));
    stop("SIGTERM");
    setTimeout(() => process.exit(0), 5000);
  };
  process.once("exit", () => stop("SIGKILL"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
}

async function untilHealthy(url, worker) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`${worker.said()}\nNo good answer from ${url} within a minute.`.trim());
}

async function checkPorts(...ports) {
  for (const port of ports) {
    await new Promise((free, taken) => {
      const probe = createServer();
      probe.once("error", () => taken(new Error(`Port ${port} is in use: choose another with PORT=… npm start`)));
      probe.listen(port, "127.0.0.1", () => probe.close(free));
    });
  }
}
