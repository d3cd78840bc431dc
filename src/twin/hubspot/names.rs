//! Owners and pipelines: what an upsert by name asks for. Read-only; the samples are this file's own.

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::Call;
use super::{Outcome, kind_of, no_route};
use crate::http::Method;

/// `…/owners?email&limit&after`: a page, or the owner with the address.
pub(super) fn owners(call: &Call) -> Outcome {
    if call.method != Method::Get {
        return Err(no_route(call));
    }
    let email = call.asked("email");
    let after: usize = call
        .asked("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let limit: usize = call
        .asked("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(100);
    let shown: Vec<Value> = OWNERS
        .iter()
        .filter(|(_, known, ..)| email.is_none_or(|email| known.eq_ignore_ascii_case(email)))
        .map(|(id, email, first, last)| {
            json!({
                "id": id,
                "email": email,
                "type": "PERSON",
                "firstName": first,
                "lastName": last,
                "userId": 9_000_000,
                "createdAt": answer::time(answer::LONG_AGO),
                "updatedAt": answer::time(answer::LONG_AGO),
                "archived": false,
            })
        })
        .collect();
    let more = shown.len() > after + limit;
    let page: Vec<_> = shown.into_iter().skip(after).take(limit).collect();
    let mut body = json!({ "results": page });
    if let (true, Some(body)) = (more, body.as_object_mut()) {
        let next = json!({ "next": { "after": (after + limit).to_string() } });
        body.insert("paging".to_owned(), next);
    }
    Ok(answer::json(200, &body))
}

/// `…/pipelines/{objectType}`
pub(super) fn pipelines(call: &Call, kind: &str) -> Outcome {
    let kind = kind_of(kind)?;
    if call.method != Method::Get {
        return Err(no_route(call));
    }
    let pipelines: &[_] = match kind.singular() {
        "deal" => DEAL_PIPELINES,
        "lead" => LEAD_PIPELINES,
        _ => &[],
    };
    let shown: Vec<Value> = pipelines
        .iter()
        .enumerate()
        .map(|(order, (id, label, stages))| {
            let stages: Vec<_> = stages
                .iter()
                .enumerate()
                .map(|(order, (id, label))| json!({ "id": id, "label": label, "displayOrder": order, "metadata": {}, "archived": false }))
                .collect();
            json!({ "id": id, "label": label, "displayOrder": order, "stages": stages, "archived": false })
        })
        .collect();
    Ok(answer::json(200, &json!({ "results": shown })))
}

/// Two of them have one name, as people do.
const OWNERS: &[(&str, &str, &str, &str)] = &[
    ("41629779", "ada@crmlink.example", "Ada", "Owner"),
    ("41629780", "bert@crmlink.example", "Bert", "Owner"),
    ("41629781", "bert.two@crmlink.example", "Bert", "Owner"),
];

type Pipelines = &'static [(
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
)];

const DEAL_PIPELINES: Pipelines = &[
    (
        "default",
        "Sales Pipeline",
        &[
            ("appointmentscheduled", "Appointment Scheduled"),
            ("closedwon", "Closed Won"),
            ("closedlost", "Closed Lost"),
        ],
    ),
    (
        "75e28846",
        "Renewals",
        &[("1001", "Contacted"), ("1002", "Closed Won")],
    ),
];

const LEAD_PIPELINES: Pipelines = &[(
    "lead-pipeline-id",
    "Lead pipeline",
    &[
        ("new-stage-id", "New"),
        ("attempting-stage-id", "Attempting"),
    ],
)];
