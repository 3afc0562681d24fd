//! Unpacks one block by the packer of the volume; never to more than it may be.

use std::io::Read;

use super::lzo;

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

    pub fn unpack(self, packed: &[u8], most: usize) -> Option<Vec<u8>> {
        match self {
            Self::Gzip => read(flate2::read::ZlibDecoder::new(packed), most),
            Self::Lzma => {
                let reader = lzma_rust2::LzmaReader::new_mem_limit(packed, MOST_MEMORY_KIB, None);
                read(reader.ok()?, most)
            }
            Self::Xz => {
                let reader = lzma_rust2::XzReader::new_mem_limit(packed, false, MOST_MEMORY_KIB);
                read(reader, most)
            }
            Self::Lzo => lzo::unpack(packed, most),
            Self::Lz4 => lz4_flex::block::decompress(packed, most).ok(),
            Self::Zstd => zstd::bulk::decompress(packed, most).ok(),
        }
    }
}

fn read(reader: impl Read, most: usize) -> Option<Vec<u8>> {
    let mut into = Vec::new();
    // One more byte than may be would show.
    reader.take(most as u64 + 1).read_to_end(&mut into).ok()?;
    (into.len() <= most).then_some(into)
}
