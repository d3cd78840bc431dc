//! Which origins are Salesforce's: a token goes nowhere else, whatever an answer says.
//!
//! The host is taken out of the text by a grammar that leaves no room for a second reading: letters, digits, dots and hyphens,
//! and before them nothing but `https://`.

/// The endings of Salesforce's hosts.
const ENDINGS: [&str; 3] = [".my.salesforce.com", ".salesforce.com", ".force.com"];

/// The origin of an org, as it may be asked; `instance_url` of a token answer, for one.
///
/// `configured` is where this account's traffic is sent instead, if anywhere: when that is this machine, an org may be on it
/// too, as simulators are.
///
/// # Errors
/// What is wrong with it; the value is not repeated.
pub fn origin(given: &str, configured: Option<&str>) -> Result<String, &'static str> {
    let given = given.strip_suffix('/').unwrap_or(given);
    if configured.is_some_and(is_loopback) && is_loopback(given) {
        return Ok(given.to_owned());
    }
    let Some(authority) = given.strip_prefix("https://") else {
        return Err("expected `https://` and the host of a Salesforce org");
    };
    let host = authority.strip_suffix(":443").unwrap_or(authority);
    if !host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    {
        return Err("expected a host alone, without a user, a port, a path or escapes");
    }
    let host = host.to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            // A name in another script can look like any other.
            && !label.starts_with("xn--")
    };
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err("expected a host of plain names");
    }
    if host.ends_with(".lightning.force.com") {
        return Err(
            "expected the org's own host, as in `https://acme.my.salesforce.com`: that of its pages serves no API",
        );
    }
    if !ENDINGS.iter().any(|ending| host.ends_with(ending)) {
        return Err("expected a host of Salesforce, as in `https://acme.my.salesforce.com`");
    }
    Ok(["https://", &host].concat())
}

/// Whether it is `http://` and this machine, with or without a port, and nothing else.
fn is_loopback(origin: &str) -> bool {
    let Some(rest) = origin
        .strip_suffix('/')
        .unwrap_or(origin)
        .strip_prefix("http://")
    else {
        return false;
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        rest.strip_prefix(host).is_some_and(|port| {
            port.is_empty()
                || port.strip_prefix(':').is_some_and(|port| {
                    !port.is_empty()
                        && port.len() <= 5
                        && port.bytes().all(|byte| byte.is_ascii_digit())
                })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an attacker, or a typing error, would write.
    const REFUSED: &[&str] = &[
        "",
        "https://",
        "acme.my.salesforce.com",
        "//acme.my.salesforce.com",
        "http://acme.my.salesforce.com",
        "ftp://acme.my.salesforce.com",
        "HTTPS:acme.my.salesforce.com",
        "https:/acme.my.salesforce.com",
        "https:\\\\acme.my.salesforce.com",
        "javascript:alert(1)//.my.salesforce.com",
        "https://evil.com",
        "https://evil.com#.my.salesforce.com",
        "https://evil.com?.my.salesforce.com",
        "https://evil.com/.my.salesforce.com",
        "https://evil.com\\.my.salesforce.com",
        "https://evil.com%2f.my.salesforce.com",
        "https://evil.com%23.my.salesforce.com",
        "https://evil.com\t.my.salesforce.com",
        "https://evil.com\r\n.my.salesforce.com",
        "https://evil.com\0.my.salesforce.com",
        "https://acme.my.salesforce.com@evil.com",
        "https://acme.my.salesforce.com:443@evil.com",
        "https://user:password@acme.my.salesforce.com",
        "https://user@acme.my.salesforce.com",
        "https://acme.my.salesforce.com%2eevil.com",
        "https://acme.my.salesforce.com.evil.com",
        "https://acme.my.salesforce.com.",
        "https://acme.my.salesforce.com..",
        "https://.my.salesforce.com",
        "https://my..salesforce.com",
        "https://evilsalesforce.com",
        "https://evil-force.com",
        "https://salesforce.com",
        "https://force.com",
        "https://acme.my.salesforce.com:8443",
        "https://acme.my.salesforce.com:443443",
        "https://acme.my.salesforce.com:",
        "https://acme.my.salesforce.com/services",
        "https://acme.my.salesforce.com//",
        "https://acme.my.sal\u{0435}sforce.com",
        "https://\u{0430}cme.my.salesforce.com",
        "https://xn--cme-7cd.my.salesforce.com",
        "https://acme.xn--y-9tb.salesforce.com",
        "https://acme\u{3002}my.salesforce.com",
        "https://acme.my.salesforce\u{ff0e}com",
        "https://-acme.my.salesforce.com",
        "https://acme-.my.salesforce.com",
        "https://acme.lightning.force.com",
        "http://2852039166",
        "https://2852039166",
        "https://169.254.169.254",
        "https://0xa9.0xfe.0xa9.0xfe",
        "https://[::ffff:169.254.169.254]",
        "https://[::1]",
        "https://127.0.0.1",
        "https://localhost",
        "http://localhost",
        "http://127.0.0.1:8790",
        "http://[::1]:8790",
        " https://acme.my.salesforce.com",
        "https://acme.my.salesforce.com ",
        "https://acme my.salesforce.com",
    ];

    #[test]
    fn no_other_host_is_taken() {
        for given in REFUSED {
            assert!(origin(given, None).is_err(), "{given}");
            assert!(
                origin(given, Some("https://gateway.example")).is_err(),
                "{given}"
            );
        }
    }

    #[test]
    fn salesforce_s_own_are() {
        for (given, taken) in [
            (
                "https://acme.my.salesforce.com",
                "https://acme.my.salesforce.com",
            ),
            (
                "https://acme.my.salesforce.com/",
                "https://acme.my.salesforce.com",
            ),
            (
                "https://acme.my.salesforce.com:443",
                "https://acme.my.salesforce.com",
            ),
            (
                "https://Acme.My.Salesforce.COM",
                "https://acme.my.salesforce.com",
            ),
            (
                "https://acme--dev.sandbox.my.salesforce.com",
                "https://acme--dev.sandbox.my.salesforce.com",
            ),
            (
                "https://na139.salesforce.com",
                "https://na139.salesforce.com",
            ),
            (
                "https://login.salesforce.com",
                "https://login.salesforce.com",
            ),
            (
                "https://acme.my.site.force.com",
                "https://acme.my.site.force.com",
            ),
        ] {
            assert_eq!(origin(given, None).as_deref(), Ok(taken));
        }
    }

    /// Whoever parses what was taken finds the host that was checked, and nothing besides.
    #[test]
    fn what_is_taken_has_one_reading() {
        let taken = [
            "https://acme.my.salesforce.com",
            "https://a-b--c.x1.force.com",
        ];
        for given in REFUSED.iter().chain(&taken) {
            let Ok(found) = origin(given, None) else {
                continue;
            };
            let parsed = url::Url::parse(&found).expect("a URL");
            let host = parsed.host_str().expect("a host");
            assert_eq!(["https://", host].concat(), found);
            assert_eq!(parsed.port_or_known_default(), Some(443));
            assert_eq!((parsed.path(), parsed.username()), ("/", ""));
        }
    }

    #[test]
    fn a_host_has_253_signs_at_most() {
        let label = "a".repeat(63);
        for (last, taken) in [(46, true), (47, false)] {
            let last = "a".repeat(last);
            let given = format!("https://{label}.{label}.{label}.{last}.salesforce.com");
            assert_eq!(given.len() == "https://".len() + 253, taken);
            assert_eq!(origin(&given, None).is_ok(), taken);
        }
    }

    /// A simulator on this machine, where the account is told to be on it; never by the answer's own word.
    #[test]
    fn this_machine_is_taken_where_it_was_configured() {
        let here = Some("http://127.0.0.1:8790");
        for given in [
            "http://127.0.0.1:8790",
            "http://localhost:1",
            "http://[::1]",
        ] {
            assert_eq!(origin(given, here).as_deref(), Ok(given));
            assert!(origin(given, None).is_err());
        }
        for given in [
            "https://evil.com",
            "http://evil.com",
            "http://localhost.evil.com",
            "http://127.0.0.1.evil.com",
            "http://127.0.0.1@evil.com",
            "http://localhost:80@evil.com",
            "http://localhost:",
            "http://127.0.0.2",
            "http://localhost/x",
        ] {
            assert!(origin(given, here).is_err(), "{given}");
        }
    }
}
