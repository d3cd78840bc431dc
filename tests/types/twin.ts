// The simulators stand in for fetch, and the slim entry has the same functions.

import { connect } from "crmlink";
import * as slim from "crmlink/slim";
import { createTwin, serveTwin, type Commit, type TwinServer } from "crmlink/twin";
import { holds, type Same } from "./expect.js";

const twin = createTwin({ now: () => 0 });
const stands: typeof fetch = twin.fetch;
connect("hubspot", { fetch: stands });
connect("hubspot", { fetch: twin.fetch });
holds<Same<ReturnType<typeof twin.commits>, Commit[]>>();
const server = serveTwin({ port: 0 });
holds<Same<typeof server, Promise<TwinServer>>>();
// @ts-expect-error: a port is a number
serveTwin({ port: "8788" });
// @ts-expect-error: no such option
createTwin({ clock: () => 0 });

slim.initSync({ module: new Uint8Array() });
holds<Same<typeof slim.connect, typeof connect>>();
