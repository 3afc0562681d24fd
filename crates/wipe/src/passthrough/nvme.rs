//! NVME_IOCTL_ADMIN_CMD and NVME_IOCTL_ID of the kernel's `linux/nvme_ioctl.h`.

use std::{
    ffi::c_void,
    fs::File,
    ptr::{from_mut, null_mut},
    time::Duration,
};

use rustix::ioctl::{self, Ioctl, IoctlOutput, Opcode, opcode};

use super::{buffer::Buffer, error, milliseconds};
use crate::device::{Answer, CommandError, Data};

/// `struct nvme_admin_cmd`.
#[repr(C)]
#[derive(Debug, Default)]
struct Admin {
    opcode: u8,
    flags: u8,
    reserved: u16,
    namespace: u32,
    words_2_3: [u32; 2],
    metadata: u64,
    address: u64,
    metadata_bytes: u32,
    bytes: u32,
    words_10_15: [u32; 6],
    /// Milliseconds.
    patience: u32,
    result: u32,
}

const ADMIN: Opcode = opcode::read_write::<Admin>(b'N', 0x41);
const ID: Opcode = opcode::none(b'N', 0x40);

impl Admin {
    fn of(words: &[u32; 16], buffer: &Buffer, patience: Duration) -> Self {
        let [first, namespace, w2, w3, _, _, _, _, _, _, w10, w11, w12, w13, w14, w15] = *words;
        Self {
            opcode: first as u8,
            namespace,
            words_2_3: [w2, w3],
            address: buffer.number(),
            bytes: buffer.bytes,
            words_10_15: [w10, w11, w12, w13, w14, w15],
            patience: milliseconds(patience),
            ..Self::default()
        }
    }
}

/// A call whose returned number says something: the status of a command, or the number of a namespace.
struct Numbered<'a> {
    opcode: Opcode,
    admin: Option<&'a mut Admin>,
}

// SAFETY: the opcode and what its pointer leads to are set together below, as the kernel's header pairs them. The output is the
// returned number; the pointer is not looked at again.
#[allow(unsafe_code)]
unsafe impl Ioctl for Numbered<'_> {
    type Output = i32;

    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        self.opcode
    }

    fn as_ptr(&mut self) -> *mut c_void {
        self.admin.as_deref_mut().map_or(null_mut(), |admin| from_mut(admin).cast())
    }

    unsafe fn output_from_ptr(output: IoctlOutput, _: *mut c_void) -> rustix::io::Result<i32> {
        Ok(output)
    }
}

pub fn send(
    device: &File,
    words: &[u32; 16],
    data: &mut Data<'_>,
    patience: Duration,
) -> Result<Answer, CommandError> {
    let buffer = Buffer::of(data)?;
    let mut admin = Admin::of(words, &buffer, patience);
    let call = Numbered { opcode: ADMIN, admin: Some(&mut admin) };
    let status = call_kernel(device, call).map_err(|code| error(code, patience))?;
    Ok(Answer { status: status.unsigned_abs(), result: admin.result, sense: Vec::new() })
}

/// The number of the namespace that a block device is; none where it is none of NVMe.
pub fn namespace(device: &File) -> Option<u32> {
    let number = call_kernel(device, Numbered { opcode: ID, admin: None }).ok()?;
    u32::try_from(number).ok().filter(|number| *number != 0)
}

fn call_kernel(device: &File, call: Numbered<'_>) -> rustix::io::Result<i32> {
    // SAFETY: the structure is laid out as in the kernel's header. Its address and length name the buffer of the command, which is
    // borrowed by the caller until this returns; the kernel keeps neither.
    #[allow(unsafe_code)]
    unsafe {
        ioctl::ioctl(device, call)
    }
}

#[cfg(test)]
mod tests {
    use std::mem::{offset_of, size_of};

    use super::*;

    #[test]
    fn the_structure_is_laid_out_as_in_the_kernels_header() {
        assert_eq!(size_of::<Admin>(), 72);
        let places = [
            (offset_of!(Admin, opcode), 0),
            (offset_of!(Admin, namespace), 4),
            (offset_of!(Admin, words_2_3), 8),
            (offset_of!(Admin, metadata), 16),
            (offset_of!(Admin, address), 24),
            (offset_of!(Admin, metadata_bytes), 32),
            (offset_of!(Admin, bytes), 36),
            (offset_of!(Admin, words_10_15), 40),
            (offset_of!(Admin, patience), 64),
            (offset_of!(Admin, result), 68),
        ];
        assert!(places.iter().all(|(is, should)| is == should), "{places:?}");
        if cfg!(target_arch = "x86_64") {
            assert_eq!((ADMIN, ID), (0xC048_4E41, 0x4E40));
        }
    }

    #[test]
    fn the_words_of_a_command_stand_in_their_fields() {
        let mut words = std::array::from_fn(|word| word as u32 * 0x0101);
        words[0] = 0x84;
        let mut data = [0; 8];
        let buffer = Buffer::of(&mut Data::In(&mut data)).unwrap();
        let admin = Admin::of(&words, &buffer, Duration::from_secs(2));
        assert_eq!((admin.opcode, admin.flags, admin.namespace), (0x84, 0, 0x0101));
        assert_eq!(admin.words_2_3, [0x0202, 0x0303]);
        assert_eq!(admin.words_10_15, [0x0A0A, 0x0B0B, 0x0C0C, 0x0D0D, 0x0E0E, 0x0F0F]);
        assert_eq!((admin.bytes, admin.patience, admin.metadata), (8, 2000, 0));
        assert_eq!(admin.address, data.as_ptr().addr() as u64);
    }
}
