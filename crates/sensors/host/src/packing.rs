//! What unpacks gzip, zstd, xz, lzma and lz4, as a stream. An unpacker may keep 64 MiB of what it
//! unpacked in memory; how much comes out its reader must limit. bzip2 and lzo are not known.

use std::io::{self, BufRead, Read};

/// The most that an unpacker may look back, as a power of two, and in KiB with what else it needs.
const WINDOW_LOG: u32 = 26;
const WINDOW_KIB: u32 = 70 << 10;
/// By so many bytes the packing is known.
pub const MAGIC: u64 = 6;

/// How a file, or a layer of it, is packed, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
    Xz,
    Lzma,
    Lz4,
    /// One that has a name and no reader here.
    Unknown(&'static str),
}

impl Packing {
    pub fn of(start: &[u8]) -> Option<Self> {
        let known: [(&[u8], Self); 9] = [
            (b"\x1f\x8b", Self::Gzip),
            (b"\x28\xb5\x2f\xfd", Self::Zstd),
            (b"\xfd7zXZ\0", Self::Xz),
            (b"\x5d\0\0", Self::Lzma),
            (b"\x02\x21\x4c\x18", Self::Lz4),
            (b"\x04\x22\x4d\x18", Self::Lz4),
            (b"BZh", Self::Unknown("bzip2")),
            (b"\x89LZO", Self::Unknown("lzo")),
            (b"\x1f\x9e", Self::Gzip),
        ];
        known.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, packing)| *packing)
    }

    pub fn open<'a>(self, input: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::bufread::GzDecoder::new(input)),
            Self::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(input)?.single_frame();
                decoder.window_log_max(WINDOW_LOG)?;
                Box::new(decoder)
            }
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(input, false, WINDOW_KIB)),
            Self::Lzma => Box::new(lzma_rust2::LzmaReader::new_mem_limit(input, WINDOW_KIB, None)?),
            Self::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(input)),
            Self::Unknown(name) => {
                let detail = format!("packed with {name}, which is not known here");
                return Err(io::Error::new(io::ErrorKind::Unsupported, detail));
            }
        })
    }
}
