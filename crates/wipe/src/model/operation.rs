//! Something that a device does to all of its memory by itself, in time: the ground of all the models.

use std::time::Duration;

use super::{Cells, Fill};

/// How a device behaves.
#[derive(Debug, Clone, Copy)]
pub struct Character {
    pub lie: Lie,
    /// At which 65536th it fails.
    pub fails_at: Option<u16>,
    pub takes: Duration,
    /// Never gets beyond the middle, and says so for ever.
    pub stuck: bool,
}

impl Default for Character {
    fn default() -> Self {
        Self { lie: Lie::None, fails_at: None, takes: Duration::from_secs(100), stuck: false }
    }
}

/// What it does when it says that it did everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    None,
    Nothing,
    Half,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Never,
    Going,
    Completed,
    Failed,
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub stage: Stage,
    fill: Fill,
    spent: Duration,
    /// Bytes that are done.
    done: u64,
    pub completed: u32,
    begun: u64,
}

impl Default for Operation {
    fn default() -> Self {
        let (stage, fill) = (Stage::Never, Fill::Pattern([0; 4]));
        Self { stage, fill, spent: Duration::ZERO, done: 0, completed: 0, begun: 0 }
    }
}

impl Operation {
    /// Another one of the same device, that never began.
    pub fn fresh(&self) -> Self {
        Self { completed: self.completed, begun: self.begun, ..Self::default() }
    }

    pub fn begin(&mut self, fill: Fill) {
        let begun = self.begun + 1;
        // Each key is a new one: the same twice would bring the old bytes back.
        let fill = match fill {
            Fill::Key(key) => Fill::Key(key ^ begun << 32),
            Fill::Pattern(_) => fill,
        };
        *self = Self { stage: Stage::Going, fill, begun, ..self.fresh() };
    }

    pub fn going(&self) -> bool {
        self.stage == Stage::Going
    }

    pub fn progress(&self, character: &Character) -> u16 {
        let (spent, takes) = (self.spent.as_millis(), character.takes.as_millis().max(1));
        let most = if character.stuck { 0x8000 } else { 0xFFFF };
        u16::try_from(spent.saturating_mul(0x1_0000) / takes).unwrap_or(u16::MAX).min(most)
    }

    /// Takes over the counts of an operation beside it.
    pub fn after(&mut self, other: &Self) {
        (self.completed, self.begun) = (other.completed, other.begun);
    }

    pub fn pass(&mut self, how_long: Duration, character: &Character, cells: &mut dyn Cells) {
        if !self.going() {
            return;
        }
        self.spent = self.spent.saturating_add(how_long);
        let progress = self.progress(character);
        let failed = character.fails_at.filter(|at| progress >= *at);
        let reached = failed.map_or(u64::from(progress), u64::from);
        let ends = failed.is_none() && self.spent >= character.takes && !character.stuck;
        let all = cells.bytes();
        let to = if ends { all } else { (all / 0x1_0000 * reached).min(all) };
        self.fill_to(to, character.lie, cells);
        if ends {
            self.stage = Stage::Completed;
            self.completed += 1;
        } else if failed.is_some() {
            self.stage = Stage::Failed;
        }
    }

    /// All at once, as commands do that come back when all is done.
    pub fn at_once(&mut self, fill: Fill, character: &Character, cells: &mut dyn Cells) -> bool {
        self.begin(fill);
        self.pass(character.takes, character, cells);
        self.stage == Stage::Completed
    }

    /// How far the cells are changed, which is not always how far it says.
    fn fill_to(&mut self, to: u64, lie: Lie, cells: &mut dyn Cells) {
        let to = match lie {
            Lie::None => to,
            Lie::Nothing => 0,
            Lie::Half => to.min(cells.bytes() / 2),
        };
        if to > self.done {
            cells.fill(self.done, to - self.done, self.fill);
            self.done = to;
        }
    }
}
