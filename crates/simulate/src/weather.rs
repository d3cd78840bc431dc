//! What goes wrong on the way to a vendor and back.

use crmlink::flow::{Loss, Millis};
use crmlink::http::{Headers, Method, Request, Response};
use crmlink::twin::Twins;

use crate::chance::Chance;
use crate::schedule::{PATIENCE, Run};

/// How much goes wrong.
pub(crate) struct Weather {
    /// Faults in a hundred requests.
    faults: u64,
    /// The first requests that go well.
    spared: u64,
    /// Cancellations in a hundred steps.
    cancels: u64,
    /// The greatest delay of an answer.
    pub(crate) slowness: Millis,
    /// How long the operation may take.
    pub(crate) deadline: Option<Millis>,
    /// Whether the driver can get a new token, of an account that is none of ours.
    pub(crate) renews: bool,
    /// Answers that are handed over twice, in a hundred.
    echoes: u64,
    /// From when to when every request is one too many, from the first one on.
    storm: Option<(Millis, Millis)>,
}

impl Weather {
    pub(crate) const fn clear() -> Self {
        Self {
            faults: 0,
            spared: 0,
            cancels: 0,
            slowness: 50,
            deadline: None,
            renews: false,
            echoes: 0,
            storm: None,
        }
    }

    pub(crate) fn of(chance: &mut Chance) -> Self {
        Self {
            faults: chance
                .pick(&[5, 20, 40, 70, 95])
                .copied()
                .unwrap_or_default(),
            spared: chance.pick(&[0, 0, 1, 2]).copied().unwrap_or_default(),
            cancels: chance.pick(&[0, 0, 0, 0, 3]).copied().unwrap_or_default(),
            slowness: chance.pick(&[50, 2_000, 20_000]).copied().unwrap_or(50),
            deadline: match chance.below(4) {
                0 => Some(1 + chance.below(60_000)),
                _ => None,
            },
            renews: chance.percent(50),
            echoes: chance.pick(&[0, 0, 20]).copied().unwrap_or_default(),
            storm: chance.percent(8).then(|| {
                let from = chance.below(3_000);
                (from, from + chance.below(60_000))
            }),
        }
    }

    /// Whether all is well.
    pub(crate) const fn is_clear(&self) -> bool {
        self.faults == 0
    }

    /// Whether something else than a request goes wrong.
    pub(crate) const fn strikes(&self, chance: &mut Chance) -> bool {
        self.faults > 0 && chance.percent(self.faults)
    }

    /// Whether an answer is handed over twice.
    pub(crate) const fn echoes(&self, chance: &mut Chance) -> bool {
        self.echoes > 0 && chance.percent(self.echoes)
    }

    pub(crate) const fn cancels(&self, chance: &mut Chance) -> bool {
        self.cancels > 0 && chance.percent(self.cancels)
    }

    /// What comes back for a request, and after how long.
    pub(crate) fn answer(
        &mut self,
        twins: &mut Twins,
        request: &Request,
        (now, began): (Millis, Millis),
        chance: &mut Chance,
        run: &mut Run,
    ) -> (Millis, Result<Response, Loss>) {
        let delay = 1 + chance.below(self.slowness);
        if let Some((from, until)) = self.storm
            && (from..until).contains(&(now - began))
        {
            run.faults += 1;
            return (delay, Ok(throttled(chance)));
        }
        let spared = self.spared > 0;
        self.spared = self.spared.saturating_sub(1);
        if spared || !chance.percent(self.faults) {
            return (delay, Ok(twins.answer(request, now)));
        }
        run.faults += 1;
        // Whether the vendor does what was asked although its answer will not say so.
        let done = chance.percent(50);
        let arrived = |twins: &mut Twins| match done {
            true => Some(twins.answer(request, now)),
            false => None,
        };
        let page = |status: u16, body: &str| Response {
            status,
            headers: Headers::new(),
            body: body.to_owned(),
        };
        let answer = match chance.below(21) {
            0 => Err(Loss::NotSent),
            1 => {
                arrived(twins);
                Err(Loss::Broken)
            }
            2 => {
                arrived(twins);
                return (PATIENCE, Err(Loss::Timeout));
            }
            3 => {
                arrived(twins);
                Ok(page(500, "{\"message\":\"internal error\"}"))
            }
            4 => {
                arrived(twins);
                Ok(page(502, "<html><body>Bad gateway</body></html>"))
            }
            5 => {
                arrived(twins);
                Ok(page(504, ""))
            }
            // A 503 says that the request was not worked on.
            6 => {
                let mut response = page(503, "");
                response.headers.set("retry-after", "2");
                Ok(response)
            }
            7 => {
                arrived(twins);
                Ok(page(200, "<html><body>Welcome</body></html>"))
            }
            // The body breaks off: what was done was done.
            8 | 9 => {
                let mut response = twins.answer(request, now);
                let length = chance.below(response.body.len() as u64 + 1);
                let mut end = usize::try_from(length).unwrap_or_default();
                while !response.body.is_char_boundary(end) {
                    end -= 1;
                }
                response.body.truncate(end);
                Ok(response)
            }
            10 => Ok(throttled(chance)),
            11 => Ok(page(401, OVER[usize::from(chance.percent(50))])),
            12 => Ok(page(403, "")),
            // Of a success that has no body any 2xx in its place is one: nobody could tell.
            13 | 20 if is_wordless(request) => Err(Loss::Broken),
            13 => {
                arrived(twins);
                Ok(page(200, "{}"))
            }
            // More than a driver reads.
            14 => {
                arrived(twins);
                Err(Loss::TooLarge)
            }
            // Bytes that nobody unpacked.
            15 => {
                arrived(twins);
                Ok(page(200, "\u{1f}\u{fffd}\u{8}\0\0\u{3}\u{fffd}H,"))
            }
            // Locked, or moved to another place: not worked on. Only HubSpot says so.
            16 if request.url.contains("/crm/") => {
                let hint = chance.pick(&["", "2", "40"]).copied().unwrap_or_default();
                Ok(hinted(page(423, "{\"message\":\"locked\"}"), hint))
            }
            17 if request.url.contains("/crm/") => {
                let hint = chance
                    .pick(&["", "1", "86400"])
                    .copied()
                    .unwrap_or_default();
                Ok(hinted(page(477, ""), hint))
            }
            // The network delivers it twice. A create that is delivered twice is made twice, whoever sent it: there the
            // client is not asked.
            18 | 19 if request.method != Method::Post => {
                twins.answer(request, now);
                Ok(twins.answer(request, now))
            }
            _ => {
                arrived(twins);
                Ok(page(200, "[]"))
            }
        };
        (delay, answer)
    }
}

/// A token that is over, in the words of HubSpot and LeadConnector, and in those of Salesforce.
const OVER: [&str; 2] = [
    r#"{"category":"EXPIRED_AUTHENTICATION","message":"access token is invalid"}"#,
    r#"[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]"#,
];

/// Whether the vendor says no more than that it did it: of HubSpot's definitions.
fn is_wordless(request: &Request) -> bool {
    matches!(request.method, Method::Put | Method::Delete) && request.url.contains("/labels")
}

fn hinted(mut response: Response, hint: &'static str) -> Response {
    if !hint.is_empty() {
        response.headers.set("retry-after", hint);
    }
    response
}

fn throttled(chance: &mut Chance) -> Response {
    if chance.percent(25) {
        // The window is full.
        return Response {
            status: 429,
            headers: Headers::from_iter([
                ("x-hubspot-ratelimit-max", "190"),
                ("x-hubspot-ratelimit-remaining", "0"),
                ("x-hubspot-ratelimit-interval-milliseconds", "10000"),
            ]),
            body: "{\"errorType\":\"RATE_LIMIT\",\"policyName\":\"TEN_SECONDLY_ROLLING\"}"
                .to_owned(),
        };
    }
    let mut headers = Headers::new();
    let hints = ["", "0", "1", "7", "3600", "soon", "-5"];
    if let Some(hint) = chance.pick(&hints).filter(|hint| !hint.is_empty()) {
        headers.set("retry-after", *hint);
    }
    Response {
        status: 429,
        headers,
        body: String::new(),
    }
}
