//! Where something stands in a large list, by its id.

use std::hash::{BuildHasherDefault, Hasher};

use super::entity::Entity;

/// The place of each link, by its target's kind and id and by the kind of link.
#[allow(
    clippy::disallowed_types,
    reason = "it is never iterated, so no order leaks; twice as fast as a BTreeMap on 2,000 ids"
)]
pub(crate) type Places<'k> =
    std::collections::HashMap<(Entity, &'k str, Option<&'k str>), usize, BuildHasherDefault<Fnv>>;

/// FNV-1a: short keys, no random seed, so that every run takes the same path.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
