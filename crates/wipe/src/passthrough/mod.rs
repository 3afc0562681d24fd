//! The kernel's ways to send commands to a device itself: one module for each interface. Nothing here knows what a command does.
//! The only `unsafe` of this crate stands here, one call in one function each: the kernel takes structures of pointers, and no
//! crate offers them otherwise.

mod block;
mod buffer;
mod mmc;
mod nvme;
mod sg;

use std::{fs::File, time::Duration};

use rustix::io::Errno;

use crate::device::{Answer, Command, CommandError, Set};

pub use block::empty;
pub use nvme::namespace;

/// Sends a command by the interface that its set belongs to.
pub fn send(device: &File, command: &mut Command<'_>) -> Result<Answer, CommandError> {
    let Command { set, data, patience } = command;
    match set {
        Set::Nvme(words) => nvme::send(device, words, data, *patience),
        Set::Scsi(block, bytes) => {
            let block = block.get(..*bytes).ok_or(CommandError::NoWay)?;
            sg::send(device, block, data, *patience)
        }
        Set::Mmc(series, count) => {
            let series = series.get(..*count).ok_or(CommandError::NoWay)?;
            mmc::send(device, series, data, *patience)
        }
    }
}

/// Milliseconds, as all the interfaces have them.
fn milliseconds(patience: Duration) -> u32 {
    u32::try_from(patience.as_millis()).unwrap_or(u32::MAX)
}

fn error(error: Errno, patience: Duration) -> CommandError {
    match error {
        Errno::NOTTY | Errno::INVAL | Errno::OPNOTSUPP | Errno::NOSYS => CommandError::NoWay,
        Errno::NODEV | Errno::NXIO | Errno::NOMEDIUM | Errno::SHUTDOWN => CommandError::Gone,
        Errno::TIMEDOUT | Errno::TIME => CommandError::Patience(patience),
        other => CommandError::Other(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{Data, MmcCommand};

    #[test]
    fn errors_of_the_kernel_are_told_apart() {
        let second = Duration::from_secs(1);
        assert!(matches!(error(Errno::NOTTY, second), CommandError::NoWay));
        assert!(matches!(error(Errno::NODEV, second), CommandError::Gone));
        assert!(matches!(error(Errno::TIMEDOUT, second), CommandError::Patience(_)));
        assert!(matches!(error(Errno::IO, second), CommandError::Other(_)));
        assert_eq!(milliseconds(Duration::from_secs(u64::MAX)), u32::MAX);
    }

    #[test]
    fn a_plain_file_takes_no_commands_of_any_set() {
        let file = tempfile::tempfile().unwrap();
        let mmc = MmcCommand { index: 13, argument: 1 << 16, flags: 0x15 };
        for set in [
            Set::Nvme([6; 16]),
            Set::Scsi([0; 32], 6),
            Set::Scsi([0; 32], 33),
            Set::Mmc([mmc; 3], 1),
            Set::Mmc([mmc; 3], 3),
            Set::Mmc([mmc; 3], 4),
        ] {
            let mut command = Command { set, data: Data::None, patience: Duration::from_secs(1) };
            assert!(matches!(send(&file, &mut command), Err(CommandError::NoWay)), "{set:?}");
        }
        assert_eq!(namespace(&file), None);
    }
}
