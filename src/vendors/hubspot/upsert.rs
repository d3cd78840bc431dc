//! The upserts at HubSpot.
//!
//! Contacts have a unique property, their email address: up to 100 a call are upserted by it. Companies, deals and leads
//! have none of HubSpot's own (`domain` and `dealname` are refused as keys): they are searched for, then written. A unique
//! property of the account's own serves all of them.

use super::associate::Associate;
use super::capability::{CAPABILITY, RULES};
use super::names::Names;
use super::objects::batch_upsert::{self, Input};
use super::objects::create::{self, Linked};
use super::objects::{Stored, search, update};
use super::pairs::{self, Pairs};
use super::{DEFAULT_VERSION, NAME, error, fields};
use crate::endpoint::{Options, Repeat};
use crate::error::{Code, Doubt, Error, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::json::Raw;
use crate::path;
use crate::script::Script;
use crate::unified::association::Association;
use crate::unified::capability::Upserts;
use crate::unified::entity::Entity;
use crate::unified::links::Links;
use crate::unified::operation::{Operation, Verb};
use crate::unified::upsert::Way;
use crate::upsert::{Adapter, Candidate, Facts, Item, Linker, Upserting, Write, Wrote};

/// Reads an upsert's input.
///
/// # Errors
/// A refusal when no record can be tried, or when the options do not fit.
pub fn script(entity: Entity, input: &str, options: &Options) -> Result<Upserting, Refusal> {
    let mut options = options.clone();
    options.token = None;
    options
        .api_version
        .get_or_insert_with(|| DEFAULT_VERSION.to_owned());
    update::FACTS.version(&options)?;
    let upserts = Upserts::of(entity, CAPABILITY.upserts)
        .ok_or_else(|| Refusal::input("operation", "HubSpot upserts no such kind"))?;
    let ignores_remote_data = options.ignore_remote_data;
    let adapter = Upsert {
        entity,
        options,
        upserts,
        names: Names::default(),
    };
    Upserting::new(Box::new(adapter), input, ignores_remote_data)
}

struct Upsert {
    entity: Entity,
    options: Options,
    upserts: &'static Upserts,
    names: Names,
}

impl Upsert {
    const fn object_type(&self) -> &'static str {
        match self.entity {
            Entity::Contacts => "contacts",
            Entity::Leads => "leads",
            Entity::Opportunities => "deals",
            _ => "companies",
        }
    }
}

impl Upsert {
    fn link_options(&self) -> Options {
        let mut options = self.options.clone();
        // The generation of v3 records has its associations under v4.
        if options.api_version.as_deref() == Some("v3") {
            options.api_version = Some("v4".to_owned());
        }
        options
    }
}

impl Adapter for Upsert {
    fn facts(&self) -> Facts {
        Facts {
            operation: Operation::Upsert(self.entity).as_str(),
            vendor: NAME,
            table: fields::table(self.entity),
            upserts: self.upserts,
            check: |response| error::success(response).map(|_| ()),
            doubt: Doubt::look_first(
                "; HubSpot's search shows a new record only after a while: look for it there before the call is made again",
            ),
        }
    }

    fn warnings(&self) -> Vec<String> {
        let version = update::FACTS.version(&self.options).ok();
        let ends = version.and_then(|version| Some((version.name, version.ends?)));
        let warning = ends.map(|(name, ends)| {
            format!("HubSpot ends its {name} paths in {ends}: choose a dated apiVersion")
        });
        warning.into_iter().collect()
    }

    fn admit(&mut self, item: &Item) -> Result<(), Refusal> {
        if item.way() == Way::UniqueProperty
            && let Some((_, instead)) = NO_KEYS.iter().find(|(name, _)| *name == item.key_name())
        {
            let message = format!("HubSpot refuses `{}` as a key: {instead}", item.key_name());
            return Err(Refusal::input(item.full("match_by"), message));
        }
        if self.entity == Entity::Leads
            && item.id().is_none()
            && item.aside("contacts[].id").is_none()
        {
            return Err(Refusal::input(
                item.full("contacts"),
                "expected the lead's contact: HubSpot makes no lead without one",
            ));
        }
        self.names.need(item);
        Ok(())
    }

    fn next_read(&mut self) -> Option<(usize, Request)> {
        let object_type = self.object_type();
        self.names.next(&self.options, object_type)
    }

    fn reads(&self) -> Vec<Request> {
        self.names.requests(&self.options, self.object_type())
    }

    fn more_reads(&self) -> usize {
        self.names.more()
    }

    fn read(&mut self, number: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        self.names.read(number, answer)
    }

    fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        self.names.resolve(item)
    }

    fn look(&self, item: &Item) -> Result<Request, Refusal> {
        // What the found contact holds is compared before its address is replaced.
        let shown: &[&str] = match self.entity {
            Entity::Contacts => &["email", "phone"],
            _ => &[],
        };
        let shown = match shown {
            [] => vec![item.key_name()],
            shown => shown.to_vec(),
        };
        search::build(
            &self.options,
            self.object_type(),
            item.key_name(),
            item.key_value(),
            &shown,
        )
    }

    fn found(&self, _: &Item, response: &Response) -> Result<Vec<Candidate>, Failure> {
        let found = search::read(response)?.into_iter();
        Ok(found
            .map(|stored| Candidate {
                created: stored.created_at.unwrap_or_default().to_owned(),
                record: stored.json.to_owned(),
                id: stored.id,
            })
            .collect())
    }

    fn may_update(&self, item: &Item, found: &Candidate) -> Result<(), Report> {
        let asked = item.mapped.property("email");
        let stored = Stored::read(&found.record);
        let (Some(asked), Some(stored), Entity::Contacts) = (asked, stored, self.entity) else {
            return Ok(());
        };
        match stored.text("email") {
            Some(known) if !known.is_empty() && !known.eq_ignore_ascii_case(&asked.text()) => {
                let message = format!(
                    "contact {} has another email address, which this one would replace: give its id if that is meant, or leave the address out",
                    found.id
                );
                Err(Report {
                    code: Code::Conflict,
                    ..Report::from(&Refusal::input(item.full(&asked.path), message))
                })
            }
            _ => Ok(()),
        }
    }

    fn together(&self, write: Write) -> usize {
        match write {
            Write::Keyed | Write::Update => batch_upsert::LARGEST,
            Write::Create => 1,
        }
    }

    fn write(&self, write: Write, items: &[&Item]) -> Result<Request, Refusal> {
        let object_type = self.object_type();
        let mut request = match (write, items) {
            (Write::Create, [item, ..]) => {
                let contact = item.aside("contacts[].id").map(|contact| contact.text());
                let linked = contact.as_deref().map(|id| Linked {
                    id,
                    type_id: LEAD_TO_PRIMARY_CONTACT,
                });
                let linked = linked.filter(|_| self.entity == Entity::Leads);
                let linked: Vec<_> = linked.into_iter().collect();
                create::build(&self.options, object_type, &item.mapped.properties, &linked)?
            }
            (Write::Update, [item]) => update::build(
                &self.options,
                object_type,
                item.id().unwrap_or_default(),
                &item.mapped.properties,
            )?,
            _ => batch_upsert::build(&self.options, object_type, &inputs(write, items))?,
        };
        if let [item] = items {
            path::push_query_values(&mut request.url, "", &item.remote_query());
        }
        Ok(request)
    }

    fn repeat(&self, write: Write, items: &[&Item]) -> Repeat {
        // HubSpot refuses a second contact with the same address, and names the first.
        let unique = self.entity == Entity::Contacts
            && items
                .iter()
                .all(|item| item.mapped.property("email").is_some());
        match write {
            Write::Create if !unique => Repeat::Look,
            _ => Repeat::Safe,
        }
    }

    fn wrote(
        &self,
        write: Write,
        items: &[&Item],
        response: &Response,
    ) -> Result<Vec<Result<Wrote, Failure>>, Failure> {
        let wrote = |stored: Stored<'_>| Wrote {
            new: stored.new.filter(|_| write == Write::Keyed),
            record: stored.json.to_owned(),
            id: stored.id,
        };
        Ok(match (write, items.len()) {
            (Write::Create, _) => vec![Ok(wrote(create::read(response)?))],
            (Write::Update, 1) => vec![Ok(wrote(update::read(response)?))],
            _ => {
                let outcomes = batch_upsert::read(response, &inputs(write, items))?;
                let outcomes = outcomes.into_iter();
                outcomes.map(|outcome| outcome.map(wrote)).collect()
            }
        })
    }

    fn unify(&self, _: &Item, wrote: &Wrote) -> Option<Raw> {
        let stored = Stored::read(&wrote.record)?;
        let mut more = vec![("id", crate::endpoint::json(&stored.id))];
        let times = [
            ("created_at", stored.created_at),
            ("updated_at", stored.updated_at),
        ];
        let times = times.into_iter();
        more.extend(times.filter_map(|(name, time)| Some((name, time?.to_owned()))));
        fields::table(self.entity).unify(stored.properties, &more)
    }

    fn link(&self, association: Association<'static>) -> Result<Box<dyn Script>, Refusal> {
        Ok(Box::new(Associate::new(
            Verb::Create,
            association,
            &self.link_options(),
        )?))
    }

    fn links(&self, associations: Vec<Association<'static>>) -> Vec<Linker> {
        let linkers = associations.into_iter().enumerate();
        let (plain, others): (Vec<_>, Vec<_>) =
            linkers.partition(|(_, association)| pairs::are_plain(association));
        // One record is linked in the ways of `associations.create`.
        let (plain, others) = match plain.len() {
            0 | 1 => (Vec::new(), plain.into_iter().chain(others).collect()),
            _ => (plain, others),
        };
        let one = |(place, association)| Linker {
            records: vec![place],
            script: self.link(association),
        };
        let mut linkers: Vec<_> = others.into_iter().map(one).collect();
        let mut together = (Vec::new(), Vec::new());
        for (place, association) in plain {
            match Links::new(association, Verb::Create, &RULES) {
                Ok(links) => {
                    together.0.push(place);
                    together.1.push(links);
                }
                Err(refusal) => linkers.push(Linker {
                    records: vec![place],
                    script: Err(refusal),
                }),
            }
        }
        let (records, links) = together;
        if !records.is_empty() {
            linkers.push(Linker {
                records,
                script: Ok(Box::new(Pairs::new(links, self.link_options()))),
            });
        }
        linkers
    }
}

/// Properties that HubSpot refuses as keys of its upsert, and what to give instead.
const NO_KEYS: [(&str, &str); 3] = [
    ("hs_object_id", "give it as `id`"),
    ("domain", "match_by `domain` searches for it"),
    ("dealname", "match_by `name` searches for it"),
];

/// The association that a lead needs when it is made.
const LEAD_TO_PRIMARY_CONTACT: u32 = 578;

fn inputs<'i>(write: Write, items: &[&'i Item]) -> Vec<Input<'i>> {
    let input = |item: &&'i Item| match write {
        Write::Keyed => Input {
            id: item.key_value(),
            id_property: Some(item.key_name()),
            properties: &item.mapped.properties,
        },
        _ => Input {
            id: item.id().unwrap_or_default(),
            id_property: None,
            properties: &item.mapped.properties,
        },
    };
    items.iter().map(input).collect()
}
