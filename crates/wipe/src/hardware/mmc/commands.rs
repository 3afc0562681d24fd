//! Commands of eMMC (JESD84-B51), with the kernel's numbers for their kinds of answer.

use crate::device::{MmcCommand, Set};

/// R1: an answer of a card's status.
const STATUS: u32 = 0x15;
/// R1b: the same, and the card is busy after it.
const BUSY: u32 = 0x1D;
/// Data follow.
const WITH_DATA: u32 = 0x20;

const fn command(index: u32, argument: u32, flags: u32) -> MmcCommand {
    MmcCommand { index, argument, flags }
}

fn one(command: MmcCommand) -> Set {
    Set::Mmc([command, MmcCommand::default(), MmcCommand::default()], 1)
}

/// 512 bytes: the extended CSD.
pub fn extended_csd() -> Set {
    one(command(8, 0, STATUS | WITH_DATA))
}

/// The kernel gives its only card the address 1.
pub fn status() -> Set {
    one(command(13, 1 << 16, STATUS))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Erase,
    SecureErase,
}

impl Kind {
    fn argument(self) -> u32 {
        match self {
            Kind::Erase => 0,
            Kind::SecureErase => 0x8000_0000,
        }
    }
}

/// From one address to another, both included. Another command in between would make the card forget the first two.
pub fn erase(first: u32, last: u32, kind: Kind) -> Set {
    let series =
        [command(35, first, STATUS), command(36, last, STATUS), command(38, kind.argument(), BUSY)];
    Set::Mmc(series, 3)
}

/// SWITCH, which writes 1 into byte 165 of the extended CSD.
pub fn sanitize() -> Set {
    one(command(6, 3 << 24 | 165 << 16 | 1 << 8, BUSY))
}

/// What of a card's status speaks of a failure, in words; none where all is well.
pub fn failure(status: u32) -> Option<String> {
    const ERRORS: [(u32, &str); 14] = [
        (31, "the address is out of range"),
        (30, "the address is misaligned"),
        (28, "the sequence of erase was wrong"),
        (27, "no such group can be erased"),
        (26, "write-protected"),
        (25, "the card is locked"),
        (23, "the command was garbled"),
        (22, "the command is not legal now"),
        (21, "errors could not be corrected"),
        (20, "the controller failed"),
        (19, "an error"),
        (15, "write-protected groups were left out"),
        (13, "the erase was given up"),
        (7, "the switch was refused"),
    ];
    let said: Vec<&str> =
        ERRORS.iter().filter(|(bit, _)| status >> bit & 1 == 1).map(|(_, words)| *words).collect();
    (!said.is_empty()).then(|| format!("card status {status:08X}h: {}", said.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(set: Set) -> Vec<[u32; 3]> {
        let Set::Mmc(series, count) = set else { unreachable!() };
        let words = |command: &MmcCommand| [command.index, command.argument, command.flags];
        series[..count].iter().map(words).collect()
    }

    #[test]
    fn every_command_is_laid_out_as_the_standard_says() {
        assert_eq!(bytes(extended_csd()), [[8, 0, 0x35]]);
        assert_eq!(bytes(status()), [[13, 0x0001_0000, 0x15]]);
        assert_eq!(bytes(sanitize()), [[6, 0x03A5_0100, 0x1D]]);
        assert_eq!(
            bytes(erase(0x100, 0x1FF, Kind::Erase)),
            [[35, 0x100, 0x15], [36, 0x1FF, 0x15], [38, 0, 0x1D]]
        );
        assert_eq!(bytes(erase(0, 7, Kind::SecureErase))[2], [38, 0x8000_0000, 0x1D]);
    }

    #[test]
    fn a_status_speaks_of_failures_by_its_bits() {
        // Ready, in the state of transfer.
        assert_eq!(failure(0x0000_0900), None);
        assert!(failure(0x0000_8900).unwrap().contains("left out"));
        assert!(
            failure(1 << 28 | 1 << 7).unwrap().contains("sequence of erase was wrong, the switch")
        );
    }
}
