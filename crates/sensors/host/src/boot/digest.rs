//! SHA-256 of what a stream still holds.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

const CHUNK: usize = 256 << 10;

pub fn feed(hash: &mut Sha256, stream: &mut dyn Read) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = stream.read(&mut buffer)?;
        match buffer.get(..count) {
            Some(bytes) if count > 0 => hash.update(bytes),
            _ => return Ok(()),
        }
    }
}
