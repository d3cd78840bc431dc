//! What a caller may do, and what a route asks of its callers.

use serde::{Deserialize, Serialize};

/// What a key is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// To see what there is at a vendor.
    Read,
    /// To change it.
    Write,
    /// To say which accounts there are.
    Admin,
}

/// What a route asks of its callers. Each route says one: there is no route without.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Need {
    /// Nothing: it is the same for anyone, and says nothing of any account.
    Open,
    /// A key with this scope, or, but for `admin`, a browser token that names the operation.
    Scope(Scope),
    /// A key that may write or administer: who makes a browser token lends what it has.
    Lend,
}

impl Need {
    /// Whether these scopes are enough.
    pub(crate) fn is_met(self, held: &[Scope]) -> bool {
        match self {
            Self::Open => true,
            Self::Scope(scope) => held.contains(&scope),
            Self::Lend => held.contains(&Scope::Write) || held.contains(&Scope::Admin),
        }
    }

    /// The scope in a sentence: "a key with the scope …".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Open => "of any kind",
            Self::Scope(Scope::Read) => "`read`",
            Self::Scope(Scope::Write) => "`write`",
            Self::Scope(Scope::Admin) => "`admin`",
            Self::Lend => "`write` or `admin`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_meets_its_own_need_and_no_other() {
        use Scope::{Admin, Read, Write};
        let needs = [
            Need::Open,
            Need::Scope(Read),
            Need::Scope(Write),
            Need::Scope(Admin),
            Need::Lend,
        ];
        let met = |held: &[Scope]| needs.map(|need| need.is_met(held));
        assert_eq!(met(&[]), [true, false, false, false, false]);
        assert_eq!(met(&[Read]), [true, true, false, false, false]);
        assert_eq!(met(&[Write]), [true, false, true, false, true]);
        assert_eq!(met(&[Admin]), [true, false, false, true, true]);
        assert_eq!(met(&[Read, Write, Admin]), [true; 5]);
    }

    #[test]
    fn a_need_is_named_by_the_scopes_that_meet_it() {
        let needs = [
            Need::Open,
            Need::Scope(Scope::Read),
            Need::Scope(Scope::Write),
            Need::Scope(Scope::Admin),
            Need::Lend,
        ];
        let expected = [
            "of any kind",
            "`read`",
            "`write`",
            "`admin`",
            "`write` or `admin`",
        ];
        assert_eq!(needs.map(Need::words), expected);
    }
}
