//! How often a walker may still look.

/// So often in any case, and so often for each byte that it came to. Of real media no walk looks once for each byte, nor 400,000 times.
pub const LOOKS: u64 = 1 << 21;
pub const AGAIN: u64 = 16;

pub struct Looks {
    left: u64,
    /// The farthest byte that it came to; the end of numbers where looks are not counted.
    farthest: u64,
    gave_up: bool,
}

impl Looks {
    /// For what is no walk, and reads at many places: a table, a volume.
    pub fn any() -> Self {
        Self { left: u64::MAX, farthest: u64::MAX, gave_up: false }
    }

    pub fn few() -> Self {
        let mut looks = Self::any();
        looks.again();
        looks
    }

    /// As before the first look. A fuzzer shall see what never ends.
    pub fn again(&mut self) {
        if cfg!(not(fuzzing)) {
            (self.left, self.farthest) = (LOOKS, 0);
        }
    }

    #[inline(always)]
    pub fn take(&mut self) -> bool {
        let any = self.left > 0;
        self.gave_up |= !any;
        self.left -= u64::from(any);
        any
    }

    pub fn come_to(&mut self, place: u64) {
        let farther = place.saturating_sub(self.farthest);
        self.farthest += farther;
        self.left = self.left.saturating_add(farther.saturating_mul(AGAIN));
    }

    pub fn gave_up(&mut self) -> bool {
        std::mem::take(&mut self.gave_up)
    }
}
