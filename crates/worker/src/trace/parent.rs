//! The header `traceparent` of W3C's Trace Context: which trace a request belongs to.

/// A trace, and the one who asks in it.
pub(super) struct Parent {
    /// `00-<trace>-<parent>-<flags>`
    text: String,
}

impl Parent {
    /// Reads the header: of a version to come as much as this one knows; `None` for what is none.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace, parent, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_good = is_hex(version, 2)
            && version != "ff"
            && (version != "00" || parts.next().is_none())
            && is_hex(trace, 32)
            && is_hex(parent, 16)
            && is_hex(flags, 2)
            && [trace, parent]
                .iter()
                .all(|id| id.bytes().any(|byte| byte != b'0'));
        let text = format!("00-{trace}-{parent}-{flags}");
        is_good.then_some(Self { text })
    }

    /// A trace that begins here.
    pub(super) fn new(entropy: impl Fn() -> u64) -> Self {
        // An entropy has 53 bits.
        let four = || entropy() & 0xffff_ffff;
        let trace = format!(
            "{:08x}{:08x}{:08x}{:08x}",
            four(),
            four(),
            four(),
            four() | 1
        );
        let text = format!("00-{trace}-{}-01", span(entropy));
        Self { text }
    }

    /// The trace's id.
    pub(super) fn trace(&self) -> &str {
        self.text.get(3..35).unwrap_or_default()
    }

    /// The header.
    pub(super) fn header(&self) -> String {
        self.text.clone()
    }

    /// The header of a request that is made in this trace.
    pub(super) fn child(&self, entropy: impl Fn() -> u64) -> String {
        let flags = self.text.get(53..).unwrap_or_default();
        format!("00-{}-{}-{flags}", self.trace(), span(entropy))
    }
}

fn span(entropy: impl Fn() -> u64) -> String {
    let four = || entropy() & 0xffff_ffff;
    format!("{:08x}{:08x}", four(), four() | 1)
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_header_is_read_as_w3c_writes_it() {
        for (header, good) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-01"), true),
            (format!("00-{TRACE}-00f067aa0ba902b7-00"), true),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01-more"), true),
            (format!("00-{TRACE}-00f067aa0ba902b7-01-more"), false),
            (format!("ff-{TRACE}-00f067aa0ba902b7-01"), false),
            (format!("00-{TRACE}-0000000000000000-01"), false),
            (format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)), false),
            (
                format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
                false,
            ),
            (format!("00-{TRACE}-00f067aa0ba902b7"), false),
            (format!("00-{TRACE}é-00f067aa0ba902b-01"), false),
            (String::new(), false),
        ] {
            let read = Parent::parse(&header);
            assert_eq!(read.is_some(), good, "{header}");
            if let Some(read) = read {
                assert_eq!(read.trace(), TRACE);
                let child = read.child(|| 7);
                assert_eq!(child.len(), 55);
                assert_eq!(
                    Parent::parse(&child)
                        .map(|child| child.trace().to_owned())
                        .as_deref(),
                    Some(TRACE)
                );
            }
        }
    }

    #[test]
    fn a_new_trace_is_one_of_w3c_s() {
        for entropy in [0, 1, u64::MAX >> 11] {
            let made = Parent::new(|| entropy);
            assert!(Parent::parse(&made.header()).is_some(), "{}", made.header());
        }
    }
}
