//! Sends one ATA command through SG_IO, which no crate offers without `unsafe`: the kernel takes a structure that points
//! at three buffers. The only such module of this sensor. It can send nothing but the commands of [`ALLOWED`], all of which
//! read; the device is open for reading alone.

use std::{ffi::c_void, fs::File, ptr::from_mut};

use rustix::ioctl::{self, Opcode, Updater};

/// Commands that change nothing: IDENTIFY DEVICE, READ NATIVE MAX ADDRESS (EXT), GET NATIVE MAX ADDRESS EXT,
/// DEVICE CONFIGURATION IDENTIFY. With the features that they may be sent with.
const ALLOWED: [(u8, u8); 5] = [(0xEC, 0), (0xF8, 0), (0x27, 0), (0x78, 0), (0xB1, 0xC2)];

#[derive(Debug, Clone, Copy)]
pub struct Command {
    pub command: u8,
    pub features: u8,
    pub device: u8,
    /// Whether it has 48 bits of addresses.
    pub wide: bool,
    /// Whether 512 bytes come back.
    pub reads: bool,
}

impl Command {
    pub fn plain() -> Self {
        Self { command: 0, features: 0, device: 0, wide: false, reads: false }
    }

    pub fn reading() -> Self {
        Self { reads: true, ..Self::plain() }
    }

    /// ATA PASS-THROUGH (16), which asks for the registers to come back.
    fn block(self) -> [u8; 16] {
        const NO_DATA: u8 = 3 << 1;
        const DATA_IN: u8 = 4 << 1;
        const REGISTERS_BACK: u8 = 1 << 5;
        /// From the device, in blocks, of which the count register tells the number.
        const ONE_BLOCK_IN: u8 = 1 << 3 | 1 << 2 | 2;
        let mut block = [0; 16];
        block[0] = 0x85;
        block[1] = if self.reads { DATA_IN } else { NO_DATA } | u8::from(self.wide);
        block[2] = REGISTERS_BACK | if self.reads { ONE_BLOCK_IN } else { 0 };
        block[4] = self.features;
        block[6] = u8::from(self.reads);
        block[13] = self.device;
        block[14] = self.command;
        block
    }
}

pub struct Answer {
    pub data: [u8; 512],
    pub status: u8,
    /// The number in the address registers.
    pub sector: u64,
    pub device: u8,
}

/// `struct sg_io_hdr` of the kernel's `scsi/sg.h`.
#[repr(C)]
struct Header {
    interface: i32,
    direction: i32,
    command_bytes: u8,
    sense_bytes: u8,
    pieces: u16,
    data_bytes: u32,
    data: *mut c_void,
    command: *mut c_void,
    sense: *mut c_void,
    /// Milliseconds.
    patience: u32,
    flags: u32,
    pack: i32,
    user: *mut c_void,
    status: u8,
    masked_status: u8,
    message: u8,
    sense_written: u8,
    host_status: u16,
    driver_status: u16,
    left: i32,
    took: u32,
    info: u32,
}

const SG_IO: Opcode = 0x2285;

/// None where the command is refused, fails, or the device knows no such.
pub fn ask(device: &File, command: Command) -> Option<Answer> {
    if !ALLOWED.contains(&(command.command, command.features)) {
        return None;
    }
    let (mut data, mut sense, mut block) = ([0_u8; 512], [0_u8; 64], command.block());
    let mut header = Header {
        interface: i32::from(b'S'),
        direction: if command.reads { -3 } else { -1 },
        command_bytes: block.len() as u8,
        sense_bytes: sense.len() as u8,
        pieces: 0,
        data_bytes: if command.reads { data.len() as u32 } else { 0 },
        data: from_mut(&mut data).cast(),
        command: from_mut(&mut block).cast(),
        sense: from_mut(&mut sense).cast(),
        patience: 5000,
        flags: 0,
        pack: 0,
        user: std::ptr::null_mut(),
        status: 0,
        masked_status: 0,
        message: 0,
        sense_written: 0,
        host_status: 0,
        driver_status: 0,
        left: 0,
        took: 0,
        info: 0,
    };
    // SAFETY: SG_IO takes a pointer to this structure, laid out as in the kernel's header. Its three pointers lead to
    // buffers of the lengths that it names, which outlive the call; the kernel keeps none of them.
    #[allow(unsafe_code)]
    let done = unsafe { ioctl::ioctl(device, Updater::<SG_IO, Header>::new(&mut header)) };
    done.ok()?;
    let registers = registers(&sense[..usize::from(header.sense_written).min(sense.len())]);
    let failed = header.host_status != 0 || (header.status != 0 && registers.is_none());
    if failed || (!command.reads && registers.is_none()) {
        return None;
    }
    let (status, sector, device) = registers.unwrap_or_default();
    (status & 1 == 0).then_some(Answer { data, status, sector, device })
}

/// Status, address and device of the descriptor that ATA's answer comes back in.
fn registers(sense: &[u8]) -> Option<(u8, u64, u8)> {
    let descriptor = sense.get(8..22)?;
    if !matches!(sense[0] & 0x7F, 0x72 | 0x73) || descriptor[0] != 9 || descriptor[1] != 12 {
        return None;
    }
    // The older half of each register stands before the newer one.
    let order = [10, 8, 6, 11, 9, 7];
    let wide = descriptor[2] & 1 == 1;
    let used = if wide { &order[..] } else { &order[3..] };
    let sector = used.iter().fold(0, |sum, at| sum << 8 | u64::from(descriptor[*at]));
    Some((descriptor[13], sector, descriptor[12]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registers_come_back_in_their_order() {
        // Synthetic, as SAT lays it out: extend, error, count, then the address, device and status.
        let mut sense = vec![0x72, 0x01, 0x00, 0x1D, 0, 0, 0, 14];
        sense.extend([9, 12, 1, 0, 0, 0, 0x44, 0x11, 0x55, 0x22, 0x66, 0x33, 0x40, 0x50]);
        assert_eq!(registers(&sense), Some((0x50, 0x6655_4433_2211, 0x40)));
        sense[10] = 0;
        assert_eq!(registers(&sense), Some((0x50, 0x33_2211, 0x40)));
        sense[8] = 4;
        assert_eq!(registers(&sense), None);
        assert_eq!(registers(&[]), None);
    }

    #[test]
    fn only_commands_that_read_are_sent() {
        let file = tempfile::tempfile().unwrap();
        for command in [0xF9, 0x37, 0xF6, 0x35, 0xCA] {
            assert!(ask(&file, Command { command, ..Command::plain() }).is_none());
        }
        let set = Command { command: 0xB1, features: 0xC3, ..Command::plain() };
        assert!(!ALLOWED.contains(&(set.command, set.features)) && ask(&file, set).is_none());
        let block = Command { command: 0xEC, ..Command::reading() }.block();
        assert_eq!((block[0], block[1], block[6], block[14]), (0x85, 8, 1, 0xEC));
        // No disk: the kernel refuses.
        assert!(ask(&file, Command { command: 0xEC, ..Command::reading() }).is_none());
    }
}
