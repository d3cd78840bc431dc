//! Maps and sets as sorted lists, for some thousand keys at most.
//!
//! A tree of the standard library weighs up to five kilobytes of WebAssembly for each type of key and value; a list does not.

use std::borrow::Borrow;

/// Values by their keys, in the keys' order.
#[derive(Clone, Debug)]
pub(crate) struct SortedMap<K, V>(Vec<(K, V)>);

impl<K: Ord, V> SortedMap<K, V> {
    /// An empty one.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a key.
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Puts a value under a key, and answers the one that was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => {
                let (_, there) = self.0.get_mut(place)?;
                Some(std::mem::replace(there, value))
            }
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes a key and its value out.
    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// The keys and values, in order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// The values, in the order of their keys.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        // Keys mostly come in their order.
        match self.0.last() {
            Some((last, _)) if last.borrow() < key => Err(self.0.len()),
            _ => self
                .0
                .binary_search_by(|(known, _)| known.borrow().cmp(key)),
        }
    }
}

impl<K: Ord, V: Default> SortedMap<K, V> {
    /// Changes the value of a key, a new one where there is none.
    pub(crate) fn update(&mut self, key: K, change: impl FnOnce(&mut V)) {
        let place = match self.place(&key) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (key, V::default()));
                place
            }
        };
        if let Some((_, value)) = self.0.get_mut(place) {
            change(value);
        }
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Keys alone, in order.
pub(crate) type SortedSet<T> = SortedMap<T, ()>;

impl<T: Ord> SortedSet<T> {
    /// Adds a key, and says whether it is new.
    pub(crate) fn add(&mut self, key: T) -> bool {
        self.insert(key, ()).is_none()
    }

    /// Whether a key is there.
    pub(crate) fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.get(key).is_some()
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(keys: I) -> Self {
        let mut set = Self::new();
        for key in keys {
            set.add(key);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_whatever_their_order() {
        let mut map = SortedMap::new();
        for (place, key) in ["b", "d", "a", "c", "b"].into_iter().enumerate() {
            let before = map.insert(key, place);
            assert_eq!(before, (place == 4).then_some(0));
        }
        assert_eq!(
            map.iter().collect::<Vec<_>>(),
            [&("a", 2), &("b", 4), &("c", 3), &("d", 1)]
        );
        assert_eq!((map.get("c"), map.get("e")), (Some(&3), None));
        assert_eq!(
            (map.remove("c"), map.remove("c"), map.len()),
            (Some(3), None, 3)
        );
        map.update("e", |place| *place += 7);
        map.update("e", |place| *place += 1);
        assert_eq!(map.get("e"), Some(&8));
        let set: SortedSet<_> = [3, 1, 3].into_iter().collect();
        assert!(set.contains(&1) && !set.contains(&2));
        assert_eq!(set.into_iter().collect::<Vec<_>>(), [(1, ()), (3, ())]);
    }
}
