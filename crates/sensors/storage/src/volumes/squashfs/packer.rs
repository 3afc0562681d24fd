//! Unpacks one block by the packer of the volume; never to more than it may be.

use std::io::Read;

use crate::{lzo, volumes::packed};

#[derive(Debug, Clone, Copy)]
pub enum Packer {
    Gzip,
    Lzma,
    Lzo,
    Xz,
    Lz4,
    Zstd,
}

/// The most that a decoder of LZMA may take.
const MOST_MEMORY_KIB: u32 = 16 * 1024;

impl Packer {
    pub fn new(number: u16) -> Option<Self> {
        let all = [Self::Gzip, Self::Lzma, Self::Lzo, Self::Xz, Self::Lz4, Self::Zstd];
        all.get(usize::from(number).checked_sub(1)?).copied()
    }

    pub fn unpack(self, bytes: &[u8], most: usize) -> Option<Vec<u8>> {
        match self {
            Self::Gzip => read(flate2::read::ZlibDecoder::new(bytes), most),
            Self::Lzma => {
                let reader = lzma_rust2::LzmaReader::new_mem_limit(bytes, MOST_MEMORY_KIB, None);
                read(reader.ok()?, most)
            }
            Self::Xz => {
                let reader = lzma_rust2::XzReader::new_mem_limit(bytes, false, MOST_MEMORY_KIB);
                read(reader, most)
            }
            Self::Lzo => lzo::unpack(bytes, most),
            Self::Lz4 => lz4_flex::block::decompress(bytes, most).ok(),
            Self::Zstd => packed::zstd(bytes, most),
        }
    }
}

fn read(reader: impl Read, most: usize) -> Option<Vec<u8>> {
    let mut into = Vec::new();
    // One more byte than may be would show.
    reader.take(most as u64 + 1).read_to_end(&mut into).ok()?;
    (into.len() <= most).then_some(into)
}
