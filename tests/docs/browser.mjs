// A page in real Chromium that loads the package as plain modules.
import { accessSync, constants, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

import { root } from "../../xtask/steps.mjs";

/** Where an installed Chromium is; `undefined` where there is none. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const files = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return files.find(isExecutable);
}

/** Opens a page of this HTML, on an origin that also serves `pkg/dist` under `/crmlink/`. */
export async function open(executablePath, htmlFor) {
  let html = "";
  const server = createServer((request, response) => {
    const [, file] = /^\/crmlink\/([\w.-]+\.js)$/.exec(request.url) ?? [];
    response.setHeader("content-type", file ? "text/javascript" : "text/html");
    response.end(file ? readFileSync(join(root, "pkg/dist", file)) : html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  html = await htmlFor(origin);

  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--no-proxy-server"] });
  const page = await browser.newPage();
  const lines = [];
  page.on("console", (message) => lines.push(message.text()));
  page.on("pageerror", (error) => lines.push(String(error)));
  await page.goto(origin);
  return {
    /** What the page has printed, once it is so many lines. */
    async printed(count) {
      for (const deadline = Date.now() + 20_000; lines.length < count && Date.now() < deadline;) {
        await new Promise((resume) => setTimeout(resume, 50));
      }
      return lines;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
