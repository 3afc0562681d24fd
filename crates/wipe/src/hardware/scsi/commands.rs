//! Command descriptor blocks of SPC-5 and SBC-4, and the lists of parameters that go with them.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub name: &'static str,
    bytes: [u8; 32],
    count: usize,
}

impl Block {
    fn new<const N: usize>(name: &'static str, given: [u8; N]) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(given) {
            *to = from;
        }
        Self { name, bytes, count: N.min(32) }
    }

    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.count).unwrap_or_default()
    }

    pub fn set(&self) -> crate::device::Set {
        crate::device::Set::Scsi(self.bytes, self.count)
    }
}

/// Bytes that are asked for of pages and lists.
pub const ANSWER: u8 = 252;

pub fn inquiry() -> Block {
    Block::new("INQUIRY", [0x12, 0, 0, 0, ANSWER, 0])
}

pub fn page(page: u8) -> Block {
    Block::new("INQUIRY", [0x12, 1, page, 0, ANSWER, 0])
}

pub fn test_unit_ready() -> Block {
    Block::new("TEST UNIT READY", [0; 6])
}

pub fn request_sense() -> Block {
    Block::new("REQUEST SENSE", [0x03, 0, 0, 0, ANSWER, 0])
}

/// 32 bytes.
pub fn read_capacity() -> Block {
    let mut bytes = [0; 16];
    (bytes[0], bytes[1], bytes[13]) = (0x9E, 0x10, 32);
    Block::new("READ CAPACITY (16)", bytes)
}

/// One command, by its service action where it has such.
pub fn supported(operation: u8, action: Option<u8>) -> Block {
    let options = if action.is_some() { 2 } else { 1 };
    let action = action.unwrap_or(0);
    Block::new(
        "REPORT SUPPORTED OPERATION CODES",
        [0xA3, 0x0C, options, operation, 0, action, 0, 0, 0, ANSWER, 0, 0],
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Overwrite,
    Block,
    Crypto,
}

pub const SANITIZE: u8 = 0x48;
pub const FORMAT_UNIT: u8 = 0x04;

impl Action {
    pub fn number(self) -> u8 {
        match self {
            Action::Overwrite => 1,
            Action::Block => 2,
            Action::Crypto => 3,
        }
    }
}

/// Comes back at once, and a failure can be left without a new operation.
pub fn sanitize(action: Action) -> Block {
    const AT_ONCE: u8 = 1 << 7;
    const UNRESTRICTED: u8 = 1 << 5;
    let bytes = sanitize_parameters(action).len() as u8;
    Block::new(
        "SANITIZE",
        [SANITIZE, AT_ONCE | UNRESTRICTED | action.number(), 0, 0, 0, 0, 0, 0, bytes, 0],
    )
}

/// One pass of zeros.
pub fn sanitize_parameters(action: Action) -> &'static [u8] {
    match action {
        Action::Overwrite => &[1, 0, 0, 4, 0, 0, 0, 0],
        Action::Block | Action::Crypto => &[],
    }
}

pub fn exit_failure_mode() -> Block {
    Block::new("SANITIZE, exit failure mode", [SANITIZE, 0x1F, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// How blocks are protected, as READ CAPACITY (16) tells it; a format keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protection {
    #[default]
    None,
    One,
    Two,
    Three,
}

pub fn format_unit(protection: Protection) -> Block {
    const WITH_PARAMETERS: u8 = 1 << 4;
    let information = match protection {
        Protection::None => 0b00,
        Protection::One => 0b10,
        Protection::Two | Protection::Three => 0b11,
    };
    Block::new("FORMAT UNIT", [FORMAT_UNIT, information << 6 | WITH_PARAMETERS, 0, 0, 0, 0])
}

/// Comes back at once; writes zeros to every block.
pub fn format_parameters(protection: Protection) -> [u8; 12] {
    const OPTIONS_ARE_VALID: u8 = 1 << 7;
    const PATTERN: u8 = 1 << 3;
    const AT_ONCE: u8 = 1 << 1;
    const REPEATED: u8 = 1;
    let usage = u8::from(protection == Protection::Three);
    [usage, OPTIONS_ARE_VALID | PATTERN | AT_ONCE, 0, 0, 0, REPEATED, 0, 4, 0, 0, 0, 0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_ask_are_laid_out_as_the_standards_say() {
        assert_eq!(inquiry().bytes(), [0x12, 0, 0, 0, 0xFC, 0]);
        assert_eq!(page(0xB1).bytes(), [0x12, 1, 0xB1, 0, 0xFC, 0]);
        assert_eq!(test_unit_ready().bytes(), [0; 6]);
        assert_eq!(request_sense().bytes(), [0x03, 0, 0, 0, 0xFC, 0]);
        assert_eq!(
            read_capacity().bytes(),
            [0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0]
        );
        assert_eq!(
            supported(SANITIZE, Some(3)).bytes(),
            [0xA3, 0x0C, 0x02, 0x48, 0, 3, 0, 0, 0, 0xFC, 0, 0]
        );
        assert_eq!(
            supported(FORMAT_UNIT, None).bytes(),
            [0xA3, 0x0C, 0x01, 0x04, 0, 0, 0, 0, 0, 0xFC, 0, 0]
        );
    }

    #[test]
    fn sanitize_is_laid_out_as_the_standard_says() {
        let overwrite = sanitize(Action::Overwrite);
        assert_eq!(overwrite.bytes(), [0x48, 0xA1, 0, 0, 0, 0, 0, 0, 8, 0]);
        assert_eq!(sanitize_parameters(Action::Overwrite), [1, 0, 0, 4, 0, 0, 0, 0]);
        assert_eq!(sanitize(Action::Block).bytes(), [0x48, 0xA2, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(sanitize(Action::Crypto).bytes(), [0x48, 0xA3, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(exit_failure_mode().bytes(), [0x48, 0x1F, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn format_is_laid_out_as_the_standard_says_and_keeps_the_protection() {
        for (protection, second, usage) in [
            (Protection::None, 0x10, 0),
            (Protection::One, 0x90, 0),
            (Protection::Two, 0xD0, 0),
            (Protection::Three, 0xD0, 1),
        ] {
            assert_eq!(format_unit(protection).bytes(), [0x04, second, 0, 0, 0, 0]);
            assert_eq!(format_parameters(protection), [usage, 0x8A, 0, 0, 0, 1, 0, 4, 0, 0, 0, 0]);
        }
    }
}
