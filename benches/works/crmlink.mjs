// crmlink as its users call it.

export const TOKEN = "a-token-for-the-benchmark";

const load = () => import("../../pkg/dist/index.js");

/** The two contenders that crmlink enters for an endpoint: values in, and JSON text in. */
export function crmlinkBuilders(endpoint, options = { token: TOKEN }) {
  const builder = async () => {
    const { buildRequest } = await load();
    return (params) => buildRequest(endpoint, params, options);
  };
  return {
    crmlink: { title: "crmlink", load: builder },
    crmlinkText: { title: "crmlink, params as JSON text", takes: "text", load: builder },
  };
}

/** The same for a plan; `pick` finds the request in it that the others build too. */
export function crmlinkPlanners(vendor, operation, options, pick) {
  const planner = async () => {
    const { plan } = await load();
    return (input) => pick(plan(vendor, operation, input, options));
  };
  return {
    crmlink: { title: "crmlink plan", load: planner },
    crmlinkText: { title: "crmlink plan, input as JSON text", takes: "text", load: planner },
  };
}
