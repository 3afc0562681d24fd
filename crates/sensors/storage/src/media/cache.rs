//! Pieces of an image that were unpacked a moment ago, a bounded number of bytes of them.

use std::sync::{Arc, Mutex, PoisonError};

const MOST_SHARDS: usize = 8;
/// The most bytes of all pieces together, or one piece where that is larger.
const MOST: usize = 8 << 20;

/// Pieces by their keys, the last used first.
type Shard = Vec<(u64, Arc<[u8]>)>;

pub struct Cache {
    shards: Vec<Mutex<Shard>>,
    each: usize,
}

impl Cache {
    /// For pieces of at most `size` bytes.
    pub fn new(size: usize) -> Self {
        let all = MOST / size.max(1);
        let shards = all.clamp(1, MOST_SHARDS);
        let each = (all / shards).clamp(1, 64);
        Self { shards: (0..shards).map(|_| Mutex::default()).collect(), each }
    }

    /// The piece, made where it is not held; none where it cannot be made.
    pub fn get(&self, key: u64, make: impl FnOnce() -> Option<Vec<u8>>) -> Option<Arc<[u8]>> {
        let shard = &self.shards[(key % self.shards.len() as u64) as usize];
        let lock = || shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = Self::held(&mut lock(), key) {
            return Some(held);
        }
        let made: Arc<[u8]> = make()?.into();
        let mut pieces = lock();
        pieces.truncate(self.each - 1);
        pieces.insert(0, (key, Arc::clone(&made)));
        Some(made)
    }

    fn held(pieces: &mut [(u64, Arc<[u8]>)], key: u64) -> Option<Arc<[u8]>> {
        let at = pieces.iter().position(|(held, _)| *held == key)?;
        pieces[..=at].rotate_right(1);
        Some(Arc::clone(&pieces[0].1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_used_pieces_are_held() {
        let cache = Cache::new(MOST / MOST_SHARDS / 2);
        let mut made = 0;
        for key in [0, 8, 0, 16, 0, 8, 1, 0] {
            let piece = cache.get(key, || {
                made += 1;
                Some(vec![key as u8])
            });
            assert_eq!(piece.as_deref(), Some(&[key as u8][..]));
        }
        assert_eq!(made, 5, "0, 8, 16, 8 again and 1");
        assert!(cache.get(99, || None).is_none());
    }
}
