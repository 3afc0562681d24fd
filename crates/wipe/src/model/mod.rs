//! Models of command sets, which answer as the standards say, in every state, and can fail, lie and lose power. They stand behind
//! `Device` in tests; no program uses them.

mod ata;
mod bench;
mod cells;
mod mmc;
mod nvme;
mod operation;
mod scsi;
mod witness;

use std::time::Duration;

use crate::device::{Answer, Command, CommandError};

pub use ata::{AtaModel, Hides, SecurityModel};
pub use bench::{Bench, Fault, Faults, Memory, Record};
pub use cells::{Cells, Fill};
pub use mmc::MmcModel;
pub use nvme::NvmeModel;
pub use operation::{Character, Lie, Operation, Stage};
pub use scsi::{Does, ScsiModel};
pub use witness::Witness;

/// A device's own mind. What it stores is kept by the caller.
pub trait Model {
    fn command(
        &mut self,
        command: &mut Command<'_>,
        cells: &mut dyn Cells,
    ) -> Result<Answer, CommandError>;

    /// Time passes.
    fn wait(&mut self, how_long: Duration, cells: &mut dyn Cells);

    /// The power goes and comes back.
    fn power_cut(&mut self);

    /// Bytes that the host may see.
    fn bytes(&self, cells: &dyn Cells) -> u64 {
        cells.bytes()
    }

    /// Reads and writes are not taken now.
    fn busy(&self) -> bool {
        false
    }

    fn namespace(&self) -> Option<u32> {
        None
    }

    /// How many times something that erases everything has ended well, by the device's word.
    fn completed(&self) -> u32;
}
