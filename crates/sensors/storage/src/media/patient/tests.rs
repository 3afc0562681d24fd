use std::sync::atomic::AtomicUsize;

use super::*;

/// A disk whose sectors of 512 bytes hold their number, but for those that are bad.
struct Faulty {
    len: u64,
    bad: Box<dyn Fn(u64) -> bool + Send + Sync>,
    healed: AtomicBool,
    reads: AtomicUsize,
    /// Whether a read that meets a bad sector gives what stands before it.
    partly: bool,
}

impl Faulty {
    fn new(sectors: u64, bad: impl Fn(u64) -> bool + Send + Sync + 'static) -> Self {
        let (healed, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
        Self { len: sectors * 512, bad: Box::new(bad), healed, reads, partly: true }
    }
}

fn byte(at: u64) -> u8 {
    (at / 512 % 251) as u8 + 1
}

impl Source for Faulty {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let count = (into.len() as u64).min(self.len.saturating_sub(at));
        for done in 0..count {
            let place = at + done;
            if (self.bad)(place / 512) && !self.healed.load(Ordering::Relaxed) {
                let error = io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error());
                let told = self.partly && done > 0;
                return if told { Ok(done as usize) } else { Err(error) };
            }
            into[done as usize] = byte(place);
        }
        Ok(count as usize)
    }
}

fn read_all(patient: &Patient<Faulty>, step: usize) -> (Vec<u8>, Vec<Run>) {
    let mut bytes = vec![0xEE; patient.len() as usize];
    let mut lost = Places::default();
    for (at, piece) in bytes.chunks_mut(step).enumerate() {
        patient.read((at * step) as u64, piece, &mut |run| lost.add(run));
    }
    (bytes, lost.runs())
}

fn expected(sectors: u64, bad: impl Fn(u64) -> bool) -> Vec<u8> {
    (0..sectors * 512).map(|at| if bad(at / 512) { 0 } else { byte(at) }).collect()
}

#[test]
fn single_bad_sectors_cost_only_themselves() {
    let bad = |sector| matches!(sector, 0 | 77 | 78 | 300 | 999);
    for (step, partly) in [(1 << 20, true), (1 << 20, false), (4096, true), (700, false)] {
        let faulty = Faulty { partly, ..Faulty::new(1000, bad) };
        let patient = Patient::new(faulty, 512_000, 512);
        let (bytes, lost) = read_all(&patient, step);
        assert!(bytes == expected(1000, bad), "{step} {partly}");
        let places = [(0, 1), (77, 2), (300, 1), (999, 1)];
        assert_eq!(lost, places.map(|(at, count)| Run::new(at * 512, count * 512)), "{step}");
        let reads = patient.source.reads.load(Ordering::Relaxed);
        let (again, _) = read_all(&patient, step);
        let second = patient.source.reads.load(Ordering::Relaxed) - reads;
        assert!(again == bytes && second <= 512_000 / step + 6, "{second}");
    }
}

#[test]
fn a_long_bad_stretch_is_stepped_over_and_its_edges_are_exact() {
    let bad = |sector| (1000..150_000).contains(&sector);
    let patient = Patient::new(Faulty::new(160_000, bad), 160_000 * 512, 512);
    let (bytes, lost) = read_all(&patient, 1 << 20);
    assert_eq!(lost, [Run::new(1000 * 512, 149_000 * 512)]);
    assert!(bytes == expected(160_000, bad));
    let reads = patient.source.reads.load(Ordering::Relaxed);
    assert!(reads < 200, "{reads}");
}

#[test]
fn a_medium_without_any_readable_place_ends_soon() {
    let patient = Patient::new(Faulty::new(1 << 31, |_| true), 1 << 40, 512);
    let mut lost = Places::default();
    let mut bytes = vec![7; 1 << 16];
    for at in [0, 1 << 20, (1 << 40) - (1 << 16)] {
        patient.read(at, &mut bytes, &mut |run| lost.add(run));
        assert!(bytes.iter().all(|byte| *byte == 0));
    }
    assert_eq!(lost.bytes(), 3 << 16);
    let reads = patient.source.reads.load(Ordering::Relaxed);
    assert!(reads < 70_000, "{reads}");
}

#[test]
fn what_was_stepped_over_is_tried_again_on_demand() {
    // Every other sector: stepping loses good ones between.
    let bad = |sector: u64| (100..1100).contains(&sector) && sector % 2 == 1;
    let dense = move |sector: u64| bad(sector) || (100..120).contains(&sector);
    let patient = Patient::new(Faulty::new(1200, dense), 1200 * 512, 512);
    let (_, before) = read_all(&patient, 1 << 20);
    let mut gained = 0;
    let until = Instant::now() + Duration::from_secs(20);
    patient.again(until, &mut |run| gained += run.bytes);
    let (bytes, after) = read_all(&patient, 1 << 20);
    assert!(bytes == expected(1200, dense));
    let total = |runs: &[Run]| runs.iter().map(|run| run.bytes).sum::<u64>();
    assert_eq!(total(&before) - gained, total(&after));
    assert_eq!(total(&after), 510 * 512);
    // What was tried sector by sector is not tried again.
    let reads = patient.source.reads.load(Ordering::Relaxed);
    patient.again(until, &mut |_| panic!("nothing is left"));
    assert_eq!(patient.source.reads.load(Ordering::Relaxed), reads);
}

#[test]
fn an_image_that_shrinks_is_lost_from_there_on_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image");
    std::fs::write(&path, vec![5; 100_000]).unwrap();
    let patient = Patient::file(files::named(&path).unwrap(), 100_000);
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(30_000).unwrap();
    let mut bytes = vec![9; 100_000];
    let mut lost = Vec::new();
    patient.read(0, &mut bytes, &mut |run| lost.push(run));
    assert!(bytes[..30_000] == [5; 30_000] && bytes[30_000..] == [0; 70_000]);
    assert_eq!(lost, [Run::new(30_000, 70_000)]);
    assert_eq!(patient.faults().len(), 1);
}

#[test]
fn holes_are_known_without_reading() {
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("image")).unwrap();
    file.set_len(64 << 20).unwrap();
    file.write_all_at(&[1; 4096], 8 << 20).unwrap();
    file.write_all_at(&[2; 4096], 40 << 20).unwrap();
    let file = files::named(&folder.path().join("image")).unwrap();
    let patient = Patient::file(file, 64 << 20);
    assert_eq!(patient.gap(0, u64::MAX), Some(Gap::zeros(8 << 20)));
    assert_eq!(patient.gap(5 << 20, u64::MAX), Some(Gap::zeros(8 << 20)));
    assert_eq!(patient.gap(8 << 20, u64::MAX), None);
    assert_eq!(patient.gap((8 << 20) + 4096, u64::MAX), Some(Gap::zeros(40 << 20)));
    assert_eq!(patient.gap((40 << 20) + 4096, u64::MAX), Some(Gap::zeros(64 << 20)));
    assert_eq!(patient.gap(64 << 20, u64::MAX), None);
    let mut bytes = vec![9; 16384];
    patient.read((8 << 20) - 4096, &mut bytes, &mut |_| panic!("nothing is lost"));
    assert!(bytes[..4096] == [0; 4096] && bytes[4096..8192] == [1; 4096]);
    assert!(bytes[8192..] == [0; 8192]);
}
