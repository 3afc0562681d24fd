//! The memory of a command, as the kernel's structures name it: an address, a length, a direction.

use std::ffi::c_void;

use crate::device::{CommandError, Data};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    None,
    In,
    Out,
}

/// Valid as long as the `Data` that it was made of is borrowed.
pub struct Buffer {
    pub address: *mut c_void,
    pub bytes: u32,
    pub direction: Direction,
}

impl Buffer {
    pub fn of(data: &mut Data<'_>) -> Result<Self, CommandError> {
        let (address, bytes, direction) = match data {
            Data::None => (std::ptr::null_mut(), 0, Direction::None),
            Data::In(into) => (into.as_mut_ptr().cast(), into.len(), Direction::In),
            // The kernel only reads where the direction is out.
            Data::Out(from) => (from.as_ptr().cast_mut().cast(), from.len(), Direction::Out),
        };
        let bytes = u32::try_from(bytes).map_err(|_| CommandError::NoWay)?;
        Ok(Self { address, bytes, direction })
    }

    /// As a number, where a structure has it so.
    pub fn number(&self) -> u64 {
        self.address.expose_provenance() as u64
    }
}
