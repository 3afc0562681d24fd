//! Which of many texts stand in bytes, however many texts there are: of the bytes only a run every
//! few is looked at. Each text is known by runs at neighbouring places of it, so many that one of
//! them is looked at wherever the text begins.
//!
//! Limits: the shortest text says how far apart the looks are; one that is shorter than a run is
//! looked for by itself.

use std::collections::HashMap;

use memchr::memmem;

type Run = [u8; 4];

const RUN: usize = size_of::<Run>();
/// Looks that are farther apart save nothing: every line of memory is touched by then.
const FARTHEST: usize = 16;
/// The table of known runs stays in the processor's nearest memory.
const TABLE_BITS: u32 = 17;

pub struct Texts {
    all: Vec<Vec<u8>>,
    /// How far apart the looks are.
    step: usize,
    /// One bit for each hash of a run; several runs may share it.
    known: Vec<u64>,
    places: HashMap<Run, Vec<Place>>,
    short: Vec<usize>,
}

/// Where a run is.
struct Place {
    text: usize,
    from_start: usize,
}

impl Texts {
    pub fn new(all: Vec<Vec<u8>>) -> Self {
        let (long, short): (Vec<usize>, Vec<usize>) =
            (0..all.len()).partition(|at| all.get(*at).is_some_and(|text| text.len() >= RUN));
        let long = long.into_iter().filter_map(|at| Some((at, all.get(at)?.as_slice())));
        let long: Vec<(usize, &[u8])> = long.collect();
        let shortest = long.iter().map(|(_, text)| text.len()).min().unwrap_or(RUN);
        let step = (shortest - RUN + 1).min(FARTHEST);
        let mut places: HashMap<Run, Vec<Place>> = HashMap::new();
        let common = common(long.iter().map(|(_, text)| *text));
        for (text, bytes) in long {
            let first = rarest(bytes, step, &common);
            for (from_start, run) in runs(bytes).enumerate().skip(first).take(step) {
                places.entry(*run).or_default().push(Place { text, from_start });
            }
        }
        let mut known = vec![0; 1 << (TABLE_BITS - u64::BITS.ilog2())];
        for (word, bit) in places.keys().map(bit) {
            known.get_mut(word).into_iter().for_each(|word| *word |= bit);
        }
        Self { all, step, known, places, short }
    }

    pub fn longest(&self) -> usize {
        self.all.iter().map(Vec::len).max().unwrap_or_default()
    }

    /// Tells the number of each text that stands in the bytes, perhaps more than once.
    pub fn find(&self, bytes: &[u8], mut each: impl FnMut(usize)) {
        for (look, run) in runs(bytes).step_by(self.step).enumerate() {
            if self.may_be_known(run) {
                self.at(bytes, look * self.step, run, &mut each);
            }
        }
        let stands = |text: &Vec<u8>| memmem::find(bytes, text).is_some();
        let short = self.short.iter().filter(|at| self.all.get(**at).is_some_and(stands));
        short.for_each(|at| each(*at));
    }

    fn may_be_known(&self, run: &Run) -> bool {
        let (word, bit) = bit(run);
        self.known.get(word).is_some_and(|word| word & bit != 0)
    }

    fn at(&self, bytes: &[u8], at: usize, run: &Run, each: &mut impl FnMut(usize)) {
        for place in self.places.get(run).into_iter().flatten() {
            let from = at.checked_sub(place.from_start).and_then(|start| bytes.get(start..));
            let text = self.all.get(place.text);
            if from.zip(text).is_some_and(|(from, text)| from.starts_with(text)) {
                each(place.text);
            }
        }
    }
}

fn runs(bytes: &[u8]) -> impl Iterator<Item = &Run> {
    bytes.windows(RUN).filter_map(|window| window.first_chunk())
}

/// The word in the table and the bit in it.
fn bit(run: &Run) -> (usize, u64) {
    let hash = u32::from_le_bytes(*run).wrapping_mul(0x9e37_79b1) >> (32 - TABLE_BITS);
    ((hash / u64::BITS) as usize, 1 << (hash % u64::BITS))
}

/// How often each run is in the texts.
fn common<'a>(texts: impl Iterator<Item = &'a [u8]>) -> HashMap<Run, usize> {
    let mut common = HashMap::new();
    for run in texts.flat_map(runs) {
        *common.entry(*run).or_default() += 1;
    }
    common
}

/// Where in a text `step` runs begin that few other texts have. A run that is almost all zeros is
/// everywhere in programs.
fn rarest(text: &[u8], step: usize, common: &HashMap<Run, usize>) -> usize {
    let weight = |run: &Run| {
        let zeros = run.iter().filter(|byte| **byte == 0).count();
        common.get(run).copied().unwrap_or_default() + if zeros + 1 >= RUN { 1 << 20 } else { 0 }
    };
    let weights: Vec<usize> = runs(text).map(weight).collect();
    let all = weights.windows(step).map(|weights| weights.iter().sum::<usize>()).enumerate();
    all.min_by_key(|(_, weight)| *weight).map(|(first, _)| first).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn found(texts: &[&[u8]], bytes: &[u8]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let texts = Texts::new(texts.iter().map(|text| text.to_vec()).collect());
        texts.find(bytes, |at| _ = found.insert(at));
        found
    }

    #[test]
    fn a_text_is_found_wherever_it_begins() {
        let long = b"a remote-control product, version 7".as_slice();
        for texts in [[long, b"at least eight"], [long, b"five5"], [long, b"four"]] {
            for (number, text) in texts.iter().enumerate() {
                for before in 0..40 {
                    for after in [0, 1, 7] {
                        let bytes = [&vec![b'.'; before][..], *text, &vec![b'.'; after]].concat();
                        assert_eq!(found(&texts, &bytes), BTreeSet::from([number]), "{before}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_text_that_is_cut_or_has_another_byte_is_not_found() {
        let text = b"a product of one".as_slice();
        for at in 0..text.len() {
            let mut other = text.to_vec();
            other[at] ^= 1;
            assert_eq!(found(&[text], &other), BTreeSet::new(), "{at}");
            assert_eq!(found(&[text], &text[..at]), BTreeSet::new(), "{at}");
        }
    }

    #[test]
    fn texts_in_each_other_beside_each_other_and_equal_are_all_found() {
        let texts: [&[u8]; 6] =
            [b"one two three", b"e two thr", b"two three", b"no", b"no", b"wo t"];
        assert_eq!(found(&texts, b"one two threeno"), (0..6).collect());
        assert_eq!(found(&texts, b"on two thren"), BTreeSet::from([5]));
    }

    #[test]
    fn what_is_found_is_what_a_plain_search_finds() {
        let mut state = 7_u32;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"\0ab"[(state >> 16) as usize % 3]
        };
        let bytes: Vec<u8> = (0..3000).map(|_| letter()).collect();
        let texts: Vec<Vec<u8>> =
            (0..200).map(|at| (0..3 + at % 6).map(|_| letter()).collect()).collect();
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let plain = |text: &&[u8]| bytes.windows(text.len()).any(|window| window == *text);
        let stand: BTreeSet<usize> = (0..200).filter(|at| plain(&texts[*at])).collect();
        assert!((20..180).contains(&stand.len()), "{}", stand.len());
        assert_eq!(found(&texts, &bytes), stand);
        // The same without those that keep the looks near each other.
        let long: Vec<&[u8]> = texts.into_iter().filter(|text| text.len() > 6).collect();
        let stand: BTreeSet<usize> = (0..long.len()).filter(|at| plain(&long[*at])).collect();
        assert!(!stand.is_empty() && stand.len() < long.len());
        assert_eq!(found(&long, &bytes), stand);
    }

    #[test]
    fn without_texts_nothing_is_found() {
        assert_eq!(found(&[], b"anything"), BTreeSet::new());
        assert_eq!(found(&[b"text"], b""), BTreeSet::new());
    }
}
