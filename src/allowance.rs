//! The headers in which vendors count what they still allow. Names and lengths are the vendors' own; a header that is missing
//! or is no number says nothing.

use crate::http::Headers;

/// One count that a vendor keeps.
#[derive(Debug)]
pub struct Allowance {
    /// The header with the most that there can be; empty where the count says it too, as in `api-usage=17/1000`.
    pub limit: &'static str,
    /// The header with what is left.
    pub left: &'static str,
    /// The header with the length of its window, in milliseconds; empty for a day.
    pub length: &'static str,
}

/// What one count stands at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Count {
    /// The most that there can be.
    pub limit: u64,
    /// What is left of it.
    pub left: u64,
    /// After how long, at most, it is the limit again; in milliseconds.
    pub length: u64,
}

/// All that the vendors have. HubSpot's count of each second is not among them: it is sent and no longer enforced.
pub static ALLOWANCES: [Allowance; 5] = [
    Allowance {
        limit: "x-hubspot-ratelimit-max",
        left: "x-hubspot-ratelimit-remaining",
        length: "x-hubspot-ratelimit-interval-milliseconds",
    },
    Allowance {
        limit: "x-hubspot-ratelimit-daily",
        left: "x-hubspot-ratelimit-daily-remaining",
        length: "",
    },
    Allowance {
        limit: "x-ratelimit-max",
        left: "x-ratelimit-remaining",
        length: "x-ratelimit-interval-milliseconds",
    },
    Allowance {
        limit: "x-ratelimit-limit-daily",
        left: "x-ratelimit-daily-remaining",
        length: "",
    },
    Allowance {
        limit: "",
        left: "sforce-limit-info",
        length: "",
    },
];

/// A day in milliseconds: the longest window that there is.
pub const DAY: u64 = 24 * 60 * 60 * 1_000;

impl Allowance {
    /// What an answer's headers say of it.
    #[must_use]
    pub fn read(&self, headers: &Headers) -> Option<Count> {
        let (left, most) = count(headers.get(self.left)?)?;
        let limit = match most {
            Some(most) => Some(most),
            None => number(headers.get(self.limit)?),
        };
        let limit = u64::try_from(limit?).ok()?;
        Some(Count {
            limit,
            // More than there can be is not left.
            left: u64::try_from(left).unwrap_or_default().min(limit),
            length: match self.length {
                "" => DAY,
                _ => self.length(headers)?,
            },
        })
    }

    /// The length of its window, where a header says it.
    #[must_use]
    pub fn length(&self, headers: &Headers) -> Option<u64> {
        let length = number(headers.get(self.length)?)?;
        u64::try_from(length).ok().map(|length| length.min(DAY))
    }
}

/// Whether a header says that nothing is left: a count that has come to nothing, or `api-usage=100/100`.
#[must_use]
pub fn is_spent(headers: &Headers, name: &str) -> bool {
    let text = headers.get(name);
    text.and_then(count).is_some_and(|(left, _)| left <= 0)
}

/// What is left, and the most that there can be where the text says it.
fn count(text: &str) -> Option<(i64, Option<i64>)> {
    let Some((used, most)) = text.split_once('/') else {
        return Some((number(text)?, None));
    };
    let used = number(used.rsplit('=').next()?)?;
    let most = number(most.split([',', ';', '(']).next()?)?;
    Some((most.saturating_sub(used), Some(most)))
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> Vec<Count> {
        let headers: Headers = headers.iter().copied().collect();
        let read = |allowance: &Allowance| allowance.read(&headers);
        ALLOWANCES.iter().filter_map(read).collect()
    }

    fn of(limit: u64, left: u64, length: u64) -> Count {
        Count {
            limit,
            left,
            length,
        }
    }

    #[test]
    fn each_vendor_s_headers_are_read() {
        for (headers, counts) in [
            (
                &[
                    ("X-HubSpot-RateLimit-Max", "190"),
                    ("X-HubSpot-RateLimit-Remaining", "189"),
                    ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
                    ("X-HubSpot-RateLimit-Secondly", "19"),
                    ("X-HubSpot-RateLimit-Secondly-Remaining", "0"),
                    ("X-HubSpot-RateLimit-Daily", "1000000"),
                    ("X-HubSpot-RateLimit-Daily-Remaining", "999000"),
                ][..],
                &[of(190, 189, 10_000), of(1_000_000, 999_000, DAY)][..],
            ),
            (
                &[
                    ("x-ratelimit-limit-daily", "200000"),
                    ("x-ratelimit-daily-remaining", "199999"),
                    ("x-ratelimit-interval-milliseconds", "10000"),
                    ("x-ratelimit-max", "100"),
                    ("x-ratelimit-remaining", "0"),
                ],
                &[of(100, 0, 10_000), of(200_000, 199_999, DAY)],
            ),
            (
                &[("Sforce-Limit-Info", "api-usage=18/5000")],
                &[of(5_000, 4_982, DAY)],
            ),
            (
                &[(
                    "sforce-limit-info",
                    "api-usage=5001/5000; per-app-api-usage=17/250(appName=sample)",
                )],
                &[of(5_000, 0, DAY)],
            ),
            (&[], &[]),
        ] {
            assert_eq!(read(headers), counts, "{headers:?}");
        }
    }

    #[test]
    fn what_is_no_count_says_nothing() {
        const MAX: (&str, &str) = ("x-ratelimit-max", "100");
        const LENGTH: (&str, &str) = ("x-ratelimit-interval-milliseconds", "10000");
        for (headers, counts) in [
            (&[MAX, LENGTH][..], &[][..]),
            (&[MAX, LENGTH, ("x-ratelimit-remaining", "many")], &[]),
            (&[MAX, LENGTH, ("x-ratelimit-remaining", "1.5")], &[]),
            (&[MAX, LENGTH, ("x-ratelimit-remaining", "")], &[]),
            (
                &[
                    MAX,
                    LENGTH,
                    ("x-ratelimit-remaining", "99999999999999999999"),
                ],
                &[],
            ),
            (&[MAX, ("x-ratelimit-remaining", "7")], &[]),
            (&[LENGTH, ("x-ratelimit-remaining", "7")], &[]),
            (
                &[
                    MAX,
                    ("x-ratelimit-remaining", "7"),
                    ("x-ratelimit-interval-milliseconds", "-10000"),
                ],
                &[],
            ),
            (
                &[
                    ("x-ratelimit-max", "-1"),
                    LENGTH,
                    ("x-ratelimit-remaining", "7"),
                ],
                &[],
            ),
            // A count below nothing is nothing.
            (
                &[MAX, LENGTH, ("x-ratelimit-remaining", " -3 ")],
                &[of(100, 0, 10_000)],
            ),
            // No more is left than there can be.
            (
                &[MAX, LENGTH, ("x-ratelimit-remaining", "101")],
                &[of(100, 100, 10_000)],
            ),
            (
                &[("sforce-limit-info", "api-usage=-5/100")],
                &[of(100, 100, DAY)],
            ),
            (
                &[
                    MAX,
                    ("x-ratelimit-remaining", "7"),
                    ("x-ratelimit-interval-milliseconds", "999999999999"),
                ],
                &[of(100, 7, DAY)],
            ),
            (&[("sforce-limit-info", "api-usage=/")], &[]),
            (&[("sforce-limit-info", "api-usage=1/x")], &[]),
            (&[("sforce-limit-info", "17")], &[]),
        ] {
            assert_eq!(read(headers), counts, "{headers:?}");
        }
    }

    #[test]
    fn a_header_says_when_nothing_is_left() {
        for (text, spent) in [
            ("0", true),
            ("-3", true),
            (" 0 ", true),
            ("1", false),
            ("", false),
            ("none", false),
            ("api-usage=99/100", false),
            ("api-usage=100/100", true),
            ("api-usage=101/100", true),
            (
                "api-usage=100/100; per-app-api-usage=17/250(appName=sample)",
                true,
            ),
            ("api-usage=/", false),
        ] {
            let headers = [("left", text)].into_iter().collect();
            assert_eq!(is_spent(&headers, "left"), spent, "{text}");
        }
        assert!(!is_spent(&Headers::new(), "left"));
    }
}
