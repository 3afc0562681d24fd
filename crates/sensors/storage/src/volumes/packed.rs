//! What flash file systems pack their pieces with, and how they check them. Each piece is at most as large as its
//! record says, and no record may say more than the caller allows.

use std::io::Read;

pub fn inflate(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    take(flate2::read::DeflateDecoder::new(packed), most)
}

pub fn zlib(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    take(flate2::read::ZlibDecoder::new(packed), most)
}

pub fn zstd(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    zstd::bulk::decompress(packed, most).ok()
}

/// What could be unpacked, even where the end is wrong.
fn take(decoder: impl Read, most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(most.min(1 << 16));
    let end = decoder.take(most as u64).read_to_end(&mut out);
    (end.is_ok() || !out.is_empty()).then_some(out)
}

/// CRC-32 without the inversion at its end, from a seed.
pub fn crc32(seed: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(!seed);
    hasher.update(bytes);
    !hasher.finalize()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_check_value_is_right() {
        assert_eq!(!super::crc32(!0, b"123456789"), 0xCBF4_3926);
    }
}
