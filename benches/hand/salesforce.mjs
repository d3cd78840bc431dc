// Salesforce's collection create as one writes it without a library.

export function linkOpportunityToContacts(origin, version, { entity_id, associations }) {
  const records = associations.contacts.map(({ id }) => ({
    attributes: { type: "OpportunityContactRole" },
    OpportunityId: entity_id,
    ContactId: id,
  }));
  return {
    method: "POST",
    url: `${origin}/services/data/${version}/composite/sobjects`,
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ allOrNone: false, records }),
  };
}
