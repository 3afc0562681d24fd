//! Against pictures whose codes say what others do not.

use super::{
    super::tests::{made, walk},
    JPEG,
};
use crate::{
    Stretch,
    formats::{End, Proof, Walked},
};

/// A table of two codes, `0` and `10`.
fn table(class: u8, symbols: [u8; 2]) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xC4, 0, 21, class, 1, 1];
    bytes.extend([0; 14]);
    bytes.extend(symbols);
    bytes
}

/// The head of one of a component, and its scan.
fn head(frame: u8, scan: [u8; 3]) -> Vec<u8> {
    let quantisers = [&[0xFF, 0xDB, 0, 131, 0x10][..], &[0xFF; 128]].concat();
    let frame = [0xFF, frame, 0, 11, 8, 0, 64, 0, 64, 1, 1, 0x11, 0];
    let scan = [&[0xFF, 0xDA, 0, 8, 1, 1, 0][..], &scan].concat();
    [&[0xFF, 0xD8][..], &quantisers, &frame, &table(0, [0, 15]), &scan].concat()
}

#[test]
fn black_parts_of_a_lossless_one_are_no_break() {
    let data = [&[0x55; 3000][..], &[0; 3000], &[0x55; 3000]].concat();
    let bytes = [&head(0xC3, [1, 0, 0])[..], &data, &[0xFF, 0xD9]].concat();
    let walked = walk("jpeg", &bytes).unwrap();
    let whole = (bytes.len() as u64, End::Whole, Proof::Structure);
    assert_eq!((walked.length, walked.end, walked.proof), whole);
}

#[test]
fn a_mean_that_no_picture_has_is_not_reckoned_with() {
    let data = [0b1011_1111; 64];
    let bytes = [&head(0xC2, [0, 0, 0x0D])[..], &data, &[0xFF, 0xD9]].concat();
    let broken = Walked::broken(bytes.len() as u64, Proof::Structure);
    JPEG.picture.unwrap()(&mut Stretch::new(&bytes), &broken);
}

#[test]
fn nothing_of_a_progressive_one_comes_before_its_means() {
    let Some(bytes) = made(&["-interlace", "JPEG", "-quality", "80"], "jpeg") else { return };
    let scan = memchr::memmem::find(&bytes, &[0xFF, 0xDA]).unwrap();
    let data = scan + 2 + usize::from(bytes[scan + 3]);
    let marker = |at: &usize| bytes[*at] == 0xFF && bytes[at + 1] != 0;
    let next = (data..bytes.len() - 1).find(marker).unwrap();
    let without = [&bytes[..scan], &bytes[next..]].concat();
    assert!(walk("jpeg", &without).is_none_or(|walked| walked.end == End::Broken));
}
