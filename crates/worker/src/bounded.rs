//! Bodies that are read no further than they may go on.

use futures_util::StreamExt;
use worker::ByteStream;

/// Why a body was not read to its end.
pub(crate) enum Cut {
    /// It goes on beyond the limit.
    TooLarge,
    /// It broke off.
    Broken,
}

/// The whole of a body that has at most `limit` bytes. They are counted as they come, decoded: what a body says of its
/// length is no promise.
pub(crate) async fn read(mut body: ByteStream, limit: usize) -> Result<Vec<u8>, Cut> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Cut::Broken)?;
        if bytes.len() + chunk.len() > limit {
            return Err(Cut::TooLarge);
        }
        bytes.extend(chunk);
    }
    Ok(bytes)
}
