//! How often a walker may still look, and how much it may read anew.

/// So often in any case, and so often for each byte that it read. Of real media no walk looks once for each byte, nor 400,000 times.
pub const LOOKS: u64 = 1 << 21;
pub const AGAIN: u64 = 16;
/// So many bytes may be read that were read before, and so many for each that was not: tables are read between what they lead to.
pub const ROOM: u64 = 4 << 30;
const TIMES: u64 = 64;
/// So much of what was passed over counts when it is read later: a directory at the end of a picture is read first.
const PASSED: u64 = 256 << 20;

pub struct Looks {
    left: u64,
    room: u64,
    /// The farthest byte that it came to; the end of numbers where looks are not counted.
    farthest: u64,
    /// What it passed over on the way there, and did not read yet.
    passed: u64,
    gave_up: bool,
}

impl Looks {
    /// For what is no walk, and reads at many places: a table, a volume.
    pub fn any() -> Self {
        Self { left: u64::MAX, room: u64::MAX, farthest: u64::MAX, passed: 0, gave_up: false }
    }

    pub fn few() -> Self {
        let mut looks = Self::any();
        looks.again();
        looks
    }

    /// As before the first look. A fuzzer shall see what never ends.
    pub fn again(&mut self) {
        if cfg!(not(fuzzing)) {
            (self.left, self.room) = (LOOKS, ROOM);
            (self.farthest, self.passed) = (0, 0);
        }
    }

    #[inline(always)]
    pub fn take(&mut self) -> bool {
        let any = self.left > 0;
        self.gave_up |= !any;
        self.left -= u64::from(any);
        any
    }

    /// So many bytes were read, up to this place.
    pub fn read(&mut self, bytes: u64, to: u64) {
        let farther = to.saturating_sub(self.farthest);
        self.farthest += farther;
        let passed = self.passed.saturating_add(farther);
        let fresh = bytes.min(passed);
        self.passed = (passed - fresh).min(PASSED);
        self.left = self.left.saturating_add(fresh.saturating_mul(AGAIN));
        self.room = self.room.saturating_add(fresh.saturating_mul(TIMES));
        self.spend(bytes - fresh);
    }

    pub fn spend(&mut self, bytes: u64) {
        self.room = self.room.saturating_sub(bytes);
        if self.room == 0 {
            self.left = 0;
        }
    }

    pub fn join_gave_up(&mut self, lost: bool) {
        self.gave_up |= lost;
    }

    pub fn gave_up(&mut self) -> bool {
        std::mem::take(&mut self.gave_up)
    }
}
