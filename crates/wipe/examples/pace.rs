//! How fast a loop device is overwritten, read back and remembered, for `bench/wipe`: a line `NAME SECONDS PROCESSOR-SECONDS` for each.
//! Destroys what is on the device; nothing but a loop device is taken.
//!
//! Usage: pace /dev/loopN [NAME …]

use std::{
    env,
    error::Error,
    io::Write,
    os::unix::fs::MetadataExt,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use leaksweep_wipe::{
    Pulse,
    device::Device,
    manifest::{Making, Manifest, Of, Search},
    medium::{self, Medium},
    overwrite::{Filling, State, Writing},
    readback::{Expected, Reading},
};

type Done<T> = Result<T, Box<dyn Error>>;

const ALL: [&str; 8] = [
    "overwrite",
    "read-back",
    "manifest-of-chance",
    "read-back-chance",
    "differential-chance",
    "differential-terabyte",
    "overwrite-again",
    "differential-zeros",
];
const KEY: [u8; 32] = [7; 32];
/// Of 64 KiB each in a terabyte.
const BLOCKS: usize = 15_258_790;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pace: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Done<()> {
    let mut arguments = env::args().skip(1);
    let device = arguments.next().ok_or("name a loop device")?;
    let named: Vec<String> = arguments.collect();
    if !device.starts_with("/dev/loop") {
        return Err("only a loop device is taken".into());
    }
    let path = Path::new(&device);
    let medium = medium::open_block(path, std::fs::metadata(path)?.rdev(), 512)?;
    let mut out = std::io::stdout();
    let mut bench = Bench { medium, manifest: None, terabyte: None };
    for name in ALL {
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            bench.before(name)?;
            let (before, used) = (Instant::now(), processor()?);
            bench.step(name)?;
            let (elapsed, used) = (before.elapsed().as_secs_f64(), processor()? - used);
            writeln!(out, "{name} {elapsed:.3} {used:.2}")?;
        }
    }
    let manifest = bench.manifest.map_or(0, |manifest| manifest.sealed().0.len());
    Ok(writeln!(out, "manifest-bytes {manifest}")?)
}

/// Seconds of all threads, in the program and in the kernel, by the kernel's hundredths.
fn processor() -> Done<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Result<Vec<f64>, _> = fields.skip(11).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / 100.0)
}

struct Bench {
    medium: Medium,
    manifest: Option<Manifest>,
    /// For chance. What it takes to make it is not timed: of a terabyte it is nothing.
    terabyte: Option<Search<'static>>,
}

impl Bench {
    fn step(&mut self, name: &str) -> Done<()> {
        let zeros = Expected::Filling(Filling::Pattern(vec![0]), "zeros".into());
        match name {
            "overwrite" | "overwrite-again" => self.write(&Filling::Pattern(vec![0])),
            "read-back" => self.read(&zeros, None),
            "read-back-chance" => self.read(&Expected::Anything, None),
            "differential-chance" => self.read(&Expected::Anything, Some(&self.search()?)),
            "differential-terabyte" => self.read(&Expected::Anything, self.terabyte.as_ref()),
            "differential-zeros" => self.read(&zeros, Some(&self.search()?)),
            _ => self.remember(),
        }
    }

    /// What a step needs, untimed: chance on the medium, and other chance than the manifest knows.
    fn before(&mut self, name: &str) -> Done<()> {
        match name {
            "differential-terabyte" => self.remember_a_terabyte(),
            "manifest-of-chance" => self.write(&Filling::Stream(KEY)),
            "read-back-chance" => self.write(&Filling::Stream([9; 32])),
            _ => Ok(()),
        }
    }

    fn write(&self, filling: &Filling) -> Done<()> {
        let every = Duration::from_secs(5);
        let writing = Writing { device: &self.medium, filling, pulse: &Pulse::default(), every };
        let state = writing.run(State::default(), &mut |_| Ok(()))?;
        if state.bad.is_empty() { Ok(()) } else { Err("bad sectors".into()) }
    }

    fn manifest(&self) -> Done<&Manifest> {
        self.manifest.as_ref().ok_or_else(|| "the manifest comes before what needs it".into())
    }

    fn search(&self) -> Done<Search<'_>> {
        Ok(Search::new(self.manifest()?))
    }

    fn read(&self, expected: &Expected, search: Option<&Search<'_>>) -> Done<()> {
        let device = &self.medium;
        let pulse = &Pulse::default();
        let state = Reading { device, expected, search, teller: &(), pulse }.run()?;
        match (state.left.count, state.survivors) {
            (0, 0) => Ok(()),
            found => Err(format!("{found:?} is left over").into()),
        }
    }

    fn remember(&mut self) -> Done<()> {
        let of = Of { identity: [0; 32], bytes: self.medium.bytes() };
        let making = Making { device: &self.medium, pulse: &Pulse::default(), key: KEY };
        self.manifest = Some(making.run(of, 0)?.0);
        Ok(())
    }

    /// A manifest's file of so many digests, made by hand: what is read of a terabyte takes too long.
    fn remember_a_terabyte(&mut self) -> Done<()> {
        let (small, _) = self.manifest()?.sealed();
        let mut chance = vec![0; BLOCKS * 8];
        Filling::Stream([3; 32]).fill(0, &mut chance);
        let words = chance.as_chunks::<8>().0;
        let mut digests: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        digests.sort_unstable();
        digests.dedup();
        let mut file = small.get(..120).ok_or("no head")?.to_vec();
        file.extend((digests.len() as u64).to_le_bytes());
        file.extend([0; 8]);
        digests.iter().for_each(|digest| file.extend(digest.to_le_bytes()));
        let root = blake3::hash(&file);
        file.extend(root.as_bytes());
        let manifest = Box::leak(Box::new(Manifest::parse(&file)?));
        self.terabyte = Some(Search::new(manifest));
        Ok(())
    }
}
