//! SG_IO of the kernel's `scsi/sg.h`, third version.

use std::{
    ffi::c_void,
    fs::File,
    ptr::{from_mut, null_mut},
    time::Duration,
};

use rustix::ioctl::{self, Opcode, Updater};

use super::{
    buffer::{Buffer, Direction},
    error, milliseconds,
};
use crate::device::{Answer, CommandError, Data};

/// `struct sg_io_hdr`.
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

/// A number from before the kernel built numbers out of parts.
const SG_IO: Opcode = 0x2285;

pub fn send(
    device: &File,
    block: &[u8],
    data: &mut Data<'_>,
    patience: Duration,
) -> Result<Answer, CommandError> {
    let mut command = block.to_vec();
    let mut sense = [0_u8; 252];
    let mut header = header(&mut command, &mut sense, &Buffer::of(data)?, patience)?;
    call_kernel(device, &mut header).map_err(|code| error(code, patience))?;
    reached(header.host_status, patience)?;
    let written = usize::from(header.sense_written).min(sense.len());
    let sense = sense.get(..written).unwrap_or_default().to_vec();
    Ok(Answer { status: u32::from(header.status), result: 0, sense })
}

fn header(
    command: &mut [u8],
    sense: &mut [u8],
    buffer: &Buffer,
    patience: Duration,
) -> Result<Header, CommandError> {
    let bytes = |bytes: &[u8]| u8::try_from(bytes.len()).map_err(|_| CommandError::NoWay);
    Ok(Header {
        interface: i32::from(b'S'),
        direction: match buffer.direction {
            Direction::None => -1,
            Direction::Out => -2,
            Direction::In => -3,
        },
        command_bytes: bytes(command)?,
        sense_bytes: bytes(sense)?,
        pieces: 0,
        data_bytes: buffer.bytes,
        data: buffer.address,
        command: from_mut(command).cast(),
        sense: from_mut(sense).cast(),
        patience: milliseconds(patience),
        flags: 0,
        pack: 0,
        user: null_mut(),
        status: 0,
        masked_status: 0,
        message: 0,
        sense_written: 0,
        host_status: 0,
        driver_status: 0,
        left: 0,
        took: 0,
        info: 0,
    })
}

/// What the host adapter says of the way to the device.
fn reached(host_status: u16, patience: Duration) -> Result<(), CommandError> {
    match host_status {
        0 => Ok(()),
        // DID_NO_CONNECT and DID_BAD_TARGET.
        1 | 4 => Err(CommandError::Gone),
        // DID_TIME_OUT.
        3 => Err(CommandError::Patience(patience)),
        other => Err(CommandError::Other(std::io::Error::other(format!(
            "the host adapter reports {other:#04x}"
        )))),
    }
}

fn call_kernel(device: &File, header: &mut Header) -> rustix::io::Result<()> {
    // SAFETY: SG_IO takes a pointer to this structure, laid out as in the kernel's header. Its three pointers lead to buffers of the
    // lengths that it names, which outlive the call; the kernel keeps none of them.
    #[allow(unsafe_code)]
    unsafe {
        ioctl::ioctl(device, Updater::<SG_IO, Header>::new(header))
    }
}

#[cfg(test)]
mod tests {
    use std::mem::{offset_of, size_of};

    use super::*;

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn the_structure_is_laid_out_as_in_the_kernels_header() {
        assert_eq!(size_of::<Header>(), 88);
        let places = [
            (offset_of!(Header, direction), 4),
            (offset_of!(Header, command_bytes), 8),
            (offset_of!(Header, sense_bytes), 9),
            (offset_of!(Header, pieces), 10),
            (offset_of!(Header, data_bytes), 12),
            (offset_of!(Header, data), 16),
            (offset_of!(Header, command), 24),
            (offset_of!(Header, sense), 32),
            (offset_of!(Header, patience), 40),
            (offset_of!(Header, flags), 44),
            (offset_of!(Header, user), 56),
            (offset_of!(Header, status), 64),
            (offset_of!(Header, sense_written), 67),
            (offset_of!(Header, host_status), 68),
            (offset_of!(Header, driver_status), 70),
            (offset_of!(Header, left), 72),
            (offset_of!(Header, took), 76),
            (offset_of!(Header, info), 80),
        ];
        assert!(places.iter().all(|(is, should)| is == should), "{places:?}");
    }

    #[test]
    fn a_direction_is_the_one_of_the_data() {
        let of = |mut data: Data<'_>| {
            let buffer = Buffer::of(&mut data).unwrap();
            let header = header(&mut [0x48; 10], &mut [0; 252], &buffer, Duration::from_secs(1));
            let header = header.unwrap();
            assert_eq!((header.interface, header.command_bytes), (0x53, 10));
            (header.direction, header.data_bytes)
        };
        assert_eq!(of(Data::None), (-1, 0));
        assert_eq!(of(Data::Out(&[0; 8])), (-2, 8));
        assert_eq!(of(Data::In(&mut [0; 512])), (-3, 512));
    }

    #[test]
    fn the_way_to_the_device_can_fail() {
        let second = Duration::from_secs(1);
        assert!(reached(0, second).is_ok());
        assert!(matches!(reached(1, second), Err(CommandError::Gone)));
        assert!(matches!(reached(3, second), Err(CommandError::Patience(_))));
        assert!(matches!(reached(7, second), Err(CommandError::Other(_))));
    }
}
