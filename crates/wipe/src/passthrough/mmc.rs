//! MMC_IOC_CMD and MMC_IOC_MULTI_CMD of the kernel's `linux/mmc/ioctl.h`. Commands of one series are sent with nothing in between.

use std::{fs::File, time::Duration};

use rustix::ioctl::{self, Opcode, Updater, opcode};

use super::{
    buffer::{Buffer, Direction},
    error, milliseconds,
};
use crate::device::{Answer, CommandError, Data, MmcCommand};

const BLOCK: u32 = 512;

/// `struct mmc_ioc_cmd`.
#[repr(C)]
#[derive(Debug, Default, Clone, Copy)]
struct One {
    writes: i32,
    application: i32,
    index: u32,
    argument: u32,
    response: [u32; 4],
    flags: u32,
    block_bytes: u32,
    blocks: u32,
    least_sleep: u32,
    most_sleep: u32,
    data_patience: u32,
    /// Milliseconds.
    patience: u32,
    padding: u32,
    data: u64,
}

/// `struct mmc_ioc_multi_cmd` and its array.
#[repr(C)]
#[derive(Debug)]
struct Series {
    count: u64,
    commands: [One; 3],
}

const MAJOR: u8 = 179;
const ONE: Opcode = opcode::read_write::<One>(MAJOR, 0);
/// The kernel's number counts the structure without its array.
const SERIES: Opcode = opcode::read_write::<u64>(MAJOR, 1);

impl One {
    fn of(command: MmcCommand, buffer: &Buffer, patience: Duration) -> Self {
        let moves = buffer.direction != Direction::None;
        Self {
            writes: i32::from(buffer.direction == Direction::Out),
            index: command.index,
            argument: command.argument,
            flags: command.flags,
            block_bytes: if moves { BLOCK } else { 0 },
            blocks: buffer.bytes / BLOCK,
            patience: milliseconds(patience),
            data: if moves { buffer.number() } else { 0 },
            ..Self::default()
        }
    }
}

pub fn send(
    device: &File,
    series: &[MmcCommand],
    data: &mut Data<'_>,
    patience: Duration,
) -> Result<Answer, CommandError> {
    let buffer = Buffer::of(data)?;
    let response = match *series {
        [command] if buffer.bytes % BLOCK == 0 => {
            let mut one = One::of(command, &buffer, patience);
            send_one(device, &mut one).map_err(|code| error(code, patience))?;
            one.response
        }
        [_, _, ..] if buffer.direction == Direction::None => {
            let mut commands = Series { count: series.len() as u64, commands: Default::default() };
            for (place, command) in commands.commands.iter_mut().zip(series) {
                *place = One::of(*command, &buffer, patience);
            }
            send_series(device, &mut commands).map_err(|code| error(code, patience))?;
            together(&commands, series.len())
        }
        _ => return Err(CommandError::NoWay),
    };
    Ok(Answer { status: response[0], result: 0, sense: Vec::new() })
}

/// The errors of all of them; the state is the last one's.
fn together(series: &Series, count: usize) -> [u32; 4] {
    const ERRORS: u32 = 0xFFFF_E080;
    let used = series.commands.get(..count).unwrap_or(&series.commands);
    let errors = used.iter().fold(0, |all, one| all | (one.response[0] & ERRORS));
    [used.last().map_or(0, |one| one.response[0]) | errors, 0, 0, 0]
}

fn send_one(device: &File, one: &mut One) -> rustix::io::Result<()> {
    // SAFETY: the structure is laid out as in the kernel's header; its data, where it has any, is of the length that it names and
    // outlives the call.
    #[allow(unsafe_code)]
    unsafe {
        ioctl::ioctl(device, Updater::<ONE, One>::new(one))
    }
}

fn send_series(device: &File, series: &mut Series) -> rustix::io::Result<()> {
    // SAFETY: the kernel reads `count` structures after the count, which is at most the three that are there; none has data.
    #[allow(unsafe_code)]
    unsafe {
        ioctl::ioctl(device, Updater::<SERIES, Series>::new(series))
    }
}

#[cfg(test)]
mod tests {
    use std::mem::{offset_of, size_of};

    use super::*;

    #[test]
    fn the_structures_are_laid_out_as_in_the_kernels_header() {
        assert_eq!((size_of::<One>(), offset_of!(Series, commands)), (72, 8));
        let places = [
            (offset_of!(One, index), 8),
            (offset_of!(One, argument), 12),
            (offset_of!(One, response), 16),
            (offset_of!(One, flags), 32),
            (offset_of!(One, block_bytes), 36),
            (offset_of!(One, blocks), 40),
            (offset_of!(One, least_sleep), 44),
            (offset_of!(One, data_patience), 52),
            (offset_of!(One, patience), 56),
            (offset_of!(One, data), 64),
        ];
        assert!(places.iter().all(|(is, should)| is == should), "{places:?}");
        if cfg!(target_arch = "x86_64") {
            assert_eq!((ONE, SERIES), (0xC048_B300, 0xC008_B301));
        }
    }

    #[test]
    fn data_is_counted_in_blocks() {
        let mut into = [0; 512];
        let command = MmcCommand { index: 8, argument: 0, flags: 0x35 };
        let buffer = Buffer::of(&mut Data::In(&mut into)).unwrap();
        let one = One::of(command, &buffer, Duration::from_secs(3));
        assert_eq!((one.writes, one.block_bytes, one.blocks, one.patience), (0, 512, 1, 3000));
        assert_ne!(one.data, 0);
        let none = One::of(command, &Buffer::of(&mut Data::None).unwrap(), Duration::ZERO);
        assert_eq!((none.block_bytes, none.blocks, none.data), (0, 0, 0));
    }

    #[test]
    fn an_error_of_any_command_in_a_series_is_seen() {
        let mut series = Series { count: 3, commands: [One::default(); 3] };
        series.commands[1].response[0] = 1 << 28 | 4 << 9;
        series.commands[2].response[0] = 7 << 9;
        assert_eq!(together(&series, 3)[0], 1 << 28 | 7 << 9);
    }
}
