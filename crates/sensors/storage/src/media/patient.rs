//! Reads one file or device around places that cannot be read.
//!
//! A failed read is tried again in smaller steps, down to one sector. Behind eight bad sectors in a row the steps grow, so that
//! a medium without any readable place ends soon; where reading works again, the edge is looked for by halving. What
//! was stepped over counts as lost until [`Layer::again`] has tried it sector by sector. A place that is known to be lost is not
//! tried twice.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{files, layer::Layer, places::Places};
use crate::{Gap, Run};

/// What is read at a place: a file, or in tests one that fails.
pub trait Source: Send + Sync {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;
}

impl Source for File {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        FileExt::read_at(self, into, at)
    }
}

/// Steps do not grow beyond this before [`PATIENCE`] is used up.
const LONGEST_STEP: u64 = 16 << 20;
/// The time that failing reads may take before steps grow without a limit.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bad sectors in a row before steps grow.
const IN_A_ROW: u64 = 8;
/// The most stretches of data between holes that are remembered.
const MOST_DATA: usize = 65_536;

pub struct Patient<S> {
    source: S,
    len: u64,
    sector: u64,
    /// What is stored, in order; none where holes are not told apart.
    data: Option<Vec<Run>>,
    any_lost: AtomicBool,
    shrank: AtomicBool,
    /// Nanoseconds that failed reads took.
    failing: AtomicU64,
    lost: Mutex<Lost>,
    /// Held by the thread that looks for the end of a bad place.
    around: Mutex<()>,
}

#[derive(Default)]
struct Lost {
    places: Places,
    /// Those that were stepped over.
    untried: Places,
}

impl Patient<File> {
    /// A plain file, with its holes.
    pub fn file(file: File, len: u64) -> Self {
        let data = files::data(&file, len, MOST_DATA);
        Self { data, ..Self::new(file, len, 512) }
    }
}

impl<S: Source> Patient<S> {
    pub fn new(source: S, len: u64, sector: u64) -> Self {
        Self {
            source,
            len,
            sector: sector.clamp(512, 65_536),
            data: None,
            any_lost: AtomicBool::new(false),
            shrank: AtomicBool::new(false),
            failing: AtomicU64::new(0),
            lost: Mutex::default(),
            around: Mutex::default(),
        }
    }

    pub fn with_data(self, data: Option<Vec<Run>>) -> Self {
        Self { data, ..self }
    }

    pub fn source(&self) -> &S {
        &self.source
    }

    fn lost(&self) -> MutexGuard<'_, Lost> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next stretch of data that does not end before `at`.
    fn data_from(&self, at: u64) -> Option<Run> {
        let data = self.data.as_ref()?;
        let next = data.partition_point(|run| run.end() <= at);
        Some(data.get(next).copied().unwrap_or(Run::new(self.len, 0)))
    }

    fn try_read(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let began = Instant::now();
        loop {
            match self.source.read_at(at, into) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let took = began.elapsed().as_nanos() as u64;
                    self.failing.fetch_add(took, Ordering::Relaxed);
                    return Err(error);
                }
                read => return read,
            }
        }
    }

    /// Whether the sector at `at` can be read, and its bytes.
    fn sector(&self, at: u64, into: &mut [u8]) -> bool {
        let wanted = self.sector.min(self.len - at.min(self.len)) as usize;
        let into = &mut into[..wanted];
        let mut done = 0;
        while done < wanted {
            match self.try_read(at + done as u64, &mut into[done..]) {
                Ok(0) | Err(_) => return false,
                Ok(read) => done += read,
            }
        }
        true
    }

    fn lose(&self, run: Run, untried: &[Run]) {
        let mut lost = self.lost();
        lost.places.add(run);
        for run in untried {
            lost.untried.add(*run);
        }
        self.any_lost.store(true, Ordering::Release);
    }

    /// The known lost place that covers `at` or comes next.
    fn next_lost(&self, at: u64) -> Option<Run> {
        match self.any_lost.load(Ordering::Acquire) {
            true => self.lost().places.next(at),
            false => None,
        }
    }

    fn longest_step(&self) -> u64 {
        let failing = Duration::from_nanos(self.failing.load(Ordering::Relaxed));
        if failing < PATIENCE { LONGEST_STEP } else { u64::MAX / 2 }
    }

    /// Finds out how far the bad place at the sector `first` goes, and remembers it.
    fn measure(&self, first: u64) {
        let mut bytes = vec![0; self.sector as usize];
        let mut untried: Vec<Run> = Vec::new();
        // Every place before `bad` is lost; `step` is stepped over before the next look.
        let (mut bad, mut step, mut row) = (first.saturating_add(self.sector), 0, 1);
        let last = self.len.saturating_sub(1) / self.sector * self.sector;
        let good = loop {
            if bad > last {
                break self.len;
            }
            let look = (bad.saturating_add(step) / self.sector * self.sector).min(last);
            if self.sector(look, &mut bytes) {
                break self.edge(bad, look, &mut untried, &mut bytes);
            }
            if look > bad {
                untried.push(Run::new(bad, look - bad));
            }
            bad = look.saturating_add(self.sector);
            row += 1;
            if row >= IN_A_ROW {
                step = (step * 2).clamp(self.sector * 8, self.longest_step());
            }
        };
        let good = good.min(self.len);
        untried.retain(|run| run.bytes > 0);
        self.lose(Run::new(first, good.saturating_sub(first)), &untried);
    }

    /// The first sector that can be read between a bad one's end and a good one, if bad and good are one stretch each.
    fn edge(&self, bad: u64, good: u64, untried: &mut Vec<Run>, bytes: &mut [u8]) -> u64 {
        let (mut bad, mut good) = (bad, good);
        while good > bad {
            let middle = bad + (good - bad) / self.sector / 2 * self.sector;
            if self.sector(middle, bytes) {
                good = middle;
            } else {
                untried.push(Run::new(bad, middle - bad));
                bad = middle.saturating_add(self.sector);
            }
        }
        good
    }

    /// Reads in ever smaller steps from where a read failed; how many bytes are filled or found lost then.
    fn around(&self, at: u64, into: &mut [u8]) -> usize {
        let _alone = self.around.lock().unwrap_or_else(PoisonError::into_inner);
        if self.next_lost(at).is_some_and(|run| run.start <= at) {
            return 0;
        }
        let mut count = into.len() as u64 / 8;
        while count > self.sector {
            if let Ok(read @ 1..) = self.try_read(at, &mut into[..count as usize]) {
                return read;
            }
            count /= 8;
        }
        let first = at / self.sector * self.sector;
        let mut bytes = vec![0; self.sector as usize];
        if !self.sector(first, &mut bytes) {
            self.measure(first);
            return 0;
        }
        let wanted = &bytes[(at - first) as usize..];
        let count = wanted.len().min(into.len());
        into[..count].copy_from_slice(&wanted[..count]);
        count
    }

    /// Fills some of `into`, at least one byte, or finds a place lost.
    fn step(&self, at: u64, into: &mut [u8]) -> usize {
        match self.try_read(at, into) {
            Ok(0) => {
                self.shrank.store(true, Ordering::Relaxed);
                self.lose(Run::new(at, self.len.saturating_sub(at)), &[]);
                0
            }
            Ok(read) => read,
            Err(_) => self.around(at, into),
        }
    }
}

impl<S: Source> Layer for Patient<S> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let mut done = 0;
        while done < into.len() {
            let place = at.saturating_add(done as u64);
            let left = into.len() - done;
            let most = |until: u64| usize::try_from(until - place).unwrap_or(left).min(left);
            let mut count = left;
            if let Some(data) = self.data_from(place) {
                if data.start > place || data.bytes == 0 {
                    let hole = if data.bytes == 0 { left } else { most(data.start) };
                    into[done..done + hole].fill(0);
                    done += hole;
                    continue;
                }
                count = most(data.end());
            }
            match self.next_lost(place) {
                Some(run) if run.start <= place => {
                    count = most(run.end());
                    into[done..done + count].fill(0);
                    lost(Run::new(place, count as u64));
                    done += count;
                }
                Some(run) => {
                    count = count.min(most(run.start));
                    done += self.step(place, &mut into[done..done + count]);
                }
                None => done += self.step(place, &mut into[done..done + count]),
            }
        }
    }

    fn gap(&self, at: u64, _until: u64) -> Option<Gap> {
        if let Some(run) = self.next_lost(at).filter(|run| run.start <= at) {
            return Some(Gap::lost(run.end()));
        }
        let data = self.data_from(at)?;
        (data.start > at && at < self.len).then(|| Gap::zeros(data.start))
    }

    fn again(&self, until: Instant, gained: &mut dyn FnMut(Run)) {
        let runs = self.lost().untried.runs();
        let mut bytes = vec![0; self.sector.max(65_536) as usize];
        for run in runs {
            let mut at = run.start;
            while at < run.end() {
                if Instant::now() >= until {
                    return;
                }
                let left = (run.end() - at).min(bytes.len() as u64);
                let count = self.largest(at, left, &mut bytes);
                let tried = Run::new(at, count.unwrap_or(self.sector).min(left));
                let mut lost = self.lost();
                lost.untried.remove(tried);
                if count.is_some() {
                    lost.places.remove(tried);
                    drop(lost);
                    gained(tried);
                }
                at = tried.end();
            }
        }
    }

    fn faults(&self) -> Vec<String> {
        let shrank = self.shrank.load(Ordering::Relaxed);
        shrank.then(|| "it became shorter while it was read".to_owned()).into_iter().collect()
    }
}

impl<S: Source> Patient<S> {
    /// How many bytes can be read from `at` on in one go, of at most `most`; none where not even one sector can.
    fn largest(&self, at: u64, most: u64, bytes: &mut [u8]) -> Option<u64> {
        let mut count = most;
        loop {
            if let Ok(read @ 1..) = self.try_read(at, &mut bytes[..count as usize]) {
                return Some(read as u64);
            }
            if count <= self.sector {
                return None;
            }
            count = (count / 8).max(self.sector);
        }
    }
}

#[cfg(test)]
mod tests;
