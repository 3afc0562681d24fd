//! A `Device` made of a model, memory, and faults: what the tests of the command sets run on.

use std::{io, sync::Mutex, time::Duration};

use super::{Cells, Fill, Model};
use crate::device::{Answer, Command, CommandError, Data, Device, Emptying, Set};

pub struct Memory(pub Vec<u8>);

impl Cells for Memory {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn fill(&mut self, at: u64, bytes: u64, with: Fill) {
        for place in at..at.saturating_add(bytes).min(self.bytes()) {
            if let Some(cell) = self.0.get_mut(place as usize) {
                *cell = with.byte(place, *cell);
            }
        }
    }
}

/// What befalls one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The power goes before the device sees it.
    CutBefore,
    /// The power goes when the device has seen it, before the answer.
    CutAfter,
    /// An error of the way, and the device saw nothing.
    Error,
    /// The device did it; the answer is lost.
    Lost,
    NoWay,
}

pub type Faults = Box<dyn FnMut(u64) -> Fault + Send>;

/// A command that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub set: Set,
    pub out: Option<Vec<u8>>,
}

struct Inside<M> {
    model: M,
    memory: Memory,
    faults: Faults,
    sent: Vec<Record>,
    without_power: bool,
    waited: Duration,
}

pub struct Bench<M> {
    inside: Mutex<Inside<M>>,
    bytes: u64,
}

impl<M: Model + Send> Bench<M> {
    pub fn new(model: M, memory: Vec<u8>) -> Self {
        let memory = Memory(memory);
        let bytes = model.bytes(&memory);
        let inside = Inside {
            model,
            memory,
            faults: Box::new(|_| Fault::None),
            sent: Vec::new(),
            without_power: false,
            waited: Duration::ZERO,
        };
        Self { inside: Mutex::new(inside), bytes }
    }

    pub fn with_faults(self, faults: impl FnMut(u64) -> Fault + Send + 'static) -> Self {
        self.change(|inside| inside.faults = Box::new(faults));
        self
    }

    fn change<T>(&self, change: impl FnOnce(&mut Inside<M>) -> T) -> T {
        change(&mut self.inside.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    pub fn model<T>(&self, see: impl FnOnce(&mut M) -> T) -> T {
        self.change(|inside| see(&mut inside.model))
    }

    pub fn memory(&self) -> Vec<u8> {
        self.change(|inside| inside.memory.0.clone())
    }

    pub fn sent(&self) -> Vec<Record> {
        self.change(|inside| inside.sent.clone())
    }

    pub fn waited(&self) -> Duration {
        self.change(|inside| inside.waited)
    }

    /// The power goes, whatever is done.
    pub fn cut(&self) {
        self.change(|inside| drop(inside.cut()));
    }

    /// After a cut.
    pub fn power_on(&self) {
        self.change(|inside| inside.without_power = false);
    }
}

impl<M: Model> Inside<M> {
    fn powered(&self) -> io::Result<()> {
        const ENODEV: i32 = 19;
        match self.without_power {
            true => Err(io::Error::from_raw_os_error(ENODEV)),
            false => Ok(()),
        }
    }

    fn takes_data(&self) -> io::Result<()> {
        const EIO: i32 = 5;
        self.powered()?;
        match self.model.busy() {
            true => Err(io::Error::from_raw_os_error(EIO)),
            false => Ok(()),
        }
    }

    fn cut(&mut self) -> CommandError {
        self.model.power_cut();
        self.without_power = true;
        CommandError::Gone
    }

    fn command(&mut self, command: &mut Command<'_>) -> Result<Answer, CommandError> {
        if self.without_power {
            return Err(CommandError::Gone);
        }
        let out = match &command.data {
            Data::Out(bytes) => Some(bytes.to_vec()),
            _ => None,
        };
        let fault = (self.faults)(self.sent.len() as u64);
        self.sent.push(Record { set: command.set, out });
        match fault {
            Fault::CutBefore => return Err(self.cut()),
            Fault::Error => {
                return Err(CommandError::Other(io::Error::other("a fault of the way")));
            }
            Fault::NoWay => return Err(CommandError::NoWay),
            Fault::None | Fault::CutAfter | Fault::Lost => {}
        }
        let answer = self.model.command(command, &mut self.memory);
        match fault {
            Fault::CutAfter => Err(self.cut()),
            Fault::Lost => Err(CommandError::Patience(command.patience)),
            _ => answer,
        }
    }
}

impl<M: Model + Send> Device for Bench<M> {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn sector(&self) -> u32 {
        512
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.change(|inside| {
            inside.takes_data()?;
            let from = inside.memory.0.get(at as usize..).unwrap_or_default();
            let count = from.len().min(into.len());
            into[..count].copy_from_slice(&from[..count]);
            Ok(count)
        })
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        self.change(|inside| {
            inside.takes_data()?;
            let to = inside.memory.0.get_mut(at as usize..).unwrap_or_default();
            let count = to.len().min(bytes.len());
            to[..count].copy_from_slice(&bytes[..count]);
            Ok(count)
        })
    }

    fn flush(&self) -> io::Result<()> {
        self.change(|inside| inside.powered())
    }

    fn empty(&self, how: Emptying, at: u64, bytes: u64) -> io::Result<()> {
        if how == Emptying::SecureDiscard {
            return Err(io::ErrorKind::Unsupported.into());
        }
        if !at.is_multiple_of(512) || !bytes.is_multiple_of(512) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        self.change(|inside| {
            inside.takes_data()?;
            inside.memory.fill(at, bytes, Fill::Pattern([0; 4]));
            Ok(())
        })
    }

    fn command(&self, command: &mut Command<'_>) -> Result<Answer, CommandError> {
        self.change(|inside| inside.command(command))
    }

    fn namespace(&self) -> Option<u32> {
        self.model(|model| model.namespace())
    }

    fn resize(&mut self) -> io::Result<()> {
        self.bytes = self.change(|inside| inside.model.bytes(&inside.memory));
        Ok(())
    }

    fn wait(&self, how_long: Duration) {
        self.change(|inside| {
            inside.waited += how_long;
            if !inside.without_power {
                inside.model.wait(how_long, &mut inside.memory);
            }
        });
    }
}
