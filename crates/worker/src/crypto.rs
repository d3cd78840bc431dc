//! The runtime's cryptography (WebCrypto), as plain functions over bytes. None of it is made here.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto, WorkerGlobalScope};
use worker::{js_sys, wasm_bindgen_futures};

use crmlink::error::Code;

use crate::fault::Fault;

/// As many random bytes as that.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    let filled = crypto()?.get_random_values_with_u8_array(&mut bytes);
    filled.map(|_| bytes).map_err(unable)
}

/// A random UUID.
pub(crate) fn uuid() -> Result<String, Fault> {
    Ok(crypto()?.random_uuid())
}

/// SHA-256.
#[allow(dead_code, reason = "idempotency keys come with the next step")]
pub(crate) async fn sha256(data: &[u8]) -> Result<Vec<u8>, Fault> {
    let digest = subtle()?.digest_with_str_and_js_u8_array("SHA-256", &bytes(data));
    done(digest).await.map_err(unable)
}

/// HMAC-SHA256.
#[allow(dead_code, reason = "browser tokens come with the next step")]
pub(crate) async fn hmac(key: &[u8], data: &[u8]) -> Result<Vec<u8>, Fault> {
    let algorithm = named("HMAC", &[("hash", "SHA-256".into())]);
    let key = import("raw", key, &algorithm, "sign").await?;
    let signature = subtle()?.sign_with_object_and_js_u8_array(&algorithm, &key, &bytes(data));
    done(signature).await.map_err(unable)
}

/// A key of 32 bytes for one purpose, derived from another key by HKDF-SHA256.
#[allow(dead_code, reason = "browser tokens come with the next step")]
pub(crate) async fn derive(key: &[u8], purpose: &str) -> Result<Vec<u8>, Fault> {
    let algorithm = named(
        "HKDF",
        &[
            ("hash", "SHA-256".into()),
            ("salt", bytes(&[]).into()),
            ("info", bytes(purpose.as_bytes()).into()),
        ],
    );
    let key = import("raw", key, &named("HKDF", &[]), "deriveBits").await?;
    let bits = subtle()?.derive_bits_with_object(&algorithm, &key, 256);
    done(bits).await.map_err(unable)
}

/// RSASSA-PKCS1-v1_5 with SHA-256, by a key in PKCS #8; `None` where it is no such key.
pub(crate) async fn rs256(pkcs8: &[u8], data: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let algorithm = named("RSASSA-PKCS1-v1_5", &[("hash", "SHA-256".into())]);
    let Ok(key) = import("pkcs8", pkcs8, &algorithm, "sign").await else {
        return Ok(None);
    };
    let signature = subtle()?.sign_with_object_and_js_u8_array(&algorithm, &key, &bytes(data));
    Ok(done(signature).await.ok())
}

/// AES-256-GCM: a fresh nonce, then the sealed text with its tag.
pub(crate) async fn seal(key: &[u8], additional: &[u8], text: &[u8]) -> Result<Vec<u8>, Fault> {
    let nonce: [u8; NONCE] = random()?;
    let algorithm = gcm(&nonce, additional);
    let key = import("raw", key, &named("AES-GCM", &[]), "encrypt").await?;
    let sealed = subtle()?.encrypt_with_object_and_js_u8_array(&algorithm, &key, &bytes(text));
    let sealed = done(sealed).await.map_err(unable)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The text that was sealed; `None` where anything of it, or of what it was bound to, is not as it was.
pub(crate) async fn open(
    key: &[u8],
    additional: &[u8],
    sealed: &[u8],
) -> Result<Option<Vec<u8>>, Fault> {
    let Some((nonce, sealed)) = sealed.split_at_checked(NONCE) else {
        return Ok(None);
    };
    let algorithm = gcm(nonce, additional);
    let key = import("raw", key, &named("AES-GCM", &[]), "decrypt").await?;
    let text = subtle()?.decrypt_with_object_and_js_u8_array(&algorithm, &key, &bytes(sealed));
    Ok(done(text).await.ok())
}

fn gcm(nonce: &[u8], additional: &[u8]) -> Object {
    let parts = [
        ("iv", bytes(nonce).into()),
        ("additionalData", bytes(additional).into()),
    ];
    named("AES-GCM", &parts)
}

async fn import(
    format: &str,
    key: &[u8],
    algorithm: &Object,
    usage: &str,
) -> Result<CryptoKey, Fault> {
    let usages = Array::of1(&usage.into());
    let key = subtle()?.import_key_with_object(format, &bytes(key), algorithm, false, &usages);
    let key = JsFuture::from(key.map_err(unable)?).await.map_err(unable)?;
    Ok(key.unchecked_into())
}

async fn done(promise: Result<js_sys::Promise, JsValue>) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(promise?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn named(name: &str, parts: &[(&str, JsValue)]) -> Object {
    let algorithm = Object::new();
    for (name, value) in [("name", name.into())].iter().chain(parts) {
        // Setting a field of a plain object cannot fail.
        drop(Reflect::set(&algorithm, &(*name).into(), value));
    }
    algorithm
}

fn bytes(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

fn subtle() -> Result<SubtleCrypto, Fault> {
    Ok(crypto()?.subtle())
}

fn crypto() -> Result<Crypto, Fault> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    scope.crypto().map_err(unable)
}

/// Nothing of the cause, which may tell of the key.
fn unable(_: JsValue) -> Fault {
    Fault::http(500, Code::Internal, "the runtime's cryptography failed")
}

/// What NIST SP 800-38D recommends for GCM.
const NONCE: usize = 12;
