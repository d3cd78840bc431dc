// The values of local development, for `npm start` and for the tests. None of them works anywhere else.

/** The key that callers of the unified routes show. */
export const KEY = "local-development-only";

/** The key of who makes accounts. */
export const ADMIN_KEY = "local-development-admin";

/** The key that accounts are sealed with. */
export const ENCRYPTION_KEY = `${KEY}:${Buffer.alloc(32, "not a secret. ").toString("base64")}`;

/** The token that the simulators take from anyone. */
export const VENDOR_TOKEN = "twin-token";

/** The integrated accounts, one per vendor. */
export const ACCOUNTS = {
  // The example of the founding page.
  salesforce: "62f44730-dd91-461e-bd6a-aedd9e0ad79d",
  hubspot: "3c1d7f52-8a06-4f0e-9d3b-5b0c6f2a1e01",
  leadconnector: "3c1d7f52-8a06-4f0e-9d3b-5b0c6f2a1e02",
  truto: "3c1d7f52-8a06-4f0e-9d3b-5b0c6f2a1e03",
};

/** Records that the simulators begin with. */
export const SAMPLES = {
  hubspot: { contact: "101", company: "201", deal: "301", partnerClient: "601" },
  leadconnector: {
    location: "CLu7BaljjqrEjBGKTNNe",
    pipeline: "bCkKGpDsyPP4peuKowkG",
    contact: "ocQHyuzHvysMo5N5VsXc",
    opportunity: "yWQobCRIhRguQtD2llvk",
  },
  salesforce: {
    account: "0015e00000AcmeAAAR",
    contact: "0035e00000AnnaAAAR",
    opportunity: "0065e00000DealAAAR",
  },
  truto: { account: "62f44730-dd91-461e-bd6a-aedd9e0ad79d" },
};

/** The Worker's variables, with every vendor's traffic sent to the simulators at `twinOrigin`. */
export function variables({ twinOrigin, pageOrigins = [] }) {
  const further = {
    leadconnector: { locationId: SAMPLES.leadconnector.location },
    truto: { integratedAccountId: SAMPLES.truto.account },
  };
  const accounts = Object.entries(ACCOUNTS).map(([vendor, id]) => {
    return [id, { vendor, token: VENDOR_TOKEN, ...further[vendor] }];
  });
  const origins = Object.keys(ACCOUNTS).map((vendor) => [vendor, twinOrigin]);
  return {
    CRMLINK_KEY: KEY,
    CRMLINK_ADMIN_KEY: ADMIN_KEY,
    CRMLINK_ENCRYPTION_KEY: ENCRYPTION_KEY,
    CRMLINK_ACCOUNTS: JSON.stringify(Object.fromEntries(accounts)),
    CRMLINK_ALLOWED_ORIGINS: pageOrigins.join(","),
    CRMLINK_VENDOR_ORIGINS: JSON.stringify(Object.fromEntries(origins)),
  };
}
