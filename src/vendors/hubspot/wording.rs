//! The unified words of a link (role, primary, association_type) and HubSpot's numbers, in both directions.

use std::borrow::Cow;

use super::associations::{LabelledType, Type};
use super::object_type;
use super::type_ids::{self, Kind, Object};
use crate::error::{Reason, Refusal};
use crate::id::Id;
use crate::unified::association::{NewType, Target};
use crate::unified::entity::{self, Entity};

/// A pair of types of records, as far as HubSpot's own table knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    from: Option<Object>,
    to: Option<Object>,
    /// Whether one is named by HubSpot's key: such a link has no field `primary`, so that label is one like any other.
    custom: bool,
}

/// What is said of a link beside that it is there.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// Its labels by number; `None` where none are named.
    pub(super) labels: Option<Vec<Type<'static>>>,
    /// Names that only the account's labels can explain.
    pub(super) open: bool,
}

/// Why a word has no number.
pub(super) enum Unknown {
    /// The word itself is wrong.
    Wrong(&'static str, String),
    /// No label is called so.
    Missing(&'static str, String),
}

impl Ends {
    pub(super) fn new(from: &entity::Kind<'_>, to: &entity::Kind<'_>) -> Self {
        let custom = from.entity == Entity::Custom || to.entity == Entity::Custom;
        let [from, to] = [from, to].map(|kind| Object::parse(object_type(kind)));
        Self { from, to, custom }
    }

    /// The number of one of HubSpot's own kinds of association between these two.
    pub(super) fn own(self, kind: Kind) -> Option<Type<'static>> {
        if self.custom && kind == Kind::Primary {
            return None;
        }
        Some(hubspot(type_ids::id(self.from?, self.to?, kind)?))
    }

    pub(super) fn is(self, known: &LabelledType, kind: Kind) -> bool {
        self.own(kind).is_some_and(|own| own == number(known))
    }

    /// Whether it says no more than that the two belong together.
    pub(super) fn is_plain(self, known: &LabelledType) -> bool {
        let unlabelled = known.label.is_none() && known.category == HUBSPOT;
        self.is(known, Kind::Plain) || (unlabelled && self.own(Kind::Plain).is_none())
    }

    /// Whether the second record is the one that is called primary: only then the first one's list shows which it was.
    pub(super) const fn leads_to_primary(self) -> bool {
        matches!(
            (self.from, self.to),
            (_, Some(Object::Company)) | (Some(Object::Lead), _)
        )
    }

    /// The numbers of what a target says. `labels` are the account's, once they are known.
    pub(super) fn meant(
        self,
        target: &Target<'_>,
        makes: bool,
        news: &[NewType<'_>],
        labels: Option<&[LabelledType]>,
    ) -> Result<Meant, Unknown> {
        let mut meant = Meant::default();
        if target.role.is_none() && target.association_type.is_none() {
            return Ok(meant);
        }
        let mut numbers = Vec::new();
        // A new label is known to the account by its text: its key is nowhere to be read.
        let text = |word: &'_ str| -> String {
            let new = news.iter().find(|new| new.key.as_str() == word);
            new.map_or_else(|| word.to_owned(), |new| new.label.to_string())
        };
        for role in target.roles() {
            match (self.family(role), labels) {
                (Some(own), _) => numbers.push(own),
                (None, None) => meant.open = true,
                (None, Some(labels)) => numbers.push(called(labels, "role", &text(role))?),
            }
        }
        for word in target.types() {
            match (
                self.numbered(word, makes && target.primary == Some(true), makes)?,
                labels,
            ) {
                (Some(known), _) => numbers.push(known),
                (None, None) => meant.open = true,
                (None, Some(labels)) => numbers.push(self.found(labels, &text(word))?),
            }
        }
        meant.labels = Some(numbers);
        Ok(meant)
    }

    /// Among companies, `parent` and `child` say what the target is.
    fn family(self, role: &str) -> Option<Type<'static>> {
        let kind = match role {
            "parent" => Kind::Parent,
            "child" => Kind::Child,
            _ => return None,
        };
        self.own(kind)
    }

    /// A number that says itself what it means: with its category, or one of HubSpot's own between these two.
    fn numbered(
        self,
        word: &str,
        primary: bool,
        makes: bool,
    ) -> Result<Option<Type<'static>>, Unknown> {
        if let Some((category, digits)) = word.split_once(':') {
            let number = digits.parse().ok().filter(|_| is_category(category));
            return match number {
                Some(association_type_id) => Ok(Some(Type {
                    association_category: Cow::Owned(category.to_owned()),
                    association_type_id,
                })),
                None => Ok(None),
            };
        }
        let (Ok(number), Some(from), Some(to)) = (word.parse::<u32>(), self.from, self.to) else {
            return Ok(None);
        };
        let mut rows = type_ids::DEFINED.iter();
        let own = rows.any(|row| (row.id, row.from, row.to) == (number, from, to));
        if !own {
            return Ok(None);
        }
        if makes && !self.custom {
            type_ids::check(from, to, number, primary)
                .map_err(|message| Unknown::Wrong(TYPE, message))?;
        }
        Ok(Some(hubspot(number)))
    }

    /// A number without a category, or a label's text, among the account's.
    fn found(self, labels: &[LabelledType], word: &str) -> Result<Type<'static>, Unknown> {
        let Ok(wanted) = word.parse::<u32>() else {
            return called(labels, TYPE, word);
        };
        let mut same = labels.iter().filter(|label| label.type_id == wanted);
        match (same.next(), same.next()) {
            (Some(only), None) => Ok(number(only)),
            (Some(first), Some(second)) => Err(Unknown::Wrong(
                TYPE,
                format!(
                    "HubSpot has two types {word} between these records: say `{}:{word}` or `{}:{word}`",
                    first.category, second.category
                ),
            )),
            (None, _) => {
                if let (Some(from), Some(to)) = (self.from, self.to) {
                    type_ids::check(from, to, wanted, false)
                        .map_err(|message| Unknown::Wrong(TYPE, message))?;
                }
                Err(missing(labels, TYPE, word))
            }
        }
    }

    /// A link in the words in which `set` takes it.
    pub(super) fn target(self, id: &str, types: &[LabelledType]) -> Target<'static> {
        let mut target = Target::plain(Id::new(id.to_owned()));
        let mut roles = Vec::new();
        let mut numbers = Vec::new();
        for known in types {
            if self.is(known, Kind::Primary) {
                target.primary = Some(true);
            } else if self.is(known, Kind::Parent) {
                roles.push(Cow::Borrowed("parent"));
            } else if self.is(known, Kind::Child) {
                roles.push(Cow::Borrowed("child"));
            } else if !self.is_plain(known) {
                match &known.label {
                    Some(label) => roles.push(Cow::Owned(label.clone())),
                    None => numbers.push(Id::new(spelled(&number(known)))),
                }
            }
        }
        target.role = (!roles.is_empty()).then_some(roles);
        target.association_type = (!numbers.is_empty()).then_some(numbers);
        target
    }

    /// A link by its numbers, which mean the same whatever the labels are called by then.
    pub(super) fn exact<'t>(
        self,
        id: &str,
        types: impl IntoIterator<Item = &'t Type<'static>>,
    ) -> Target<'static> {
        let mut target = Target::plain(Id::new(id.to_owned()));
        let mut numbers = Vec::new();
        let (primary, plain) = (self.own(Kind::Primary), self.own(Kind::Plain));
        for kind in types {
            if primary.as_ref() == Some(kind) {
                target.primary = Some(true);
            } else if plain.as_ref() != Some(kind) {
                numbers.push(Id::new(spelled(kind)));
            }
        }
        target.association_type = (!numbers.is_empty()).then_some(numbers);
        target
    }
}

impl Unknown {
    /// The refusal of the target's field at `path`.
    pub(super) fn refusal(self, path: impl Fn(&str) -> String) -> Refusal {
        match self {
            Self::Wrong(field, message) => Refusal::input(path(field), message),
            Self::Missing(field, message) => {
                Refusal::unsupported(Reason::AssociationUnsupported, path(field), message)
            }
        }
    }
}

/// The number of a kind of association that HubSpot told.
pub(super) fn number(known: &LabelledType) -> Type<'static> {
    Type {
        association_category: Cow::Owned(known.category.clone()),
        association_type_id: known.type_id,
    }
}

/// `USER_DEFINED:36`
pub(super) fn spelled(kind: &Type<'_>) -> String {
    let number = kind.association_type_id.to_string();
    [&kind.association_category, ":", &number].concat()
}

/// The label of a text; the letters' case makes no difference.
fn called(
    labels: &[LabelledType],
    field: &'static str,
    text: &str,
) -> Result<Type<'static>, Unknown> {
    let wanted = text.to_lowercase();
    let same = |label: &&LabelledType| {
        let label = label.label.as_deref();
        label.is_some_and(|label| label.to_lowercase() == wanted)
    };
    let mut found = labels.iter().filter(same);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(number(only)),
        (Some(first), Some(second)) => Err(Unknown::Wrong(
            field,
            format!(
                "HubSpot has two labels `{text}` between these records: name one by its number in `association_type`, `{}` or `{}`",
                spelled(&number(first)),
                spelled(&number(second))
            ),
        )),
        (None, _) => Err(missing(labels, field, text)),
    }
}

fn missing(labels: &[LabelledType], field: &'static str, word: &str) -> Unknown {
    let known: Vec<_> = labels
        .iter()
        .filter_map(|label| label.label.as_deref())
        .collect();
    let known = match known.is_empty() {
        true => "it has none".to_owned(),
        false => format!("it has `{}`", known.join("`, `")),
    };
    let message = format!(
        "HubSpot has no label `{word}` from these records to those: {known}. Define it first, or in `association_types` of the same call"
    );
    Unknown::Missing(field, message)
}

const fn hubspot(number: u32) -> Type<'static> {
    Type {
        association_category: Cow::Borrowed(HUBSPOT),
        association_type_id: number,
    }
}

/// A word such as `USER_DEFINED`; HubSpot may have further ones.
fn is_category(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

const HUBSPOT: &str = "HUBSPOT_DEFINED";
const TYPE: &str = "association_type";
