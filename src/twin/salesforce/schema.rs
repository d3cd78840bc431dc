//! The objects of the simulated org: the standard ones that links and upserts touch, each with its core fields.
//!
//! Every name that ends in `__c` is a text field of every object, and may serve as an external id.

use super::fault::Fault;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    Plain,
    Flag,
    /// The id of a record of this object.
    Ref(&'static str),
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) create: bool,
    pub(super) update: bool,
    pub(super) required: bool,
}

/// One object.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: &'static str,
    pub(super) prefix: &'static str,
    pub(super) columns: &'static [Column],
    /// False for rows that only Salesforce itself makes.
    pub(super) create: bool,
    /// The two lookups that make a row of this object a link.
    pub(super) link: Option<(&'static str, &'static str)>,
}

impl Object {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        OBJECTS
            .iter()
            .find(|object| object.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The field's own spelling, if there is such a field.
    pub(super) fn field(&self, name: &str) -> Result<String, Fault> {
        if let Some(column) = self.column(name) {
            return Ok(column.name.to_owned());
        }
        let system = ["Id", "CreatedDate", "LastModifiedDate"];
        if let Some(system) = system.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            return Ok((*system).to_owned());
        }
        let custom = name.to_ascii_lowercase().ends_with("__c");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if custom && name.bytes().all(plain) {
            return Ok(name.to_owned());
        }
        Err(Fault::bad(
            "INVALID_FIELD",
            format!("No such column '{name}' on sobject of type {}", self.name),
        ))
    }
}

const fn open(name: &'static str) -> Column {
    Column {
        name,
        holds: Holds::Plain,
        create: true,
        update: true,
        required: false,
    }
}

const fn lookup(name: &'static str, object: &'static str) -> Column {
    Column {
        holds: Holds::Ref(object),
        ..open(name)
    }
}

const fn flag(name: &'static str) -> Column {
    Column {
        holds: Holds::Flag,
        ..open(name)
    }
}

const fn required(column: Column) -> Column {
    Column {
        required: true,
        ..column
    }
}

/// Written when the record is made, and never again.
const fn once(column: Column) -> Column {
    Column {
        update: false,
        ..column
    }
}

const fn read_only(column: Column) -> Column {
    Column {
        create: false,
        update: false,
        ..column
    }
}

const fn object(
    name: &'static str,
    prefix: &'static str,
    columns: &'static [Column],
    link: Option<(&'static str, &'static str)>,
) -> Object {
    Object {
        name,
        prefix,
        columns,
        create: true,
        link,
    }
}

/// The prefixes of the four entities are published. Those of the junction objects, and which plain fields an entity
/// requires, are common knowledge that no source at hand confirms.
const OBJECTS: [Object; 10] = [
    object(
        "Account",
        "001",
        &[
            required(open("Name")),
            open("AccountNumber"),
            open("Website"),
            open("Phone"),
            open("Industry"),
            open("Description"),
            open("NumberOfEmployees"),
            open("AnnualRevenue"),
            open("Type"),
            open("OwnerId"),
            open("BillingStreet"),
            open("BillingCity"),
            open("BillingState"),
            open("BillingPostalCode"),
            open("BillingCountry"),
            open("ShippingStreet"),
            open("ShippingCity"),
            open("ShippingState"),
            open("ShippingPostalCode"),
            open("ShippingCountry"),
            lookup("ParentId", "Account"),
        ],
        None,
    ),
    object(
        "Contact",
        "003",
        &[
            required(open("LastName")),
            open("FirstName"),
            read_only(open("Name")),
            open("Title"),
            open("Email"),
            open("Phone"),
            open("MobilePhone"),
            open("HomePhone"),
            open("OtherPhone"),
            open("Fax"),
            open("Department"),
            open("Description"),
            open("LeadSource"),
            open("OwnerId"),
            open("MailingStreet"),
            open("MailingCity"),
            open("MailingState"),
            open("MailingPostalCode"),
            open("MailingCountry"),
            lookup("AccountId", "Account"),
            lookup("ReportsToId", "Contact"),
        ],
        None,
    ),
    object(
        "Opportunity",
        "006",
        &[
            required(open("Name")),
            required(open("StageName")),
            required(open("CloseDate")),
            open("Amount"),
            open("Probability"),
            open("Description"),
            open("Type"),
            open("LeadSource"),
            open("NextStep"),
            open("CurrencyIsoCode"),
            open("OwnerId"),
            lookup("AccountId", "Account"),
            // Mirrors the primary contact role.
            once(lookup("ContactId", "Contact")),
        ],
        None,
    ),
    object(
        "Lead",
        "00Q",
        &[
            required(open("LastName")),
            required(open("Company")),
            open("FirstName"),
            read_only(open("Name")),
            open("Title"),
            open("Email"),
            open("Phone"),
            open("MobilePhone"),
            open("Website"),
            open("Industry"),
            open("Description"),
            open("LeadSource"),
            open("Status"),
            open("Rating"),
            open("OwnerId"),
            open("Street"),
            open("City"),
            open("State"),
            open("PostalCode"),
            open("Country"),
            read_only(flag("IsConverted")),
            read_only(lookup("ConvertedAccountId", "Account")),
            read_only(lookup("ConvertedContactId", "Contact")),
            read_only(lookup("ConvertedOpportunityId", "Opportunity")),
        ],
        None,
    ),
    object(
        "User",
        "005",
        &[
            required(open("LastName")),
            open("FirstName"),
            read_only(open("Name")),
            open("Username"),
            open("Email"),
            flag("IsActive"),
        ],
        None,
    ),
    object(
        "OpportunityContactRole",
        "00K",
        &[
            required(once(lookup("OpportunityId", "Opportunity"))),
            required(lookup("ContactId", "Contact")),
            open("Role"),
            flag("IsPrimary"),
        ],
        Some(("OpportunityId", "ContactId")),
    ),
    object(
        "AccountContactRelation",
        "07k",
        &[
            required(once(lookup("AccountId", "Account"))),
            required(once(lookup("ContactId", "Contact"))),
            open("Roles"),
            flag("IsActive"),
            open("StartDate"),
            open("EndDate"),
            read_only(flag("IsDirect")),
        ],
        Some(("AccountId", "ContactId")),
    ),
    object(
        "Partner",
        "00I",
        &[
            once(lookup("OpportunityId", "Opportunity")),
            once(lookup("AccountFromId", "Account")),
            required(once(lookup("AccountToId", "Account"))),
            once(open("Role")),
            once(flag("IsPrimary")),
        ],
        Some(("AccountFromId", "AccountToId")),
    ),
    Object {
        create: false,
        ..object(
            "AccountPartner",
            "0AP",
            &[
                read_only(lookup("AccountFromId", "Account")),
                read_only(lookup("AccountToId", "Account")),
                read_only(lookup("OpportunityId", "Opportunity")),
                read_only(open("Role")),
                read_only(flag("IsPrimary")),
            ],
            None,
        )
    },
    Object {
        create: false,
        ..object(
            "OpportunityPartner",
            "0OP",
            &[
                read_only(lookup("OpportunityId", "Opportunity")),
                read_only(lookup("AccountToId", "Account")),
                read_only(open("Role")),
                read_only(flag("IsPrimary")),
            ],
            None,
        )
    },
];
