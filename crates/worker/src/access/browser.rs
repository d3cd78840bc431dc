//! Making browser tokens, and knowing ours again: HMAC-SHA256 under a key that is derived from the encryption key for this
//! alone.

use crmlink::error::Code;
use crmlink::error::Refusal;
use crmlink::read::{self, Fields, FromFields};
use crmlink::unified::entity::Entity;
use crmlink::unified::operation::{Operation, TypeVerb, Verb};

use super::keys::{is_word, same};
use super::limits::is_lent;
use super::scope::{Need, Scope};
use super::token::{self, Claims, Parts};
use super::{Permit, forbidden};
use crate::config::{Config, is_page_origin};
use crate::crypto;
use crate::fault::Fault;

/// What a token is to be for.
pub(crate) struct Wish {
    operations: Vec<Operation>,
    entities: Vec<String>,
    fields: Option<Vec<String>>,
    origin: String,
    seconds: u64,
    writes: Option<u64>,
    remote: bool,
    subject: Option<String>,
}

/// What a token says, where it is one of ours, not over, and shown by its own page: 401 or 403.
pub(super) async fn claims(
    text: &str,
    origin: Option<&str>,
    config: &Config,
    now: u64,
) -> Result<Claims, Fault> {
    let refused = || Fault::unauthenticated("this is no browser token of this Worker");
    let parts = Parts::of(text).ok_or_else(refused)?;
    let mut ours = false;
    for key in config.keyring()?.derived(PURPOSE).await? {
        let signature = crypto::hmac(&key, parts.signed.as_bytes()).await?;
        ours |= same(&signature, &parts.signature);
    }
    // What is not ours is not read.
    let claims = parts.claims().filter(|_| ours).ok_or_else(refused)?;
    if now >= claims.exp {
        return Err(Fault::unauthenticated(
            "this browser token is over: the page's server makes a new one",
        ));
    }
    if origin != Some(claims.origin.as_str()) {
        return Err(forbidden(
            "this browser token was made for another page's origin",
        ));
    }
    Ok(claims)
}

/// Makes a token for an account of the caller's. Nobody lends what he has not.
pub(crate) async fn make(
    wish: Wish,
    permit: &Permit,
    account: &str,
    config: &Config,
    now: u64,
) -> Result<(String, Claims), Fault> {
    for operation in &wish.operations {
        let need = need(*operation);
        if !need.is_met(&permit.scopes) && !permit.scopes.contains(&Scope::Admin) {
            let message = format!(
                "this key cannot lend {}: it lacks the scope {}",
                operation.as_str(),
                need.words()
            );
            return Err(forbidden(&message));
        }
    }
    if !config.allowed_origins()?.contains(&wish.origin) {
        let message =
            "expected one of the origins in CRMLINK_ALLOWED_ORIGINS: no other page may call";
        return Err(Refusal::input("origin", message).into());
    }
    let claims = Claims {
        tenant: permit.tenant.clone(),
        account: account.to_owned(),
        operations: wish
            .operations
            .iter()
            .map(|one| one.as_str().to_owned())
            .collect(),
        entities: wish.entities,
        fields: wish.fields,
        origin: wish.origin,
        iat: now,
        exp: now + wish.seconds * 1_000,
        jti: crypto::uuid()?,
        sub: wish.subject,
        writes: wish.writes,
        remote: wish.remote,
    };
    let unsigned = claims.unsigned();
    let keys = config.keyring()?.derived(PURPOSE).await?;
    let key = keys.first().map(Vec::as_slice).unwrap_or_default();
    let signature = crypto::hmac(key, unsigned.as_bytes()).await?;
    let token = token::signed(&unsigned, &signature);
    if token.len() > token::LONGEST {
        let message = "expected fewer or shorter names: the token would not fit into a header";
        return Err(Refusal::input("", message).into());
    }
    Ok((token, claims))
}

impl Wish {
    /// Reads what is asked for.
    pub(crate) fn read(text: &str) -> Result<Self, Refusal> {
        read::read(text)
    }
}

impl<'a> FromFields<'a> for Wish {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let mut operations = Vec::new();
        for name in words(fields, "operations")?.unwrap_or_default() {
            let operation = Operation::parse(&name)
                .map_err(|refusal| fields.refuse("operations", &refusal.message))?;
            if !is_lent(operation) {
                let message = format!("{name} is about the whole account: it is for servers alone");
                return Err(fields.refuse("operations", &message));
            }
            operations.push(operation);
        }
        let entities = words(fields, "entities")?.unwrap_or_default();
        for (name, is_empty) in [
            ("operations", operations.is_empty()),
            ("entities", entities.is_empty()),
        ] {
            if is_empty {
                return Err(fields.refuse(name, "expected at least one"));
            }
        }
        if let Some(unknown) = entities.iter().find(|name| !is_entity(name)) {
            let message = format!(
                "expected accounts, contacts, leads, opportunities, or a vendor's key of a custom object, got `{unknown}`"
            );
            return Err(fields.refuse("entities", &message));
        }
        let limited = words(fields, "fields")?;
        if let Some(name) = limited
            .iter()
            .flatten()
            .find(|name| name.starts_with("remote_"))
        {
            let message = format!("{name} is the vendor's own: it goes with `remote`");
            return Err(fields.refuse("fields", &message));
        }
        let origin = fields.required_text("origin")?.into_owned();
        if !is_page_origin(&origin) {
            let message =
                "expected an origin as browsers write it, such as https://app.example.com";
            return Err(fields.refuse("origin", message));
        }
        let Some(seconds @ 1..=LONGEST) = fields.count("seconds")? else {
            return Err(fields.refuse("seconds", "expected 1 to 600 seconds"));
        };
        let subject = fields.text("subject")?.map(|subject| subject.into_owned());
        if subject.as_deref().is_some_and(|subject| !is_word(subject)) {
            let message = "expected 1 to 64 of a-z, A-Z, 0-9, `-` and `_`";
            return Err(fields.refuse("subject", message));
        }
        Ok(Self {
            operations,
            entities,
            fields: limited,
            origin,
            seconds,
            writes: fields.count("writes")?,
            remote: fields.flag("remote")?.unwrap_or_default(),
            subject,
        })
    }
}

/// A list of short names.
fn words(fields: &mut Fields<'_, '_>, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
    let Some(words) = fields.texts(name)? else {
        return Ok(None);
    };
    if words.len() > MOST || words.iter().any(|word| !(1..=100).contains(&word.len())) {
        return Err(fields.refuse(name, "expected at most 50 names of at most 100 letters"));
    }
    Ok(Some(
        words.into_iter().map(|word| word.into_owned()).collect(),
    ))
}

fn is_entity(name: &str) -> bool {
    let known = Entity::ALL
        .into_iter()
        .filter(|known| *known != Entity::Custom);
    Entity::is_key(name) || known.into_iter().any(|known| known.as_str() == name)
}

/// What a key needs that carries an operation out.
fn need(operation: Operation) -> Need {
    Need::Scope(match operation {
        Operation::Associations(Verb::List)
        | Operation::AssociationTypes(TypeVerb::List | TypeVerb::Get) => Scope::Read,
        _ => Scope::Write,
    })
}

/// The refusal of a token that is good no more.
pub(crate) fn revoked() -> Fault {
    Fault::unauthenticated("this browser token was taken back: the page's server makes a new one")
}

/// The refusal of a write beyond what a token is for.
pub(crate) fn spent(claims: &Claims, wanted: u64, used: u64) -> Fault {
    let writes = claims.writes.unwrap_or_default();
    let message = format!(
        "this browser token is for {writes} writes, of which {used} were made; this call would make {wanted}"
    );
    Fault::http(403, Code::QuotaExhausted, message)
}

/// How long a token lives at most, in seconds.
pub(crate) const LONGEST: u64 = 600;

/// How many names a list of a token's may have.
const MOST: usize = 50;

/// What the signing key is derived for.
const PURPOSE: &str = "crmlink browser token 1";

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(change: (&str, &str)) -> Result<Wish, Refusal> {
        let mut fields = vec![
            ("operations", r#"["associations.create"]"#),
            ("entities", r#"["contacts"]"#),
            ("origin", r#""https://app.example.com""#),
            ("seconds", "600"),
        ];
        fields.retain(|(name, _)| *name != change.0);
        if !change.1.is_empty() {
            fields.push(change);
        }
        let fields: Vec<_> = fields
            .into_iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        Wish::read(&format!("{{{}}}", fields.join(",")))
    }

    #[test]
    fn a_wish_is_read() {
        let wish = wish(("writes", "5")).ok().unwrap();
        assert_eq!(
            (wish.writes, wish.seconds, wish.remote),
            (Some(5), 600, false)
        );
        assert_eq!(wish.entities, ["contacts"]);
    }

    #[test]
    fn a_wish_for_too_much_is_refused_by_its_field() {
        for (name, value) in [
            ("operations", ""),
            ("operations", "[]"),
            ("operations", r#"["associations.erase"]"#),
            ("operations", r#"["association_types.delete"]"#),
            ("operations", r#"["*"]"#),
            ("entities", ""),
            ("entities", "[]"),
            ("entities", r#"["custom"]"#),
            ("entities", r#"["people"]"#),
            ("fields", r#"["remote_data"]"#),
            ("fields", r#"[""]"#),
            ("origin", ""),
            ("origin", r#""*""#),
            ("origin", r#""null""#),
            ("origin", r#""https://app.example.com/""#),
            ("origin", r#""https://me@app.example.com""#),
            ("seconds", ""),
            ("seconds", "0"),
            ("seconds", "601"),
            ("seconds", "-1"),
            ("seconds", "1.5"),
            ("seconds", "18446744073709551615"),
            ("writes", "-1"),
            ("writes", r#""many""#),
            ("remote", "1"),
            ("subject", r#""a/b""#),
            ("tenant", r#""other""#),
        ] {
            let refusal = wish((name, value)).err();
            assert_eq!(
                refusal.map(|refusal| refusal.path).as_deref(),
                Some(name),
                "{value}"
            );
        }
    }
}
