#!/usr/bin/env node
/** `crmlink-twin --port 8788 [--host 127.0.0.1]`: the vendor simulators as a local server. */
import { parseArgs } from "node:util";
import { serveTwin } from "./twin.js";

const { values } = parseArgs({
  options: {
    port: { type: "string", short: "p", default: "8788" },
    host: { type: "string", default: "127.0.0.1" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const port = Number(values.port);
if (values.help) {
  console.log("crmlink-twin [--port 8788] [--host 127.0.0.1]");
} else if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`crmlink-twin: --port takes a number from 0 to 65535, not ${values.port}`);
  process.exitCode = 2;
} else {
  const { origin } = await serveTwin({ port, host: values.host });
  console.log(`The vendor simulators listen on ${origin}

  HubSpot        ${origin}/crm/v4/objects/deals/301/associations/default/companies/201
  LeadConnector  ${origin}/associations/   ${origin}/opportunities/upsert
  Salesforce     ${origin}/services/data/v66.0/
  Truto          ${origin}/unified/crm/associations?integrated_account_id=62f44730-dd91-461e-bd6a-aedd9e0ad79d

  authorization: Bearer twin-token
  GET  /_twin/records   the sample records       POST /_twin/reset   start over
  GET  /_twin/commits   what was written         POST /_twin/fault   make the next request fail
`);
}
