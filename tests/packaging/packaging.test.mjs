// The packed tarball, as a stranger gets it: installed in an empty project, and used from there alone.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { publint } from "publint";

import { VENDORS } from "../../xtask/pkg.mjs";
import { root, toolNode } from "../../xtask/steps.mjs";

const run = promisify(execFile);
const PAIR = `{ fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" }`;
const URL_OF_PAIR = "https://api.hubapi.com/crm/v4/objects/contacts/1/associations/default/companies/2";
const CALLS = `
  const pair = ${PAIR};
  const link = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
  const { url } = buildRequest("hubspot.associations.createDefault", pair);
  const { calls } = plan("hubspot", "associations.create", link);
  let code;
  try { readResponse("hubspot.associations.createDefault", { status: 401, body: "{}" }); }
  catch (error) { code = error instanceof CrmlinkError && error.code; }
  const vendors = capabilities().length;
  const connection = typeof connect("hubspot", { token: "t" }).associations.create;
  console.log(JSON.stringify({ url, calls, code, vendors, connection }));
`;
const NAMES = "{ CrmlinkError, buildRequest, capabilities, connect, plan, readResponse }";
const EXPECTED = {
  url: URL_OF_PAIR,
  calls: { min: 1, max: 1 },
  code: "unauthenticated",
  vendors: 4,
  connection: "function",
};

let folder;
let project;
let installed;
let packed;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "crmlink-packaging-"));
  project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "stranger", private: true }));
  const [report] = JSON.parse(await npm(["pack", "--json", "--pack-destination", folder], join(root, "pkg")));
  packed = report.files.map(({ path }) => path);
  await npm(["install", "--offline", join(folder, report.filename)], project);
  installed = join(project, "node_modules/crmlink");
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("what is packed", () => {
  test("is dist, and what npm always adds", () => {
    const others = packed.filter((path) => !path.startsWith("dist/"));
    assert.deepEqual(
      others.filter((path) => !/^(package\.json|README\.md|LICENSE.*)$/.test(path)),
      [],
    );
    assert.ok(packed.includes("package.json"));
  });

  test("is what is exported, with its types, and nothing that nobody loads", async () => {
    const { exports, bin } = readPackage();
    const targets = leaves(exports).concat(Object.values(bin).map((path) => `./${path}`));
    for (const target of targets) assert.ok(packed.includes(target.slice(2)), target);
    const code = packed.filter((path) => /\.(js|cjs)$/.test(path)).map((path) => `./${path}`);
    const entries = targets.filter((target) => /\.(js|cjs)$/.test(target));
    const loaded = new Set((await inputsOf(entries.map((entry) => join(installed, entry)))).map((path) => `./${path}`));
    assert.deepEqual(
      code.filter((path) => !loaded.has(path) && !/(types|generated|operations|records)\.js$/.test(path)),
      [],
    );
  });

  test("depends on nothing, and runs no script at its installation", () => {
    const keys = ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies", "scripts"];
    assert.deepEqual(
      keys.filter((key) => key in readPackage()),
      [],
    );
    assert.deepEqual(
      readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith(".")),
      ["crmlink"],
    );
  });

  test("says nothing of the machine that built it", () => {
    for (const path of packed.filter((path) => path !== "package.json")) {
      const text = readFileSync(join(installed, path), "latin1");
      for (const place of [root, "/.cargo/", "/home/", "/Users/"]) {
        assert.ok(!text.includes(place), `${path} has ${place}`);
      }
    }
  });

  test("has no complaint from publint", async () => {
    const { messages } = await publint({ pkgDir: installed, strict: true });
    assert.deepEqual(messages, []);
  });

  test("has no simulator in the main entries", async () => {
    const entries = ["index.js", "index.cjs", "index.workerd.js", "slim.js"];
    for (const entry of entries.concat(VENDORS.flatMap((vendor) => entries.map((entry) => `${vendor}/${entry}`)))) {
      const inputs = await inputsOf([join(installed, "dist", entry)]);
      assert.deepEqual(
        inputs.filter((path) => /twin/i.test(path)),
        [],
      );
    }
    for (const name of ["core.wasm", "index.cjs"]) {
      const text = readFileSync(join(installed, "dist", name), "latin1");
      for (const word of ["_twin", "twin-token"]) assert.ok(!text.includes(word), `${name} has ${word}`);
    }
  });
});

describe("Node", () => {
  for (const node of nodes()) {
    const version = join(relative(root, node).startsWith("..") ? node : relative(root, node));
    test(`imports it: ${version}`, async () => {
      const script = `import ${NAMES} from "crmlink";${CALLS}`;
      assert.deepEqual(JSON.parse(await ran(node, "import.mjs", script)), EXPECTED);
    });

    test(`requires it: ${version}`, async () => {
      const script = `"use strict"; const ${NAMES} = require("crmlink");${CALLS}`;
      assert.deepEqual(JSON.parse(await ran(node, "require.cjs", script)), EXPECTED);
    });

    test(`loads the slim entry with the module's bytes: ${version}`, async () => {
      const script = `
        import { readFileSync } from "node:fs";
        import { fileURLToPath } from "node:url";
        import { init, initSync, CrmlinkError, buildRequest, capabilities, connect, plan, readResponse } from "crmlink/slim";
        const bytes = readFileSync(fileURLToPath(import.meta.resolve("crmlink/core.wasm")));
        if (process.argv[2] === "sync") initSync({ module: bytes });
        else await init({ module_or_path: bytes });
        ${CALLS}`;
      for (const how of ["sync", "async"]) {
        assert.deepEqual(JSON.parse(await ran(node, "slim.mjs", script, how)), EXPECTED);
      }
    });

    test(`runs the simulators: ${version}`, async () => {
      const script = `
        import { connect } from "crmlink";
        import { createTwin } from "crmlink/twin";
        const twin = createTwin();
        const link = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
        const receipt = await connect("hubspot", { token: "twin-token", fetch: twin.fetch }).associations.create(link);
        console.log(JSON.stringify([receipt.links[0].outcome, twin.commits().length]));`;
      assert.deepEqual(JSON.parse(await ran(node, "twin.mjs", script)), ["linked", 1]);
    });
  }

  test("finds nothing that is not exported", async () => {
    const script = `
      const found = [];
      for (const path of ["crmlink/dist/glue.js", "crmlink/glue", "crmlink/dist/index.js", "crmlink/src/api.ts"]) {
        await import(path).then(() => found.push(path), (error) => {
          if (error.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
        });
      }
      console.log(JSON.stringify(found));`;
    assert.deepEqual(JSON.parse(await ran(toolNode(), "inside.mjs", script)), []);
  });

  test("has one instance for import and another for require, and both work side by side", async () => {
    const script = `
      import { createRequire } from "node:module";
      import { buildRequest } from "crmlink";
      const required = createRequire(import.meta.url)("crmlink");
      const pair = ${PAIR};
      const name = "hubspot.associations.createDefault";
      console.log(JSON.stringify([buildRequest(name, pair).url, required.buildRequest(name, pair).url]));`;
    assert.deepEqual(JSON.parse(await ran(toolNode(), "both.mjs", script)), [URL_OF_PAIR, URL_OF_PAIR]);
  });
});

describe("an entry with one vendor", () => {
  const origin = "https://acme.my.salesforce.com";
  const plain = ["301", "101"];
  const samples = {
    hubspot: { ids: plain },
    leadconnector: { ids: plain, options: { locationId: "l1" } },
    salesforce: { ids: ["0065e00000DealAAAR", "0035e00000AnnaAAAR"], options: { origin } },
    truto: { ids: plain, options: { integratedAccountId: "62f44730-dd91-461e-bd6a-aedd9e0ad79d" } },
  };
  const names = "{ CrmlinkError, buildRequest, capabilities, connect, plan, readResponse }";
  /** What it can do, what it says of the others, and what the code below says with all of it. */
  const calls = (vendor) => `
    const vendors = ${JSON.stringify(VENDORS)};
    const { ids: [entity_id, id], options } = ${JSON.stringify(samples[vendor])};
    const link = { entity: "opportunities", entity_id, associations: { contacts: [{ id }] } };
    const refusals = [];
    const refused = (act) => {
      const refusal = ({ code, message }) => refusals.push(code, ...(message.match(/\\w+ is not in this build/) ?? []));
      try { act().catch?.(refusal); } catch (error) { refusal(error); }
    };
    const steps = plan("${vendor}", "associations.create", link, options).steps.length;
    for (const other of vendors.filter((name) => name !== "${vendor}")) {
      refused(() => capabilities(other));
      refused(() => plan(other, "associations.create", link));
      refused(() => buildRequest(other + ".associations.create", {}));
      refused(() => readResponse(other + ".associations.create", { status: 200, body: "{}" }));
      refused(() => connect(other, { token: "t" }).associations.create(link));
    }
    setTimeout(() => console.log(JSON.stringify({
      can: capabilities().map(({ vendor }) => vendor),
      plans: steps > 0,
      refusals: [...new Set(refusals)].sort(),
    })));`;
  const expected = (vendor) => {
    const others = VENDORS.filter((name) => name !== vendor).map((name) => `${name} is not in this build`);
    return { can: [vendor], plans: true, refusals: ["invalid_input", ...others].sort() };
  };

  test("is exported as the whole is, whichever vendor", () => {
    const { exports } = readPackage();
    for (const vendor of VENDORS) {
      for (const [whole, own] of [
        [".", `./${vendor}`],
        ["./slim", `./${vendor}/slim`],
        ["./core.wasm", `./${vendor}/core.wasm`],
      ]) {
        assert.deepEqual(
          exports[own],
          JSON.parse(JSON.stringify(exports[whole]).replaceAll("dist/", `dist/${vendor}/`)),
        );
      }
    }
  });

  for (const vendor of VENDORS) {
    test(`has ${vendor} and refuses the others by name: import`, async () => {
      const script = `import ${names} from "crmlink/${vendor}";${calls(vendor)}`;
      assert.deepEqual(JSON.parse(await ran(toolNode(), `${vendor}.mjs`, script)), expected(vendor));
    });

    test(`has ${vendor} and refuses the others by name: require`, async () => {
      const script = `"use strict"; const ${names} = require("crmlink/${vendor}");${calls(vendor)}`;
      assert.deepEqual(JSON.parse(await ran(toolNode(), `${vendor}.cjs`, script)), expected(vendor));
    });

    test(`has ${vendor} and refuses the others by name: slim`, async () => {
      const script = `
        import { readFileSync } from "node:fs";
        import { fileURLToPath } from "node:url";
        import { initSync, CrmlinkError, buildRequest, capabilities, connect, plan, readResponse } from "crmlink/${vendor}/slim";
        initSync({ module: readFileSync(fileURLToPath(import.meta.resolve("crmlink/${vendor}/core.wasm"))) });
        ${calls(vendor)}`;
      assert.deepEqual(JSON.parse(await ran(toolNode(), `${vendor}-slim.mjs`, script)), expected(vendor));
    });
  }

  test("works beside another one and the whole, with one class of errors", async () => {
    const script = `
      import { CrmlinkError, capabilities } from "crmlink";
      import * as hubspot from "crmlink/hubspot";
      import * as truto from "crmlink/truto";
      const errors = [hubspot, truto].map(({ buildRequest }) => {
        try { buildRequest("nothing", {}); } catch (error) { return error instanceof CrmlinkError; }
      });
      const counts = [{ capabilities }, hubspot, truto].map(({ capabilities }) => capabilities().length);
      console.log(JSON.stringify([counts, errors]));`;
    assert.deepEqual(JSON.parse(await ran(toolNode(), "beside.mjs", script)), [
      [4, 1, 1],
      [true, true],
    ]);
  });
});

describe("crmlink-twin", () => {
  const bin = () => join(installed, readPackage().bin["crmlink-twin"]);

  test("is found by its name", () => {
    accessSync(join(project, "node_modules/.bin/crmlink-twin"), constants.F_OK);
    assert.match(readFileSync(bin(), "utf8"), /^#!\/usr\/bin\/env node\n/);
  });

  test("starts, says where it is, and answers", async () => {
    const child = spawn(toolNode(), [bin(), "--port", "0"], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const origin = await new Promise((resolve, reject) => {
        let printed = "";
        child.stdout.setEncoding("utf8").on("data", (text) => {
          printed += text;
          const [, found] = /listen on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(printed) ?? [];
          if (found) resolve(found);
        });
        child.once("exit", () => reject(new Error(`it ended:\n${printed}`)));
      });
      const response = await fetch(`${origin}/crm/v4/objects/deals/301/associations/default/companies/201`, {
        method: "PUT",
        headers: { authorization: "Bearer twin-token" },
      });
      assert.equal(response.status, 200);
      assert.equal((await response.json()).results.length, 2);
    } finally {
      child.kill();
    }
  });

  test("explains itself, and refuses a port that there is not", async () => {
    const { stdout } = await run(toolNode(), [bin(), "--help"]);
    assert.match(stdout, /--port/);
    for (const port of ["65536", "-1", "x", "1.5"]) {
      await assert.rejects(run(toolNode(), [bin(), `--port=${port}`]), ({ code, stderr }) => {
        assert.equal(code, 2);
        return stderr.includes(port);
      });
    }
  });
});

describe("TypeScript", () => {
  const module = `
    import { buildRequest, connect, CrmlinkError, type HttpRequest, type Receipt } from "crmlink";
    const request: HttpRequest = buildRequest("hubspot.associations.createDefault", ${PAIR});
    const receipt: Promise<Receipt> = connect("hubspot", { token: "t" }).associations.create("{}");
    export { request, receipt, CrmlinkError };
    // @ts-expect-error: the types are there, and say no
    buildRequest("hubspot.nothing", {});
  `;
  const vendor = `
    import { connect, type Receipt } from "crmlink/hubspot";
    export const receipt: Promise<Receipt> = connect("hubspot", { token: "t" }).associations.create("{}");
    // @ts-expect-error: not in this entry
    connect("salesforce", { token: "t" });
  `;
  const slim = `import { init, initSync, buildRequest } from "crmlink/slim"; export { init, initSync, buildRequest };`;
  const twin = `import { createTwin, serveTwin } from "crmlink/twin"; export { createTwin, serveTwin };`;
  const common = `
    import crmlink = require("crmlink");
    const request: crmlink.HttpRequest = crmlink.buildRequest("hubspot.associations.createDefault", ${PAIR});
    export = request;
  `;
  for (const [resolution, options, files] of [
    [
      "nodenext",
      { module: "nodenext" },
      {
        "m.mts": module,
        "s.mts": slim,
        "t.mts": twin,
        "c.cts": common,
        "i.cts": module,
        "v.mts": vendor,
        "v.cts": vendor,
      },
    ],
    [
      "node16",
      { module: "node16" },
      {
        "m.mts": module,
        "s.mts": slim,
        "t.mts": twin,
        "c.cts": common,
        "i.cts": module,
        "v.mts": vendor,
        "v.cts": vendor,
      },
    ],
    [
      "bundler",
      { module: "esnext", moduleResolution: "bundler" },
      { "m.ts": module, "s.ts": slim, "t.ts": twin, "v.ts": vendor },
    ],
    [
      "bundler, for workerd",
      { module: "esnext", moduleResolution: "bundler", customConditions: ["workerd"] },
      { "m.ts": module, "v.ts": vendor },
    ],
  ]) {
    test(`compiles under ${resolution}, the package's own declarations included`, async () => {
      const here = join(project, resolution.replace(/\W+/g, "-"));
      mkdirSync(here);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(here, name), text);
      const compilerOptions = {
        ...options,
        target: "es2022",
        lib: ["es2022", "dom", "dom.iterable"],
        types: [],
        strict: true,
        noEmit: true,
        skipLibCheck: false,
      };
      writeFileSync(join(here, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*"] }));
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      await run(toolNode(), [tsc, "--project", here]).catch(({ stdout }) => assert.fail(stdout));
    });
  }
});

describe("a bundle for the browser", () => {
  let code;
  before(async () => {
    code = await bundled("crmlink");
  });

  /** A program of all calls with an entry. */
  async function bundled(name) {
    const entry = join(project, "browser.js");
    writeFileSync(entry, `import ${NAMES} from "${name}";${CALLS}`);
    // Without a plugin, and with no module of Node's to fall back on: a single one would be an error.
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0].contents;
  }

  test("needs nothing of Node", async () => {
    const text = Buffer.from(code).toString();
    assert.ok(!/\bprocess\.|\brequire\(|node:|\bBuffer\b/.test(text.replace(/"[A-Za-z0-9+/=]{1000,}"/, '""')));
    // A page has none of these.
    const page = `delete globalThis.process; delete globalThis.Buffer; delete globalThis.global;`;
    const printed = await ran(toolNode(), "bundled.mjs", `${page}\n${text}`);
    assert.deepEqual(JSON.parse(printed), EXPECTED);
  });

  test("is of the size that is told", (t) => {
    const gzip = gzipSync(code, { level: 9 }).length;
    t.diagnostic(`${(code.length / 1000).toFixed(1)} KB, ${(gzip / 1000).toFixed(1)} KB with gzip`);
    assert.ok(gzip < 520_000, `${gzip} bytes with gzip`);
  });

  test("holds one vendor where one is imported", async (t) => {
    const one = await bundled("crmlink/hubspot");
    const [gzip, whole] = [one, code].map((code) => gzipSync(code, { level: 9 }).length);
    t.diagnostic(`${(one.length / 1000).toFixed(1)} KB, ${(gzip / 1000).toFixed(1)} KB with gzip`);
    assert.ok(gzip < 0.8 * whole, `${gzip} bytes with gzip, beside ${whole}`);
    const printed = await ran(toolNode(), "bundled-one.mjs", Buffer.from(one).toString());
    assert.deepEqual(JSON.parse(printed), { ...EXPECTED, vendors: 1 });
  });
});

describe("workerd", () => {
  for (const name of ["crmlink", "crmlink/hubspot"]) {
    test(`imports the module that it compiled itself, and answers with a built request: ${name}`, () => answers(name));
  }

  async function answers(name) {
    const entry = join(project, "worker.js");
    writeFileSync(
      entry,
      `import { buildRequest, connect } from "${name}";
       export default {
         async fetch() {
           const request = buildRequest("hubspot.associations.createDefault", ${PAIR});
           const fetch = async () => new Response("{}", { status: 401 });
           const link = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
           const error = await connect("hubspot", { token: "t", fetch }).associations.create(link).catch((error) => error);
           return Response.json({ request, code: error.code });
         },
       };`,
    );
    const outdir = join(folder, `worker-${name.replace("/", "-")}`);
    await build({
      entryPoints: [entry],
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      loader: { ".wasm": "copy" },
      assetNames: "[name]",
      outdir,
      logLevel: "silent",
    });
    const modules = Object.fromEntries(
      readdirSync(outdir).map((file) => {
        const wasm = file.endsWith(".wasm");
        return [
          file,
          { type: wasm ? "wasm" : "esm", contents: readFileSync(join(outdir, file), wasm ? undefined : "utf8") },
        ];
      }),
    );
    assert.deepEqual(Object.keys(modules).sort(), ["core.wasm", "worker.js"]);
    assert.ok(modules["worker.js"].contents.length < 200_000, "the module is not inlined too");
    const config = {
      name: "stranger",
      compatibilityDate: compatibilityDate(),
      manifest: { mainModule: "worker.js", modules },
    };
    const quiet = { cf: false, telemetry: { enabled: false }, handleStructuredLogs: () => {} };
    const runtime = new Miniflare({ host: "127.0.0.1", port: 0, ...quiet, workers: [{ config }] });
    try {
      const response = await fetch(await runtime.ready);
      assert.deepEqual(await response.json(), {
        request: { method: "PUT", url: URL_OF_PAIR, headers: { accept: "application/json" } },
        code: "unauthenticated",
      });
    } finally {
      await runtime.dispose();
    }
  }
});

/** Runs npm with nothing of this user's, and nothing of the network's. */
async function npm(args, cwd) {
  const env = {
    ...process.env,
    PATH: [dirname(toolNode()), process.env.PATH].join(delimiter),
    npm_config_cache: join(folder, "cache"),
    npm_config_userconfig: join(folder, "npmrc"),
  };
  const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const own = process.env.npm_execpath;
  const [command, ...first] = own ? [toolNode(), own] : ["npm"];
  const { stdout } = await run(command, [...first, ...args, ...quiet], { cwd, env });
  return stdout;
}

/** Runs a script in the project and answers what it printed. */
async function ran(node, name, script, ...args) {
  writeFileSync(join(project, name), script);
  const { stdout } = await run(node, [name, ...args], { cwd: project });
  return stdout;
}

/** The Node of the tools, and the one that the machine has. */
function nodes() {
  const file = process.platform === "win32" ? "node.exe" : "node";
  const found = (process.env.PATH ?? "").split(delimiter).map((place) => join(place, file));
  const own = found.filter((path) => !path.includes("node_modules") && isExecutable(path));
  return [toolNode(), ...own.slice(0, 1)];
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readPackage() {
  return JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
}

/** The modules of the package that these entries load. */
async function inputsOf(entryPoints) {
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    metafile: true,
    write: false,
    format: "esm",
    platform: "node",
    // index.js and index.cjs would both be written to one file.
    entryNames: "[dir]/[ext]/[name]-[hash]",
    outdir: join(folder, "unwritten"),
    loader: { ".wasm": "copy" },
    absWorkingDir: installed,
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs);
}

function leaves(exports) {
  return typeof exports === "string" ? [exports] : Object.values(exports).flatMap(leaves);
}

function compatibilityDate() {
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(readFileSync(join(root, "wrangler.toml"), "utf8"));
  return date;
}
