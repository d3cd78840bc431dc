//! What is stored of an account is sealed: AES-256-GCM under the Worker's encryption key, and bound to what it is and
//! whose. A sealed text that is moved to another row, or put back in the place of a later one, does not open.

use crmlink::base64;
use crmlink::endpoint::json;
use crmlink::error::Code;

use crate::crypto;
use crate::fault::Fault;

/// The encryption keys: the first seals, each opens what it has sealed. No `Debug`, no `Serialize`.
pub(crate) struct Keyring(Vec<Key>);

struct Key {
    id: String,
    key: [u8; 32],
}

/// What a sealed text is bound to.
pub(crate) struct Bound<'b> {
    /// What it is.
    pub(crate) kind: &'static str,
    /// Whose account's it is.
    pub(crate) tenant: &'b str,
    /// Which account's.
    pub(crate) account: &'b str,
    /// At which vendor.
    pub(crate) vendor: &'b str,
    /// Which one of those that were stored one after the other.
    pub(crate) version: u64,
}

impl Keyring {
    /// Reads the key that seals, and those before it that still open, each as `<key id>:<base64 of 32 bytes>`.
    pub(crate) fn read(current: &str, old: &str) -> Option<Self> {
        let old = old.split(',').map(str::trim).filter(|key| !key.is_empty());
        let keys: Option<Vec<Key>> = [current.trim()].into_iter().chain(old).map(key).collect();
        keys.map(Self)
    }

    /// Seals a text under the first key.
    pub(crate) async fn seal(&self, bound: &Bound<'_>, text: &[u8]) -> Result<Vec<u8>, Fault> {
        let key = self.first()?;
        let sealed = crypto::seal(&key.key, &bound.text(&key.id), text).await?;
        let mut envelope = vec![FORM, u8::try_from(key.id.len()).unwrap_or_default()];
        envelope.extend(key.id.as_bytes());
        envelope.extend(sealed);
        Ok(envelope)
    }

    /// Opens a sealed text: 503 where it is not what was sealed for this place, or where its key is none of these.
    pub(crate) async fn open(&self, bound: &Bound<'_>, envelope: &[u8]) -> Result<Vec<u8>, Fault> {
        let parts = || {
            let (form, rest) = envelope.split_first()?;
            let (length, rest) = rest.split_first()?;
            let (id, sealed) = rest.split_at_checked(usize::from(*length))?;
            let key = self.0.iter().find(|key| key.id.as_bytes() == id)?;
            (*form == FORM).then_some((key, sealed))
        };
        let opened = match parts() {
            Some((key, sealed)) => crypto::open(&key.key, &bound.text(&key.id), sealed).await?,
            None => None,
        };
        opened.ok_or_else(foreign)
    }

    /// Keys for another purpose, with which nothing can be opened: the first for what is made now, the others to know
    /// again what was made before.
    pub(crate) async fn derived(&self, purpose: &str) -> Result<Vec<Vec<u8>>, Fault> {
        let mut derived = Vec::with_capacity(self.0.len());
        for key in &self.0 {
            derived.push(crypto::derive(&key.key, purpose).await?);
        }
        Ok(derived)
    }

    fn first(&self) -> Result<&Key, Fault> {
        self.0.first().ok_or_else(foreign)
    }
}

impl Bound<'_> {
    /// One text for one place: a list in JSON reads in one way only.
    fn text(&self, key: &str) -> Vec<u8> {
        let version = self.version.to_string();
        let parts = [
            "crmlink",
            self.kind,
            self.tenant,
            self.account,
            self.vendor,
            &version,
            key,
        ];
        json(&parts).into_bytes()
    }
}

/// What is stored is not what this Worker has stored last.
pub(crate) fn foreign() -> Fault {
    let message = "what is stored of this account is refused: it is not what was stored last, or the key that sealed it \
                   is neither CRMLINK_ENCRYPTION_KEY nor one of CRMLINK_OLD_ENCRYPTION_KEYS";
    Fault::http(503, Code::Internal, message)
}

fn key(text: &str) -> Option<Key> {
    let (id, key) = text.split_once(':')?;
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let fits = (1..=32).contains(&id.len()) && id.bytes().all(letter);
    let key = base64::decode(key)?.try_into().ok()?;
    fits.then(|| Key {
        id: id.to_owned(),
        key,
    })
}

/// How an envelope is laid out: this byte, the length of the key's id, the id, the nonce, the sealed text with its tag.
const FORM: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn keys_are_read_with_their_ids() {
        let ring = Keyring::read(&format!("new:{KEY}"), &format!(" b:{KEY} ,,a:{KEY}")).unwrap();
        let ids: Vec<_> = ring.0.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(ids, ["new", "b", "a"]);
        assert_eq!(ring.0[0].key[..3], [0, 1, 2]);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "new",
            KEY,
            "new:",
            "new:AAEC",
            &format!(":{KEY}"),
            &format!("a b:{KEY}"),
        ] {
            assert!(Keyring::read(text, "").is_none(), "{text}");
        }
        assert!(Keyring::read(&format!("new:{KEY}"), "old").is_none());
    }

    #[test]
    fn what_is_bound_reads_in_one_way_only() {
        let bound = |tenant, account| Bound {
            kind: "account",
            tenant,
            account,
            vendor: "hubspot",
            version: 1,
        };
        assert_ne!(
            bound("a", "b\",\"c").text("k"),
            bound("a\",\"b", "c").text("k")
        );
    }
}
