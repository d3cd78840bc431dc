//! Answers as all four vendors write them: JSON text, and times in RFC 3339.

use serde_json::Value;

use crate::http::{Headers, Response};

/// The time at which the sample records were made: 2026-01-01T00:00:00Z.
pub(super) const LONG_AGO: u64 = 1_767_225_600_000;

pub(super) fn json(status: u16, body: &Value) -> Response {
    Response {
        status,
        headers: Headers::from_iter([("content-type", "application/json;charset=utf-8")]),
        body: body.to_string(),
    }
}

pub(super) fn empty(status: u16) -> Response {
    Response {
        status,
        headers: Headers::new(),
        body: String::new(),
    }
}

/// `2026-01-01T00:00:00.000Z`
pub(super) fn time(millis: u64) -> String {
    let (year, month, day) = civil(millis / 86_400_000);
    let second = millis / 1_000 % 86_400;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60,
        millis % 1_000
    )
}

/// A UUID that counts.
pub(super) fn uuid(serial: u64) -> String {
    format!("00000000-0000-4000-8000-{:012x}", serial & 0xffff_ffff_ffff)
}

/// The Gregorian date of a day counted from 1970-01-01: eras of 400 years that begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_civil() {
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(time(LONG_AGO), "2026-01-01T00:00:00.000Z");
        assert_eq!(time(951_782_399_999), "2000-02-28T23:59:59.999Z");
        assert_eq!(time(951_782_400_000), "2000-02-29T00:00:00.000Z");
    }
}
