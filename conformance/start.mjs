// `npm run conformance`: with the Node that some of the clients need.
import { spawn } from "node:child_process";

import { environment, toolNode } from "../xtask/steps.mjs";

const args = [`${import.meta.dirname}/run.mjs`, ...process.argv.slice(2)];
spawn(toolNode(), args, { stdio: "inherit", env: environment() }).once("close", (code) => process.exit(code ?? 1));
