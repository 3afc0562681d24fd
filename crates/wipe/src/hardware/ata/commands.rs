//! Commands of ATA (ACS-4) in ATA PASS-THROUGH (16) of SAT-4, which asks for the registers to come back.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    Nothing,
    In,
    Out,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtaCommand {
    pub name: &'static str,
    pub command: u8,
    pub features: u16,
    pub count: u16,
    pub sector: u64,
    pub device: u8,
    /// 48 bits of addresses, and upper halves of all the registers.
    pub wide: bool,
    /// 512 bytes.
    pub moves: Moves,
}

impl AtaCommand {
    const fn plain(name: &'static str, command: u8) -> Self {
        let moves = Moves::Nothing;
        Self { name, command, features: 0, count: 0, sector: 0, device: 0, wide: false, moves }
    }

    const fn moving(name: &'static str, command: u8, moves: Moves) -> Self {
        Self { moves, count: 1, ..Self::plain(name, command) }
    }

    const fn wide(name: &'static str, command: u8, features: u16) -> Self {
        Self { features, device: 0x40, wide: true, ..Self::plain(name, command) }
    }

    pub fn block(&self) -> [u8; 16] {
        const REGISTERS_BACK: u8 = 1 << 5;
        const FROM_DEVICE: u8 = 1 << 3;
        /// In blocks, of which the count register tells the number.
        const BLOCKS: u8 = 1 << 2 | 2;
        let (protocol, moves) = match self.moves {
            Moves::Nothing => (3, 0),
            Moves::In => (4, FROM_DEVICE | BLOCKS),
            Moves::Out => (5, BLOCKS),
        };
        let [features_1, features_0] = self.features.to_be_bytes();
        let [count_1, count_0] = self.count.to_be_bytes();
        let [_, _, s5, s4, s3, s2, s1, s0] = self.sector.to_be_bytes();
        [
            0x85,
            protocol << 1 | u8::from(self.wide),
            REGISTERS_BACK | moves,
            features_1,
            features_0,
            count_1,
            count_0,
            s3,
            s0,
            s4,
            s1,
            s5,
            s2,
            self.device,
            self.command,
            0,
        ]
    }
}

pub const IDENTIFY: AtaCommand = AtaCommand::moving("IDENTIFY DEVICE", 0xEC, Moves::In);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Block,
    Crypto,
    Overwrite,
}

/// A failure can be left without a new operation.
const FAILURE_MODE: u16 = 1 << 4;

/// The overwrite is one pass of zeros.
pub const fn sanitize(action: Action) -> AtaCommand {
    let (name, features, sector, passes) = match action {
        Action::Crypto => ("CRYPTO SCRAMBLE EXT", 0x0011, 0x4372_7970, 0),
        Action::Block => ("BLOCK ERASE EXT", 0x0012, 0x426B_4572, 0),
        Action::Overwrite => ("OVERWRITE EXT", 0x0014, 0x4F57_0000_0000, 1),
    };
    AtaCommand { count: FAILURE_MODE | passes, sector, ..AtaCommand::wide(name, 0xB4, features) }
}

pub const SANITIZE_STATUS: AtaCommand = AtaCommand::wide("SANITIZE STATUS EXT", 0xB4, 0x0000);

/// Leaves the state in which an operation has failed.
pub const LEAVE_FAILURE: AtaCommand = AtaCommand { count: 1, ..SANITIZE_STATUS };

pub const SET_PASSWORD: AtaCommand = security("SECURITY SET PASSWORD", 0xF1);
pub const UNLOCK: AtaCommand = security("SECURITY UNLOCK", 0xF2);
pub const ERASE_PREPARE: AtaCommand = AtaCommand::plain("SECURITY ERASE PREPARE", 0xF3);
pub const ERASE_UNIT: AtaCommand = security("SECURITY ERASE UNIT", 0xF4);
pub const DISABLE_PASSWORD: AtaCommand = security("SECURITY DISABLE PASSWORD", 0xF6);

const fn security(name: &'static str, command: u8) -> AtaCommand {
    AtaCommand::moving(name, command, Moves::Out)
}

pub const READ_NATIVE_MAX: AtaCommand =
    AtaCommand { device: 0x40, ..AtaCommand::plain("READ NATIVE MAX ADDRESS", 0xF8) };
pub const READ_NATIVE_MAX_EXT: AtaCommand =
    AtaCommand::wide("READ NATIVE MAX ADDRESS EXT", 0x27, 0);
pub const GET_NATIVE_MAX: AtaCommand = AtaCommand::wide("GET NATIVE MAX ADDRESS EXT", 0x78, 0x0000);

/// Kept over a power cycle.
pub const fn set_max_ext(last: u64) -> AtaCommand {
    AtaCommand { count: 1, sector: last, ..AtaCommand::wide("SET MAX ADDRESS EXT", 0x37, 0) }
}

/// Kept over a power cycle; 28 bits, of which the upper four are in the device register.
pub const fn set_max(last: u64) -> AtaCommand {
    let device = 0x40 | (last >> 24 & 0xF) as u8;
    let plain = AtaCommand::plain("SET MAX ADDRESS", 0xF9);
    AtaCommand { count: 1, sector: last & 0xFF_FFFF, device, ..plain }
}

pub const fn set_accessible_max(last: u64) -> AtaCommand {
    AtaCommand { sector: last, ..AtaCommand::wide("SET ACCESSIBLE MAX ADDRESS EXT", 0x78, 0x0001) }
}

pub const CONFIGURATION_IDENTIFY: AtaCommand = AtaCommand {
    features: 0xC2,
    ..AtaCommand::moving("DEVICE CONFIGURATION IDENTIFY", 0xB1, Moves::In)
};
pub const CONFIGURATION_RESTORE: AtaCommand =
    AtaCommand { features: 0xC0, ..AtaCommand::plain("DEVICE CONFIGURATION RESTORE", 0xB1) };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn every_command_is_laid_out_as_the_standards_say() {
        let cases: [(AtaCommand, [u8; 16]); 18] = [
            (IDENTIFY, [0x85, 0x08, 0x2E, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0]),
            (sanitize(Action::Crypto),
                [0x85, 0x07, 0x20, 0, 0x11, 0, 0x10, 0x43, 0x70, 0, 0x79, 0, 0x72, 0x40, 0xB4, 0]),
            (sanitize(Action::Block),
                [0x85, 0x07, 0x20, 0, 0x12, 0, 0x10, 0x42, 0x72, 0, 0x45, 0, 0x6B, 0x40, 0xB4, 0]),
            (sanitize(Action::Overwrite),
                [0x85, 0x07, 0x20, 0, 0x14, 0, 0x11, 0, 0, 0x57, 0, 0x4F, 0, 0x40, 0xB4, 0]),
            (SANITIZE_STATUS, [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xB4, 0]),
            (LEAVE_FAILURE, [0x85, 0x07, 0x20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0xB4, 0]),
            (SET_PASSWORD, [0x85, 0x0A, 0x26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xF1, 0]),
            (UNLOCK, [0x85, 0x0A, 0x26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xF2, 0]),
            (ERASE_PREPARE, [0x85, 0x06, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF3, 0]),
            (ERASE_UNIT, [0x85, 0x0A, 0x26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xF4, 0]),
            (DISABLE_PASSWORD, [0x85, 0x0A, 0x26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xF6, 0]),
            (READ_NATIVE_MAX, [0x85, 0x06, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xF8, 0]),
            (READ_NATIVE_MAX_EXT, [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x27, 0]),
            (GET_NATIVE_MAX, [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x78, 0]),
            (set_max_ext(0x6655_4433_2211),
                [0x85, 0x07, 0x20, 0, 0, 0, 1, 0x44, 0x11, 0x55, 0x22, 0x66, 0x33, 0x40, 0x37, 0]),
            (set_max(0x0433_2211),
                [0x85, 0x06, 0x20, 0, 0, 0, 1, 0, 0x11, 0, 0x22, 0, 0x33, 0x44, 0xF9, 0]),
            (set_accessible_max(0x6655_4433_2211),
                [0x85, 0x07, 0x20, 0, 1, 0, 0, 0x44, 0x11, 0x55, 0x22, 0x66, 0x33, 0x40, 0x78, 0]),
            (CONFIGURATION_IDENTIFY, [0x85, 0x08, 0x2E, 0, 0xC2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xB1, 0]),
        ];
        for (command, bytes) in cases {
            assert_eq!(command.block(), bytes, "{}", command.name);
        }
        assert_eq!(
            CONFIGURATION_RESTORE.block(),
            [0x85, 0x06, 0x20, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xB1, 0]
        );
    }
}
