//! The kernel's own ways: BLKSECDISCARD, by which the device is asked to erase a stretch for good, and BLKZEROOUT, by which it is
//! made to read as zeros, however the device does that. Neither reaches what no host can address.

use leaksweep_facts::certificate::{Level, Medium};

use super::{rank, text, unknown};
use crate::{
    device::{Device, Emptying},
    method::{Denial, Failure, Hardware, Leaves, Offer, Told, Watch},
};

pub struct Kernel;

const SECURE_DISCARD: &str = "kernel-secure-discard";
const ZERO_OUT: &str = "kernel-zero-out";
/// Small enough to be stopped in between, and a multiple of every size of sector and erase block.
const STRETCH: u64 = 256 << 20;

impl Hardware for Kernel {
    fn look(&self, device: &dyn Device, _: &mut Medium) -> Told {
        let mut told = Told::default();
        for (method, how) in
            [(SECURE_DISCARD, Emptying::SecureDiscard), (ZERO_OUT, Emptying::ZeroOut)]
        {
            match known(device, method, how) {
                Ok(()) => told.offers.push(offer(method, how, device.bytes())),
                Err(denial) => told.denials.push(denial),
            }
        }
        told
    }

    fn run(
        &self,
        offer: &Offer,
        device: &mut dyn Device,
        watch: &mut dyn Watch,
    ) -> Result<(), Failure> {
        match offer.method {
            SECURE_DISCARD => empty(device, Emptying::SecureDiscard, watch),
            ZERO_OUT => empty(device, Emptying::ZeroOut, watch),
            other => Err(unknown(other)),
        }
    }
}

/// EBADF: the device is open for reading alone.
const READING_ALONE: i32 = 9;

fn known(device: &dyn Device, method: &'static str, how: Emptying) -> Result<(), Denial> {
    let no = |reason: String| Err(text::denial(method, reason, None));
    match (device.empty(how, 1, 1), how) {
        (Err(error), _) if error.kind() == std::io::ErrorKind::InvalidInput => Ok(()),
        // Every block device has it.
        (Err(error), Emptying::ZeroOut) if error.raw_os_error() == Some(READING_ALONE) => Ok(()),
        (Err(error), _) if error.raw_os_error() == Some(READING_ALONE) => {
            no("whether the kernel offers it is known only once the device is opened for writing"
                .into())
        }
        (Err(error), _) => no(format!("the kernel does not offer it: {error}")),
        (Ok(()), _) => no("the kernel's answer makes no sense".into()),
    }
}

fn offer(method: &'static str, how: Emptying, bytes: u64) -> Offer {
    let (name, reason, rank, leaves) = match how {
        Emptying::SecureDiscard => (
            "BLKSECDISCARD",
            "the device is asked to erase all that can be addressed; spare blocks are not promised",
            rank::SECURE_DISCARD,
            Leaves::Anything,
        ),
        Emptying::ZeroOut => (
            "BLKZEROOUT",
            "all that can be addressed reads as zeros; the device may only unmap it",
            rank::ZERO_OUT,
            Leaves::Zeros,
        ),
    };
    Offer {
        method,
        level: Level::Clear,
        reason: reason.into(),
        commands: vec![format!("{name}, bytes 0 to {bytes}, in stretches of {STRETCH}")],
        takes: None,
        leaves,
        rank,
    }
}

fn empty(device: &dyn Device, how: Emptying, watch: &mut dyn Watch) -> Result<(), Failure> {
    watch.committed()?;
    let all = device.bytes();
    let mut at = 0;
    while at < all {
        if watch.stopped() {
            return Err(Failure::Stopped);
        }
        let bytes = STRETCH.min(all - at);
        device.empty(how, at, bytes).map_err(|error| failed(at, &error))?;
        at += bytes;
        watch.progress(at, all);
    }
    device.flush().map_err(|error| failed(all, &error))
}

fn failed(at: u64, error: &std::io::Error) -> Failure {
    // ENODEV and ENXIO.
    match error.raw_os_error() {
        Some(19 | 6) => Failure::Gone,
        _ => Failure::Failed(format!("at byte {at}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        hardware::trials::{data, denied, look, named, offer},
        model::{Bench, MmcModel, Witness},
    };

    #[test]
    fn only_what_the_kernel_knows_is_offered_and_asking_changes_nothing() {
        let bench = Bench::new(MmcModel::default(), data());
        let told = look(&Kernel, "mmc", &bench);
        assert_eq!(offer(&told, ZERO_OUT).level, Level::Clear);
        assert_eq!(offer(&told, ZERO_OUT).leaves, Leaves::Zeros);
        assert!(denied(&told, SECURE_DISCARD).reason.contains("does not offer"));
        assert!(bench.memory() == data());
    }

    #[test]
    fn everything_is_emptied_and_can_be_stopped() {
        let mut bench = Bench::new(MmcModel::default(), data());
        let mut witness = Witness::stopping(1);
        let stopped = Kernel.run(&named(ZERO_OUT), &mut bench, &mut witness);
        assert!(matches!(stopped, Err(Failure::Stopped)) && bench.memory() == data());
        let mut witness = Witness::default();
        Kernel.run(&named(ZERO_OUT), &mut bench, &mut witness).unwrap();
        assert!(bench.memory().iter().all(|byte| *byte == 0) && witness.committed == 1);
        assert!(Kernel.run(&named(SECURE_DISCARD), &mut bench, &mut witness).is_err());
        let mut silent = Witness { no_journal: true, ..Witness::default() };
        assert!(Kernel.run(&named(ZERO_OUT), &mut bench, &mut silent).is_err());
    }
}
