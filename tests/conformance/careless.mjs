// A client that does everything wrong, so that the suite is seen to notice.

export const name = "careless";
export const version = "0";
export const renewal = ["hubspot", "salesforce"];

export const vendors = {
  hubspot(options) {
    const insist = insisting(options);
    const link = ({ contact, company }) =>
      insist("PUT", `/crm/v4/objects/contacts/${contact}/associations/default/companies/${company}`);
    return {
      operations: {
        P: link,
        U: ({ email }) =>
          insist("POST", "/crm/v3/objects/contacts/batch/upsert", {
            inputs: [{ id: email, idProperty: "email", properties: {} }],
          }),
        C: ({ name }) => insist("POST", "/crm/v3/objects/companies", { properties: { name } }),
        V: ({ name, amount }) => insist("POST", "/crm/v3/objects/deals", { properties: { dealname: name, amount } }),
        I: ({ id, company }) => link({ contact: id, company }),
      },
    };
  },

  salesforce(options) {
    const insist = insisting(options);
    return {
      operations: {
        U: ({ field, value, lastName }) =>
          insist("PATCH", `/services/data/v66.0/sobjects/Contact/${field}/${value}`, { LastName: lastName }),
      },
    };
  },
};

/** Tries again at once whatever it was, and takes any good status for a success. */
function insisting({ origin, token, credentials }) {
  let bearer = token;
  const send = async (method, path, body) => {
    const headers = { authorization: `Bearer ${bearer}`, "x-token": bearer, "content-type": "application/json" };
    return fetch(origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  return async (method, path, body) => {
    for (let left = 3; ; left -= 1) {
      try {
        const answer = await send(method, path, body);
        if (answer.status === 401 && credentials) {
          bearer = (await credentials.renew()).token;
          left += 1;
          continue;
        }
        if (answer.status < 500 && answer.status !== 429) {
          const text = await answer.text();
          if (answer.ok) return { outcome: "done", value: assigned(text) };
          return { outcome: "not_done", detail: text };
        }
        if (left <= 1) return { outcome: "not_done", detail: `${answer.status}` };
      } catch (error) {
        if (left <= 1) return { outcome: "not_done", detail: String(error) };
      }
    }
  };
}

/** As one copies an answer into an object without a thought. */
function assigned(text) {
  const target = {};
  try {
    for (const [key, value] of Object.entries(JSON.parse(text))) target[key] = value;
  } catch {
    return text;
  }
  return target;
}
