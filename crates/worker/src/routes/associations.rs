//! `POST /unified/crm/associations`
//!
//! Links a record with others, whatever the vendor of the account. 201 where a link was made and all are there now, 200
//! where all were there before, 207 where some are, else the reason's own status.

use crmlink::endpoint::json;
use crmlink::error::{Code, Failure, Report, Sent};
use crmlink::flow::{Flow, NothingDone};
use crmlink::unified::query::Query;
use crmlink::unified::receipt::Receipt;
use serde_json::json;

use crate::answer::{self, Answer};
use crate::config::{Config, start_fault};
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::join;
use crate::{access, drive};

/// Links, and answers the receipt as the query asks to see it.
pub(super) async fn create(incoming: &mut Incoming, config: &Config) -> Result<Answer, Fault> {
    access::key(incoming, config)?;
    let query = Query::parse(incoming.query())?;
    query.check()?;
    let Some(id) = access::named(incoming, query.integrated_account_id.clone())? else {
        return Err(access::unnamed());
    };
    let account = access::account(&id, None, config)?;
    let options = config.account_options(account)?;
    let input = with_remote_query(incoming.json().await?, &query);
    let mut flow = Flow::start(
        account.vendor,
        "associations.create",
        &input,
        &options,
        drive::entropy(),
    )
    .map_err(start_fault)?;
    drive::carry_out(&mut flow).await;
    match flow.receipt() {
        Ok(receipt) => respond(receipt, &query, account.vendor.as_str()),
        Err(failed) => {
            let NothingDone { receipt, reason } = *failed;
            Err(with_links(receipt, reason))
        }
    }
}

fn respond(receipt: Receipt, query: &Query, vendor: &'static str) -> Result<Answer, Fault> {
    let status = receipt.status();
    if status < 300 {
        return Ok(Answer::text(status, answer::JSON, receipt.respond(query)));
    }
    // Not one link is known to be there, and of some it cannot be told.
    let report = receipt.reason().cloned().unwrap_or_else(|| {
        let message = "it cannot be told whether the links exist: list them before you try again";
        let unknown = Code::UnknownOutcome;
        Report::from(&Failure::unanswered(vendor, unknown, Sent::Maybe, message))
    });
    Err(with_links(receipt, report))
}

fn with_links(receipt: Receipt, report: Report) -> Fault {
    Fault {
        links: receipt.links().to_vec(),
        ..Fault::from(report)
    }
}

/// Parameters for the vendor's query may stand in the query too.
fn with_remote_query(input: String, query: &Query) -> String {
    if query.remote_query.is_empty() {
        return input;
    }
    let remote_query = json!({ "remote_query": query.remote_query });
    join(&[&input, &json(&remote_query)])
}
