// What `npm start` prints once the Worker answers: calls to paste into a shell.
import { ACCOUNTS, ADMIN_KEY, KEY, SAMPLES, VENDOR_TOKEN } from "./development.mjs";

/** One curl line per founding endpoint, and one for the unified route. */
export function examples(origin) {
  const { hubspot, leadconnector, salesforce } = SAMPLES;
  const unified = (vendor) => `/unified/crm/associations?integrated_account_id=${ACCOUNTS[vendor]}`;
  const link = {
    entity: "opportunities",
    entity_id: salesforce.opportunity,
    associations: { contacts: [{ id: salesforce.contact, role: "Decision Maker", primary: true }] },
  };
  return [
    {
      title: "leadconnector.associations.create",
      command: curl("POST", `${origin}/associations/`, VENDOR_TOKEN, {
        headers: { version: "2021-07-28" },
        body: {
          locationId: leadconnector.location,
          key: "student_teacher",
          firstObjectLabel: "Student",
          firstObjectKey: "custom_objects.children",
          secondObjectLabel: "Teacher",
          secondObjectKey: "contact",
        },
      }),
    },
    {
      title: "leadconnector.opportunities.upsert",
      command: curl("POST", `${origin}/opportunities/upsert`, VENDOR_TOKEN, {
        headers: { version: "2021-07-28" },
        body: {
          locationId: leadconnector.location,
          pipelineId: leadconnector.pipeline,
          contactId: leadconnector.contact,
          name: "First deal",
          status: "open",
          monetaryValue: 220,
        },
      }),
    },
    {
      title: "truto.associations.create",
      command: curl("POST", origin + unified("truto"), KEY, {
        body: { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } },
      }),
    },
    {
      title: "hubspot.associations.createDefault",
      command: curl(
        "PUT",
        `${origin}/crm/v4/objects/contacts/${hubspot.contact}/associations/default/companies/${hubspot.company}`,
        VENDOR_TOKEN,
      ),
    },
    {
      title: "hubspot.partnerClients.associate",
      command: curl(
        "PUT",
        `${origin}/crm/v3/objects/partner_clients/${hubspot.partnerClient}/associations/companies/${hubspot.company}/partner_client_to_company`,
        VENDOR_TOKEN,
      ),
    },
    {
      title: "the unified route, to Salesforce",
      command: curl("POST", origin + unified("salesforce"), KEY, { body: link }),
    },
    {
      title: "an account that the Worker keeps, with a token that it renews",
      command: curl("POST", `${origin}/accounts`, ADMIN_KEY, {
        body: {
          vendor: "hubspot",
          credentials: {
            kind: "oauth",
            client_id: "twin-app",
            client_secret: "twin-secret",
            refresh_token: "twin-refresh",
          },
        },
      }),
    },
  ];
}

/** The text that says where things are. */
export function welcome({ origin, twinOrigin }) {
  const accounts = Object.entries(ACCOUNTS).map(([vendor, id]) => `  ${id}  ${vendor}`);
  return [
    "",
    `crmlink answers at ${origin}, the vendors' simulators at ${twinOrigin}.`,
    "",
    `Accounts for the unified routes (the key is ${KEY}):`,
    ...accounts,
    "",
    `Who makes and changes accounts shows the key ${ADMIN_KEY}.`,
    "",
    "Paste one of these into another shell:",
    ...examples(origin).flatMap(({ title, command }) => ["", `# ${title}`, command]),
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}

function curl(method, url, token, { headers = {}, body } = {}) {
  const all = { authorization: `Bearer ${token}`, ...headers };
  if (body) all["content-type"] = "application/json";
  // The answer ends with its line, so that the shell's next prompt stands on one of its own.
  const words = ["curl", "-sS", "-w", "'\\n'", "-X", method, quoted(url)];
  for (const [name, value] of Object.entries(all)) words.push("-H", quoted(`${name}: ${value}`));
  if (body) words.push("-d", quoted(JSON.stringify(body)));
  return words.join(" ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
