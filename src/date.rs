//! Dates as HTTP writes them, in the three forms of RFC 9110, section 5.6.7.

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// A year of the calendar on average, in seconds.
const YEAR: i64 = 31_556_952;

/// The seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
/// `Sun Nov  6 08:49:37 1994`.
///
/// Of the years that two digits can stand for the one nearest to `near` is meant, which is in seconds since 1970 too.
#[must_use]
pub(crate) fn parse(text: &str, near: i64) -> Option<i64> {
    let text = text.trim();
    if !DAYS.iter().any(|day| text.starts_with(day)) {
        return None;
    }
    let mut parts = text
        .split([' ', ',', '-', ':'])
        .filter(|part| !part.is_empty());
    let mut next = || parts.next();
    next()?;
    let first = next()?;
    let second = next()?;
    let (day, month, year, time) = match MONTHS.contains(&first) {
        true => {
            let time = [next()?, next()?, next()?];
            (second, first, next()?, time)
        }
        false => {
            let year = next()?;
            let time = [next()?, next()?, next()?];
            if next()? != "GMT" {
                return None;
            }
            (first, second, year, time)
        }
    };
    if next().is_some() {
        return None;
    }
    let month = MONTHS.iter().position(|known| *known == month)?;
    let month = i64::try_from(month).ok()? + 1;
    let year = match year.len() {
        2 => nearest(number(year, 99)?, 1970 + near.div_euclid(YEAR)),
        4 => number(year, 9_999)?,
        _ => return None,
    };
    let day = number(day, length(year, month))?;
    let [hour, minute, second] = time;
    // A leap second is the last one.
    let clock = number(hour, 23)? * 3_600 + number(minute, 59)? * 60 + number(second, 60)?;
    (day > 0).then(|| days(year, month, day) * 86_400 + clock)
}

/// Digits alone, up to `most`.
fn number(digits: &str, most: i64) -> Option<i64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|number| *number <= most)?;
    plain.then_some(number)
}

fn nearest(two_digits: i64, near: i64) -> i64 {
    let year = near - near.rem_euclid(100) + two_digits;
    match year - near {
        51.. => year - 100,
        ..=-51 => year + 100,
        _ => year,
    }
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970. The year is taken to begin in March, so that a leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 November 2026, 16:00.
    const NOW: i64 = 1_795_363_200;

    #[test]
    fn the_three_forms_are_read() {
        for (text, seconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            (" Sun, 06 Nov 1994 08:49:37 GMT ", 784_111_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
            ("Sun, 22 Nov 2026 16:00:00 GMT", NOW),
            // Two digits: the nearest year.
            ("Sunday, 22-Nov-26 16:00:00 GMT", NOW),
            ("Saturday, 01-Jan-00 00:00:00 GMT", 946_684_800),
            // The ends of all months, and the first of March.
            ("Wed, 31 Jan 2024 00:00:00 GMT", 1_706_659_200),
            ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
            ("Tue, 30 Apr 2024 00:00:00 GMT", 1_714_435_200),
            ("Fri, 31 May 2024 00:00:00 GMT", 1_717_113_600),
            ("Sun, 30 Jun 2024 00:00:00 GMT", 1_719_705_600),
            ("Wed, 31 Jul 2024 00:00:00 GMT", 1_722_384_000),
            ("Sat, 31 Aug 2024 00:00:00 GMT", 1_725_062_400),
            ("Mon, 30 Sep 2024 00:00:00 GMT", 1_727_654_400),
            ("Thu, 31 Oct 2024 00:00:00 GMT", 1_730_332_800),
            ("Sat, 30 Nov 2024 00:00:00 GMT", 1_732_924_800),
            ("Tue, 31 Dec 2024 00:00:00 GMT", 1_735_603_200),
            ("Tue, 28 Feb 2023 00:00:00 GMT", 1_677_542_400),
            ("Wed, 01 Mar 2023 00:00:00 GMT", 1_677_628_800),
            // A leap second.
            ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
        ] {
            assert_eq!(parse(text, NOW), Some(seconds), "{text}");
        }
    }

    #[test]
    fn two_digits_are_of_the_nearest_year() {
        const YEARS: i64 = 365 * 86_400;
        // The same first of January as seen from the middle of another year: the seconds are those of a year of four digits.
        for (near, digits, year) in [
            (2026, "00", 2000),
            (2026, "26", 2026),
            (2026, "76", 2076),
            (2026, "77", 1977),
            (1999, "99", 1999),
            (1999, "10", 2010),
            (1999, "48", 2048),
            (1999, "49", 1949),
            (1999, "50", 1950),
            (2049, "98", 2098),
            (2049, "00", 2000),
            (2051, "00", 2100),
            (2051, "01", 2001),
        ] {
            let middle = (near - 1970) * YEARS + (near - 1970) / 4 * 86_400 + YEARS / 2;
            let short = parse(&format!("Monday, 01-Jan-{digits} 00:00:00 GMT"), middle);
            let long = parse(&format!("Mon, 01 Jan {year} 00:00:00 GMT"), 0);
            assert!(long.is_some());
            assert_eq!(short, long, "{digits} near {near}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            "120",
            "soon",
            "Sun",
            "2026-11-22T16:00:00Z",
            "06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 32 Jan 2023 08:49:37 GMT",
            "Sun, 29 Feb 2023 08:49:37 GMT",
            "Sun, 31 Apr 2023 08:49:37 GMT",
            "Sun, 31 Jun 2023 08:49:37 GMT",
            "Sun, 31 Sep 2023 08:49:37 GMT",
            "Sun, 31 Nov 2023 08:49:37 GMT",
            "Sun, 32 Dec 2023 08:49:37 GMT",
            "Mon, 29 Feb 1900 00:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Mon, 29 Feb 2100 00:00:00 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 194 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(text, NOW), None, "{text}");
        }
    }
}
