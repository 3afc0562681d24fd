use std::{io, sync::Arc, time::Duration};

use leaksweep_facts::certificate::{Certificate, Level, Outcome};
use leaksweep_wipe::{
    device::{Answer, Command, CommandError, Device, Emptying},
    medium::Medium,
    method::Failure,
    run::RunError,
};

use crate::{
    attached::Loop,
    served::{Disk, Faults, Served},
    wiping::{Wiping, left, noise},
};

const BYTES: usize = (1 << 20) + 5 * 512;

/// The machine has the power of its disk: without it nothing answers.
struct Wired {
    medium: Medium,
    disk: Arc<Disk>,
}

impl Wired {
    fn power(&self) -> io::Result<()> {
        if self.disk.is_off() { Err(io::Error::from_raw_os_error(19)) } else { Ok(()) }
    }
}

impl Device for Wired {
    fn bytes(&self) -> u64 {
        self.medium.bytes()
    }

    fn sector(&self) -> u32 {
        self.medium.sector()
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let read = self.medium.read_at(at, into);
        self.power().and(read)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        let written = self.medium.write_at(at, bytes);
        self.power().and(written)
    }

    fn flush(&self) -> io::Result<()> {
        let flushed = self.medium.flush();
        self.power().and(flushed)
    }

    fn empty(&self, how: Emptying, at: u64, bytes: u64) -> io::Result<()> {
        let emptied = self.medium.empty(how, at, bytes);
        self.power().and(emptied)
    }

    fn command(&self, command: &mut Command<'_>) -> Result<Answer, CommandError> {
        self.medium.command(command)
    }

    fn resize(&mut self) -> io::Result<()> {
        self.medium.resize()
    }

    fn wait(&self, how_long: Duration) {
        self.medium.wait(how_long);
    }
}

enum Ended {
    Skipped,
    /// The power went; what is left of the content.
    Off(Vec<u8>),
    Certified(Box<Certificate>, Vec<u8>),
}

/// One run on a device that is made for it; `wired` ends it with the power.
fn attempt(wiping: &Wiping, content: Vec<u8>, faults: Faults, wired: bool) -> Ended {
    let Some(served) = Served::new(content, faults) else { return Ended::Skipped };
    let Some(device) = Loop::over(&served.file(), &["--direct-io=on"]) else {
        return Ended::Skipped;
    };
    let mut medium = device.open().unwrap();
    let result = match wired {
        true => {
            let mut wired = Wired { medium, disk: Arc::clone(&served.disk) };
            wiping.run(&mut wired)
        }
        false => wiping.run(&mut medium),
    };
    match result {
        Ok(certificate) => Ended::Certified(Box::new(certificate), served.disk.seen()),
        Err(RunError::Failure(Failure::Gone)) => Ended::Off(served.disk.lasting()),
        Err(other) => panic!("{other}"),
    }
}

/// What is certified holds of what the file system has.
fn check(certificate: &Certificate, left: &[usize], seed: u64) {
    let told = || format!("seed {seed}, {} sectors left: {certificate:#?}", left.len());
    match certificate.result {
        Outcome::Failed => assert_eq!(certificate.level, Level::None, "{}", told()),
        _ => assert!(left.is_empty() && certificate.level == Level::Clear, "{}", told()),
    }
}

#[test]
fn a_sound_device_over_a_served_file_is_wiped() {
    let old = noise(9, BYTES);
    for method in ["overwrite", "kernel-zero-out"] {
        let wiping = Wiping::new("zero", true, Some(method));
        match attempt(&wiping, old.clone(), Faults::default(), false) {
            Ended::Skipped => return,
            Ended::Off(_) => panic!("nothing ends it"),
            Ended::Certified(certificate, now) => {
                assert_eq!(certificate.result, Outcome::Wiped, "{certificate:#?}");
                assert!(now.iter().all(|byte| *byte == 0));
            }
        }
    }
}

#[test]
fn no_fault_of_a_real_device_makes_a_result_better_than_it_is() {
    let (mut wiped, mut failed) = (0, 0);
    for seed in 0..48_u64 {
        let some = |bit: u64, most: u64| if seed >> bit & 1 == 1 { 1 + seed * 7 % most } else { 0 };
        let faults = Faults {
            seed,
            short: some(0, 200),
            error: some(1, 60),
            dropped: some(2, 60),
            bad: some(3, 20),
            ends: (seed % 8 == 7).then_some(seed / 2),
        };
        let sound = faults.short + faults.error + faults.dropped + faults.bad == 0;
        let wiping =
            Wiping::new(["zero", "random", "ff,00"][seed as usize % 3], seed % 2 == 0, None);
        let old = noise(seed, BYTES);
        match attempt(&wiping, old.clone(), faults.clone(), false) {
            Ended::Skipped => return,
            Ended::Off(_) => failed += 1,
            Ended::Certified(certificate, now) => {
                check(&certificate, &left(&old, &now), seed);
                let well = certificate.result != Outcome::Failed;
                assert!(well || !sound || faults.ends.is_some(), "{seed}: {certificate:#?}");
                if well { wiped += 1 } else { failed += 1 }
            }
        }
    }
    assert!(wiped > 8 && failed > 8, "{wiped} wiped, {failed} failed");
}

#[test]
fn a_device_that_vanishes_is_never_wiped() {
    for ends in [0, 1, 5, 16, 20] {
        let wiping = Wiping::new("ff,00", false, None);
        let old = noise(ends, BYTES);
        let faults = Faults { ends: Some(ends), ..Faults::default() };
        match attempt(&wiping, old, faults, false) {
            Ended::Skipped => return,
            Ended::Off(_) => {}
            Ended::Certified(certificate, _) => {
                let told = (certificate.result, certificate.level);
                assert_eq!(told, (Outcome::Failed, Level::None), "{ends}");
            }
        }
    }
}

#[test]
fn a_power_cut_at_any_write_is_survived() {
    let mut cuts = 0;
    for ends in 0..40 {
        let wiping = Wiping::new("ff,00", true, Some("overwrite"));
        let old = noise(ends, BYTES);
        let faults = Faults { ends: Some(ends), ..Faults::default() };
        let mut ended = attempt(&wiping, old.clone(), faults, true);
        if let Ended::Off(lasting) = ended {
            cuts += 1;
            ended = attempt(&wiping, lasting, Faults::default(), true);
        }
        match ended {
            Ended::Skipped => return,
            Ended::Off(_) => panic!("{ends}: the power is there again"),
            Ended::Certified(certificate, now) => {
                check(&certificate, &left(&old, &now), ends);
                assert_eq!(certificate.result, Outcome::Wiped, "{ends}: {certificate:#?}");
                assert!(now.iter().all(|byte| *byte == 0), "{ends}");
                assert!(certificate.proof.unwrap().differential.is_some());
            }
        }
    }
    assert!(cuts > 25, "{cuts}");
}
