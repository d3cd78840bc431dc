// A contender in a fresh process of its own, which idles until it is asked.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import { toolNode } from "../xtask/steps.mjs";

const MEASURE = fileURLToPath(new URL("measure.mjs", import.meta.url));
const SILENCE_LIMIT = 30_000; // milliseconds; the longest thing ever asked for takes a few seconds

export async function startContender(work, name) {
  // The Node of the npm packages: some of the clients do not load in the oldest that crmlink itself runs in.
  const child = fork(MEASURE, [work.name, name], { execPath: toolNode(), execArgv: [] });
  const runtime = await nextAnswer(child); // it says so when everything is loaded
  return {
    name,
    title: work.contenders[name].title,
    runtime,
    /** The requests it builds, one for each input of the work. */
    show: () => request("show"),
    warm: (milliseconds) => request("warm", milliseconds),
    round: (milliseconds) => request("round", milliseconds),
    stop: () => child.disconnect(),
  };

  function request(ask, milliseconds) {
    const answer = nextAnswer(child);
    child.send({ ask, milliseconds });
    return answer;
  }
}

function nextAnswer(child) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => settle(reject, new Error("a contender fell silent")), SILENCE_LIMIT);
    const onMessage = ({ answer, error }) => (error ? settle(reject, new Error(error)) : settle(resolve, answer));
    const onExit = (code) => settle(reject, new Error(`a contender ended early with code ${code}`));
    child.once("message", onMessage);
    child.once("exit", onExit);

    function settle(how, value) {
      clearTimeout(limit);
      child.off("message", onMessage);
      child.off("exit", onExit);
      how(value);
    }
  });
}
