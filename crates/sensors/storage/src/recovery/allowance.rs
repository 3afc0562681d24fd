//! How much one medium may have found, walked and told of it, whatever it claims: files may share their blocks, volumes their place, and a
//! medium can be nothing but the smallest files there are.

use std::sync::atomic::{AtomicU64, Ordering};

use leaksweep_facts::{Problem, Reason};

#[derive(Debug)]
pub struct Allowance {
    pub named: Count,
    pub carved: Count,
    pub texts: Count,
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

impl Allowance {
    pub const MOST_NAMED: u64 = 100_000;
    pub const MOST_CARVED: u64 = 100_000;
    pub const MOST_TEXTS: u64 = 50_000;
    pub const MOST_MEMORY: u64 = 64 << 20;

    /// Of a medium of so many bytes, and so many forms.
    pub fn of(medium: u64, formats: usize) -> Self {
        Self {
            named: Count::new(Self::MOST_NAMED),
            carved: Count::new(Self::MOST_CARVED),
            texts: Count::new(Self::MOST_TEXTS),
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
        let told = [
            (&self.carved, "files that no file system names are more than are kept"),
            (&self.texts, "texts are more than are kept"),
            (&self.bytes, "times a file was not read: together they claim many times the medium"),
        ];
        let counted =
            told.into_iter().map(|(count, what)| (count.refused.load(Ordering::Relaxed), what));
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
        Self {
            left: AtomicU64::new(left),
            shared: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
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
        assert!((0..Allowance::MOST_TEXTS).all(|_| allowance.texts.take(1)));
        assert!(allowance.bytes.take(LEAST) && allowance.problems().next().is_none());
        assert!(!allowance.texts.take(1) && !allowance.texts.take(1) && !allowance.bytes.take(1));
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
