//! `associations.create` at Truto: one call, in the vocabulary that both share.

use super::NAME;
use super::associations::create::{Create, Created, FACTS, TrutoEntity, TrutoTarget, TrutoTargets};
use super::capability::RULES;
use super::error;
use crate::answer;
use crate::endpoint::{Endpoint, Options, unexpected};
use crate::error::{Doubt, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::script::{Call, Script};
use crate::unified::answers::Answers;
use crate::unified::association::Association;
use crate::unified::entity::Entity::{
    self, Accounts, Contacts, Leads, Opportunities, Organizations,
};
use crate::unified::ledger::Treatment;
use crate::unified::links::Links;
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::{LinkReceipt, Outcome, Receipt};

/// How to find out about a link that is in doubt.
const LOOK: Doubt = Doubt::look_first(
    "; look at the record in the vendor behind the account: what a second call would do there is not documented",
);

/// The operation: one request, built when it is read.
pub struct Associate<'a> {
    links: Links<'a>,
    request: Request,
    sent: bool,
    answers: Answers,
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the account is not named.
    pub fn new(association: Association<'a>, options: &Options) -> Result<Self, Refusal> {
        let Some(account) = options.integrated_account_id.clone() else {
            return Err(Refusal::input(
                "options.integratedAccountId",
                "expected the UUID of a Truto account",
            ));
        };
        let remote_data = association.remote_data.clone();
        let remote_query = association.remote_query.clone();
        let links = Links::new(association, Verb::Create, &RULES)?;
        let options = Options {
            token: None,
            api_version: None,
            ..options.clone()
        };
        let request = Create {
            integrated_account_id: Id::new(account),
            truto_response_format: None,
            truto_ignore_remote_data: None,
            truto_exclude_fields: None,
            remote_query,
            entity: entity(links.kind.entity)?,
            entity_id: links.entity_id.clone(),
            associations: targets(&links),
            remote_data,
        }
        .build(&options)
        .map_err(|refusal| match refusal.path.as_str() {
            "integrated_account_id" => Refusal {
                path: "options.integratedAccountId".to_owned(),
                ..refusal
            },
            _ => refusal,
        })?;
        Ok(Self {
            answers: Answers::new(&options),
            links,
            request,
            sent: false,
        })
    }

    fn settle(&mut self, response: &Response) -> Result<(), Failure> {
        let answer = answer::object(NAME, response, Created::read)?;
        let shown = answer.associations.unwrap_or_default();
        let lists = |to: Entity, id: &str| {
            let keys: &[&str] = match to {
                Accounts => &["accounts", "acocunts"],
                other => &[other.as_str()],
            };
            let records = keys
                .iter()
                .filter_map(|key| shown.get(*key)?.as_array())
                .flatten();
            records
                .filter_map(|record| record.get("id")?.as_str())
                .any(|known| known == id)
        };
        let mut settled = Vec::new();
        for (place, link) in self.links.open() {
            if lists(link.to, link.target.id.as_str()) {
                settled.push((place, Outcome::Linked, None));
            } else {
                let failure = unexpected(
                    NAME,
                    response,
                    "answered a success that does not list this link",
                );
                let reason = Report::from(&failure).in_doubt(LOOK);
                settled.push((place, Outcome::Unknown, Some(reason)));
            }
        }
        for (place, outcome, reason) in settled {
            self.links.settle(place, outcome, reason);
        }
        Ok(())
    }

    fn fail(&mut self, failure: &Failure) {
        let open: Vec<_> = self.links.open().map(|(place, _)| place).collect();
        for place in open {
            self.links.settle_failed(place, failure, LOOK);
        }
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        Plan {
            operation: self.links.verb.operation(),
            vendor: NAME,
            steps: vec![Step {
                purpose: "ask Truto to create the links",
                requests: vec![self.request.clone()],
                depends_on: None,
            }],
            calls: Calls { min: 1, max: 1 },
            fields: self.links.ledger(|field| match field {
                "remote_data" => Treatment::PassedThrough("remote_data"),
                "remote_query" => Treatment::PassedThrough("remote_query"),
                _ => Treatment::Applied,
            }),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Call> {
        if std::mem::replace(&mut self.sent, true) {
            return None;
        }
        Some(Call {
            tag: 0,
            request: self.request.clone(),
            repeat: FACTS.repeat,
            check: |response| error::success(response).map(|_| ()),
        })
    }

    fn answered(&mut self, _tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        match answer {
            Ok(response) => {
                self.settle(response)?;
                self.answers.keep(response);
            }
            Err(failure) => self.fail(&failure),
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        self.links.receipt(self.answers.take())
    }

    fn settled(&mut self) -> Vec<LinkReceipt> {
        self.links.settled()
    }
}

fn entity(entity: Entity) -> Result<TrutoEntity, Refusal> {
    match entity {
        Accounts => Ok(TrutoEntity::Accounts),
        Contacts => Ok(TrutoEntity::Contacts),
        Leads => Ok(TrutoEntity::Leads),
        Opportunities => Ok(TrutoEntity::Opportunities),
        Organizations | Entity::Custom => Err(Refusal::input(
            "entity",
            "expected accounts, contacts, leads or opportunities",
        )),
    }
}

fn targets<'a>(links: &Links<'a>) -> TrutoTargets<'a> {
    let mut targets = TrutoTargets::default();
    for (_, link) in links.open() {
        let list = match link.to {
            Accounts => &mut targets.accounts,
            Contacts => &mut targets.contacts,
            Leads => &mut targets.leads,
            Opportunities => &mut targets.opportunities,
            Organizations | Entity::Custom => &mut targets.organizations,
        };
        list.get_or_insert_default().push(TrutoTarget {
            id: link.target.id.clone(),
        });
    }
    targets
}
