//! Codes in which characters beyond ASCII are pairs of bytes: GBK and EUC-KR, Big5, Shift-JIS.

/// Up to where an encoding holds, how many characters beyond ASCII it had, and whether it still holds.
#[derive(Debug, Clone, Copy)]
pub struct Alive {
    pub end: u64,
    pub wide: u64,
    pub holds: bool,
}

/// Characters beyond ASCII after which a run is in their encoding or in none.
pub const SURE: u64 = 8;

/// A code in which characters beyond ASCII have two bytes.
#[derive(Debug, Clone, Copy)]
pub struct Pairs {
    pub alive: Alive,
    script: Script,
    /// The first byte of one whose second is still to come, or 0.
    pub lead: u8,
    score: i64,
}

#[derive(Debug, Clone, Copy)]
pub enum Script {
    Gbk,
    Big5,
    ShiftJis,
}

impl Script {
    fn is_lead(self, byte: u8) -> bool {
        match self {
            Script::ShiftJis => matches!(byte, 0x81..=0x9F | 0xE0..=0xEF),
            Script::Gbk | Script::Big5 => matches!(byte, 0x81..=0xFE),
        }
    }

    fn is_trail(self, byte: u8) -> bool {
        matches!(byte, 0x40..=0x7E | 0x80..=0xFE)
    }

    /// Whether texts are made of such characters.
    fn is_common(self, lead: u8, byte: u8) -> bool {
        match self {
            Script::Gbk => byte >= 0xA1 && matches!(lead, 0xA1..=0xA3 | 0xB0..=0xD7),
            Script::Big5 => !(0x7F..0xA1).contains(&byte) && matches!(lead, 0xA1 | 0xA4..=0xC6),
            Script::ShiftJis => matches!(lead, 0x81..=0x83 | 0x88..=0x97),
        }
    }
}

impl Pairs {
    pub fn new(alive: Alive, script: Script) -> Self {
        Self { alive, script, lead: 0, score: 0 }
    }

    pub fn take(&mut self, byte: u8, at: u64) {
        if !self.alive.holds {
            return;
        }
        match std::mem::take(&mut self.lead) {
            0 if byte < 0x80 => {}
            0 if self.script.is_lead(byte) => {
                self.lead = byte;
                return;
            }
            0 => self.alive.holds = false,
            lead if self.script.is_trail(byte) => {
                let common = self.script.is_common(lead, byte);
                self.score = (self.score + if common { 1 } else { -3 }).min(64);
                self.alive.wide += 1;
            }
            _ => self.alive.holds = false,
        }
        self.alive.holds &= self.score > -10;
        if self.alive.holds {
            self.alive.end = at;
        }
    }

    pub fn is_sure(&self) -> bool {
        self.alive.wide >= SURE && self.score > 0
    }
}
