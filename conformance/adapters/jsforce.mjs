// jsforce: the client for Salesforce that most programs use.

import "./no-proxy.mjs";
import { createRequire } from "node:module";

import { outcomeOf } from "./outcome.mjs";

const require = createRequire(import.meta.url);
const { Connection } = require("jsforce");
const { setDefaults } = require("jsforce/lib/request");

export const name = "jsforce";
export const { version } = require("jsforce/package.json");
export const settings = "as it comes; its request defaults carry the time limit";

/** It takes a function that renews the token. */
export const renewal = ["salesforce"];

export const vendors = {
  salesforce({ origin, token, patience, credentials }) {
    // Otherwise it waits for half an hour.
    setDefaults({ timeout: patience });
    // As its own flow does it.
    const refreshFn = (connection, done) =>
      credentials.renew().then(({ token, origin }) => {
        if (origin) connection.instanceUrl = origin;
        done(null, token);
      }, done);
    const connection = new Connection({
      instanceUrl: origin,
      accessToken: token,
      version: "66.0",
      logLevel: "NONE",
      ...(credentials && { refreshFn }),
    });
    const ask = (act, read) => outcomeOf(act, { read, statusOf });
    // Declared: whether it worked. What has no such field says nothing.
    const worked = (result) => ({ outcome: { true: "done", false: "not_done" }[result?.success] ?? "unknown" });
    const upsert = (sobject, fields, { field, value }) =>
      ask(() => connection.sobject(sobject).upsert({ ...fields, [field]: value }, field), worked);
    return {
      operations: {
        P: ({ opportunity, account }) =>
          ask(() => connection.sobject("Opportunity").update({ Id: opportunity, AccountId: account }), worked),
        U: ({ lastName, ...key }) => upsert("Contact", { LastName: lastName }, key),
        C: ({ opportunity, contact }) =>
          ask(
            () =>
              connection.sobject("OpportunityContactRole").create({ OpportunityId: opportunity, ContactId: contact }),
            worked,
          ),
        B: ({ opportunity, contacts }) =>
          ask(
            () =>
              connection
                .sobject("OpportunityContactRole")
                .create(contacts.map((ContactId) => ({ OpportunityId: opportunity, ContactId }))),
            (results) => ({ outcome: "partial", items: results.map((result) => worked(result).outcome) }),
          ),
        V: ({ name, stage, amount, ...key }) =>
          upsert("Opportunity", { Name: name, StageName: stage, CloseDate: "2027-01-31", Amount: amount }, key),
        I: ({ id, account }) =>
          ask(() => connection.sobject("Opportunity").update({ Id: id, AccountId: account }), worked),
      },
    };
  },
};

/** Errors of HTTP have the vendor's word, or the status where there is none. */
function statusOf({ errorCode = "" }) {
  const status = Number(/^ERROR_HTTP_(\d+)$/.exec(errorCode)?.[1]);
  return status || STATUSES[errorCode];
}

const STATUSES = {
  INVALID_SESSION_ID: 401,
  REQUEST_LIMIT_EXCEEDED: 403,
  NOT_FOUND: 404,
  UNKNOWN_EXCEPTION: 500,
  SERVER_UNAVAILABLE: 503,
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 400,
  INVALID_CROSS_REFERENCE_KEY: 400,
  MALFORMED_ID: 400,
};
