//! Admin commands as the 16 words of their submission entries: NVM Express Base Specification, chapters on Identify, Get Log Page,
//! Format NVM and Sanitize.

pub type Words = [u32; 16];

pub const EVERY_NAMESPACE: u32 = 0xFFFF_FFFF;

fn words(opcode: u32, namespace: u32, word_10: u32, word_11: u32) -> Words {
    let mut words = [0; 16];
    (words[0], words[1], words[10], words[11]) = (opcode, namespace, word_10, word_11);
    words
}

/// 4096 bytes on the controller.
pub fn identify_controller() -> Words {
    words(0x06, 0, 0x01, 0)
}

/// 4096 bytes on a namespace.
pub fn identify_namespace(namespace: u32) -> Words {
    words(0x06, namespace, 0x00, 0)
}

/// 4096 bytes: the numbers of the active namespaces, in order, ended by zero.
pub fn active_namespaces() -> Words {
    words(0x06, 0, 0x02, 0)
}

/// The Sanitize Status log, 512 bytes.
pub fn sanitize_log() -> Words {
    words(0x02, EVERY_NAMESPACE, 0x81 | (512 / 4 - 1) << 16, 0)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Block,
    Overwrite,
    Crypto,
}

impl Action {
    pub const ALL: [Action; 3] = [Action::Block, Action::Crypto, Action::Overwrite];

    pub fn number(self) -> u32 {
        match self {
            Action::Block => 2,
            Action::Overwrite => 3,
            Action::Crypto => 4,
        }
    }
}

/// One pass of zeros where it overwrites. `unrestricted`: a failure can be left without a new operation. `keeps`: what was erased
/// stays mapped, so that the medium itself is read afterwards.
pub fn sanitize(action: Action, unrestricted: bool, keeps: bool) -> Words {
    let passes = if action == Action::Overwrite { 1 << 4 } else { 0 };
    let flags = u32::from(unrestricted) << 3 | u32::from(keeps) << 9;
    words(0x84, 0, action.number() | flags | passes, 0)
}

pub fn exit_failure_mode() -> Words {
    words(0x84, 0, 1, 0)
}

/// What a namespace is formatted to; the same as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Format {
    /// Six bits.
    pub layout: u8,
    pub metadata_in_line: bool,
    /// Three bits.
    pub protection: u8,
    pub protection_first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erase {
    UserData,
    Crypto,
}

pub fn format(namespace: u32, format: Format, erase: Erase) -> Words {
    let erase = match erase {
        Erase::UserData => 1,
        Erase::Crypto => 2,
    };
    let word = u32::from(format.layout & 0xF)
        | u32::from(format.metadata_in_line) << 4
        | u32::from(format.protection & 7) << 5
        | u32::from(format.protection_first) << 8
        | erase << 9
        | u32::from(format.layout >> 4 & 3) << 12;
    words(0x80, namespace, word, 0)
}

/// As it is shown to people: the words that are not zero.
pub fn shown(name: &str, words: &Words) -> String {
    let word = |at: usize| words.get(at).copied().unwrap_or(0);
    format!(
        "{name} ({:02X}h), namespace {:08X}h, CDW10 {:08X}h, CDW11 {:08X}h",
        word(0),
        word(1),
        word(10),
        word(11)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole submission entry as bytes, little-endian, written out by hand.
    fn entry(words: Words) -> [u8; 64] {
        let mut bytes = [0; 64];
        for (four, word) in bytes.chunks_exact_mut(4).zip(words) {
            four.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    fn literal(opcode: u8, namespace: [u8; 4], word_10: [u8; 4]) -> [u8; 64] {
        let [n0, n1, n2, n3] = namespace;
        let [a, b, c, d] = word_10;
        #[rustfmt::skip]
        let bytes = [
            opcode, 0, 0, 0, n0, n1, n2, n3, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        bytes
    }

    #[test]
    fn commands_that_ask_are_laid_out_as_the_standard_says() {
        let none = [0; 4];
        assert_eq!(entry(identify_controller()), literal(0x06, none, [1, 0, 0, 0]));
        assert_eq!(entry(identify_namespace(7)), literal(0x06, [7, 0, 0, 0], none));
        assert_eq!(entry(active_namespaces()), literal(0x06, none, [2, 0, 0, 0]));
        assert_eq!(entry(sanitize_log()), literal(0x02, [0xFF; 4], [0x81, 0, 0x7F, 0]));
    }

    #[test]
    fn sanitize_is_laid_out_as_the_standard_says() {
        let of = |action, unrestricted, keeps| entry(sanitize(action, unrestricted, keeps));
        let is = |word_10| literal(0x84, [0; 4], word_10);
        assert_eq!(of(Action::Block, true, false), is([0x0A, 0, 0, 0]));
        assert_eq!(of(Action::Block, true, true), is([0x0A, 0x02, 0, 0]));
        assert_eq!(of(Action::Block, false, false), is([0x02, 0, 0, 0]));
        assert_eq!(of(Action::Crypto, true, false), is([0x0C, 0, 0, 0]));
        assert_eq!(of(Action::Overwrite, true, false), is([0x1B, 0, 0, 0]));
        assert_eq!(entry(exit_failure_mode()), is([0x01, 0, 0, 0]));
    }

    #[test]
    fn format_is_laid_out_as_the_standard_says() {
        let plain = Format { layout: 1, ..Format::default() };
        assert_eq!(
            entry(format(1, plain, Erase::UserData)),
            literal(0x80, [1, 0, 0, 0], [0x01, 0x02, 0, 0])
        );
        let full =
            Format { layout: 0x25, metadata_in_line: true, protection: 3, protection_first: true };
        assert_eq!(
            entry(format(EVERY_NAMESPACE, full, Erase::Crypto)),
            literal(0x80, [0xFF; 4], [0x75, 0x25, 0, 0])
        );
        assert!(shown("Sanitize", &exit_failure_mode()).contains("(84h)"));
    }
}
