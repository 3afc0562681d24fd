//! BLKSECDISCARD and BLKZEROOUT of the kernel's `linux/fs.h`.

use std::{fs::File, io};

use rustix::ioctl::{self, Opcode, Setter, opcode};

use crate::device::Emptying;

const SECURE_DISCARD: Opcode = opcode::none(0x12, 125);
const ZERO_OUT: Opcode = opcode::none(0x12, 127);

/// Asks the kernel to make a stretch empty, and comes back when it is.
pub fn empty(device: &File, how: Emptying, at: u64, bytes: u64) -> io::Result<()> {
    let done = match how {
        Emptying::SecureDiscard => secure_discard(device, [at, bytes]),
        Emptying::ZeroOut => zero_out(device, [at, bytes]),
    };
    Ok(done?)
}

fn secure_discard(device: &File, stretch: [u64; 2]) -> rustix::io::Result<()> {
    // SAFETY: the kernel reads two numbers of 64 bits from the pointer.
    #[allow(unsafe_code)]
    unsafe {
        ioctl::ioctl(device, Setter::<SECURE_DISCARD, [u64; 2]>::new(stretch))
    }
}

fn zero_out(device: &File, stretch: [u64; 2]) -> rustix::io::Result<()> {
    // SAFETY: the kernel reads two numbers of 64 bits from the pointer.
    #[allow(unsafe_code)]
    unsafe {
        ioctl::ioctl(device, Setter::<ZERO_OUT, [u64; 2]>::new(stretch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_kernels() {
        if cfg!(target_arch = "x86_64") {
            assert_eq!((SECURE_DISCARD, ZERO_OUT), (0x127D, 0x127F));
        }
    }

    #[test]
    fn a_plain_file_is_no_block_device() {
        let file = tempfile::tempfile().unwrap();
        for how in [Emptying::SecureDiscard, Emptying::ZeroOut] {
            assert!(empty(&file, how, 0, 512).is_err());
        }
    }
}
