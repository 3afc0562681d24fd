//! How much one medium may have found, walked and told of it, whatever it claims: files may share their blocks, volumes their place, and a
//! medium can be nothing but the smallest files there are.

use std::sync::atomic::{AtomicU64, Ordering};

use leaksweep_facts::{Problem, Reason};

use super::first::First;

#[derive(Debug)]
pub struct Allowance {
    pub named: Count,
    pub carved: First,
    pub texts: First,
    /// Bytes that are walked and told.
    pub bytes: Count,
    /// What names and pieces of finds take in memory.
    pub memory: Count,
    /// Of the walks of each form, by its number.
    purses: Vec<Purse>,
}

/// So often everything on a medium is walked and told: a file in a folder that a journal remembers too, inside another.
const TIMES: u64 = 64;
const LEAST: u64 = 1 << 30;

/// How much of a medium is stored anywhere, of what it claims.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    pub bytes: u64,
    /// So many of them are zeros, or lost: an image stores nothing for them, and may claim any number.
    pub empty: u64,
}

impl Stored {
    const MOST_EMPTY: u64 = 1 << 40;
    /// One file may lie on a large disk that is nearly empty.
    const MOST_EMPTY_OF_ONE: u64 = 16 << 40;

    /// What it counts for where all that is found of it is walked and told.
    pub fn of_all(self) -> u64 {
        self.counted(Self::MOST_EMPTY)
    }

    /// The most bytes that one find is read of.
    pub fn of_one(self) -> u64 {
        self.counted(Self::MOST_EMPTY_OF_ONE)
    }

    fn counted(self, most: u64) -> u64 {
        self.bytes.saturating_sub(self.empty).saturating_add(self.empty.min(most))
    }
}

impl Allowance {
    pub const MOST_NAMED: u64 = 100_000;
    pub const MOST_CARVED: usize = 100_000;
    pub const MOST_TEXTS: usize = 50_000;
    pub const MOST_MEMORY: u64 = 64 << 20;

    /// Of a medium that counts for so many bytes, and so many forms.
    pub fn of(medium: u64, formats: usize) -> Self {
        Self {
            named: Count::new(Self::MOST_NAMED),
            carved: First::new(Self::MOST_CARVED),
            texts: First::new(Self::MOST_TEXTS),
            bytes: Count::new(medium.saturating_mul(TIMES).max(LEAST)),
            memory: Count::new(Self::MOST_MEMORY),
            purses: (0..formats).map(|_| Purse::of(medium)).collect(),
        }
    }

    pub fn purse(&self, format: usize) -> Option<&Purse> {
        self.purses.get(format)
    }

    /// Keeps for so many volumes that come later an equal share of what is left: one that names without end hides nothing of them.
    pub fn share_with(&self, later: u64) {
        [&self.named, &self.memory].into_iter().for_each(|count| count.share_with(later));
    }

    /// What the volume that was read last had no room for.
    pub fn problems_of_volume(&self, volume: &str) -> impl Iterator<Item = Problem> {
        let told = [
            (&self.named, "files that it names are more than are kept"),
            (&self.memory, "names or lists of pieces are too long to be kept together"),
        ];
        let counted =
            told.into_iter().map(|(count, what)| (count.refused.swap(0, Ordering::Relaxed), what));
        counted.filter_map(move |(refused, what)| too_many(volume, refused, what))
    }

    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let counted = [
            (self.carved.refused(), "files that no file system names are more than are kept"),
            (self.texts.refused(), "texts are more than are kept"),
            (
                self.bytes.refused.load(Ordering::Relaxed),
                "times a file was not read: together they claim many times the medium",
            ),
        ];
        let walks = |what: fn(&Purse) -> &Count| {
            self.purses.iter().map(|purse| what(purse).refused.load(Ordering::Relaxed)).sum()
        };
        let walked = [
            (
                walks(|purse| &purse.wide),
                "places were looked at for 64 KiB alone: those before led too far",
            ),
            (walks(|purse| &purse.narrow), "places were not looked at: those before led too far"),
        ];
        counted
            .into_iter()
            .chain(walked)
            .filter_map(|(refused, what)| too_many("the medium", refused, what))
    }
}

fn too_many(subject: &str, refused: u64, what: &str) -> Option<Problem> {
    let detail = format!("{refused} {what}");
    (refused > 0).then(|| Problem::new("storage_artifacts", subject, Reason::TooLarge, detail))
}

/// Bytes that the walks of one form may read and not claim: first wherever they lead, then close by. A medium full of what leads nowhere
/// by one form hides nothing of another.
#[derive(Debug)]
pub struct Purse {
    wide: Count,
    narrow: Count,
}

/// All forms together need a tenth to a third of the bytes of real media.
const WALKS: u64 = 4;
const LEAST_WALKS: u64 = 512 << 20;
const NARROW: u64 = 64 * 1024;
/// What a walk costs in any case.
const WALK: u64 = 64;

impl Purse {
    fn of(medium: u64) -> Self {
        let bytes = medium.saturating_mul(WALKS).max(LEAST_WALKS);
        Self { wide: Count::new(bytes), narrow: Count::new(bytes) }
    }

    /// How far a walk may see; none where it may see nothing.
    pub fn reach(&self) -> Option<u64> {
        if !self.wide.refuses() {
            return Some(u64::MAX);
        }
        (!self.narrow.refuses()).then_some(NARROW)
    }

    pub fn spend(&self, reach: u64, bytes: u64) {
        let count = if reach == NARROW { &self.narrow } else { &self.wide };
        count.spend(bytes.saturating_add(WALK));
    }
}

#[derive(Debug)]
pub struct Count {
    left: AtomicU64,
    /// So much of it is for others that come later.
    shared: AtomicU64,
    refused: AtomicU64,
}

impl Count {
    fn new(left: u64) -> Self {
        Self { left: AtomicU64::new(left), shared: AtomicU64::new(0), refused: AtomicU64::new(0) }
    }

    fn share_with(&self, later: u64) {
        let left = self.left.load(Ordering::Relaxed);
        let own = left / later.saturating_add(1);
        self.shared.store(left - own, Ordering::Relaxed);
    }

    /// Takes what is left of so much.
    fn spend(&self, amount: u64) {
        let less = |left: u64| Some(left.saturating_sub(amount));
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// Whether nothing is left.
    fn refuses(&self) -> bool {
        let none = self.left.load(Ordering::Relaxed) == 0;
        self.refused.fetch_add(u64::from(none), Ordering::Relaxed);
        none
    }

    /// Whether so much is left; it is gone then.
    pub fn take(&self, amount: u64) -> bool {
        let taken = self.take_instead(amount);
        self.refused.fetch_add(u64::from(!taken), Ordering::Relaxed);
        taken
    }

    /// As [`Count::take`], where more was refused and counted just now.
    pub fn take_instead(&self, amount: u64) -> bool {
        let shared = self.shared.load(Ordering::Relaxed);
        let less = |left: u64| left.checked_sub(amount).filter(|left| *left >= shared);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_told() {
        let allowance = Allowance::of(1000, 2);
        assert!((0..Allowance::MOST_TEXTS as u64).all(|place| allowance.texts.take(place)));
        assert!(allowance.bytes.take(LEAST) && allowance.problems().next().is_none());
        let behind = u64::from(u32::MAX);
        assert!(!allowance.texts.take(behind) && !allowance.texts.take(behind + 1));
        assert!(!allowance.bytes.take(1));
        let told: Vec<String> = allowance.problems().map(|problem| problem.detail).collect();
        assert_eq!(told.len(), 2);
        let purse = allowance.purse(1).unwrap();
        for (reach, left) in [(u64::MAX, Some(NARROW)), (NARROW, None)] {
            assert_eq!(purse.reach(), Some(reach));
            purse.spend(reach, u64::MAX);
            assert_eq!(purse.reach(), left);
        }
        assert_eq!(allowance.purse(0).unwrap().reach(), Some(u64::MAX));
        assert_eq!(allowance.problems().count(), 4);
        assert!(
            told[0].starts_with("2 texts are more") && told[1].starts_with("1 times"),
            "{told:?}"
        );
    }

    #[test]
    fn what_an_image_claims_and_does_not_store_counts_only_so_far() {
        let of = |bytes, empty| {
            let stored = Stored { bytes, empty };
            (stored.of_all(), stored.of_one())
        };
        assert_eq!(of(1 << 40, 1 << 40), (1 << 40, 1 << 40));
        assert_eq!(of(8 << 40, 1 << 40), (8 << 40, 8 << 40));
        assert_eq!(of(8 << 40, 8 << 40), (1 << 40, 8 << 40));
        assert_eq!(of(1 << 62, (1 << 62) - 4096), ((1 << 40) + 4096, (16 << 40) + 4096));
        let allowance = Allowance::of(of(1 << 62, 1 << 62).0, 1);
        assert!(!allowance.bytes.take(1 << 50));
        let purse = allowance.purse(0).unwrap();
        purse.spend(u64::MAX, 1 << 50);
        assert_eq!(purse.reach(), Some(NARROW));
    }

    #[test]
    fn what_one_volume_leaves_is_for_the_later_ones() {
        let allowance = Allowance::of(1000, 0);
        let taken = |most: u64| (0..most).filter(|_| allowance.named.take(1)).count() as u64;
        let told = || allowance.problems_of_volume("partition 1").count();
        for (later, most, expected) in [(3, 200_000, 25_000), (2, 5, 5), (1, 200_000, 37_497)] {
            allowance.share_with(later);
            assert_eq!((taken(most), told()), (expected, usize::from(most > expected)));
        }
        allowance.share_with(0);
        assert_eq!((taken(200_000), told(), told()), (37_498, 1, 0));
    }
}
