use std::io::Read;

use super::*;

fn sample() -> Vec<u8> {
    (0..WINDOW as u32 * 3 / 4).flat_map(u32::to_be_bytes).collect()
}

#[test]
fn every_place_is_seen_through_the_window() {
    let bytes = sample();
    let mut stretch = Stretch::new(&bytes);
    for at in [0, 4, 4096, 70_000, 8, bytes.len() - 4, 300_000, 299_996] {
        assert_eq!(stretch.u32_be(at as u64), Some(at as u32 / 4), "{at}");
    }
    assert_eq!(stretch.peek(0, usize::MAX).len(), WINDOW);
    assert_eq!(stretch.peek(bytes.len() as u64 - 3, 8).len(), 3);
    assert_eq!(stretch.u32_be(bytes.len() as u64 - 3), None);
    assert!(stretch.peek(u64::MAX, 8).is_empty());
}

#[test]
fn aiming_elsewhere_forgets_nothing_wrong() {
    let bytes = sample();
    let mut stretch = Stretch::new(&bytes);
    for (start, at) in [(0, 0), (4096, 4), (4000, 0), (100_000, 8), (60_000, 400), (60_004, 0)] {
        stretch.aim(start, u64::MAX);
        assert_eq!(stretch.u32_be(at), Some((start + at) as u32 / 4), "{start} {at}");
    }
    stretch.aim(8, 6);
    assert_eq!((stretch.len(), stretch.peek(4, 10).len()), (6, 2));
    stretch.aim(u64::MAX, 6);
    assert!(stretch.is_empty() && stretch.peek(0, 1).is_empty());
}

#[test]
fn what_lies_across_windows_is_found() {
    let mut bytes = vec![0_u8; WINDOW * 2];
    for at in [WINDOW - 3, WINDOW * 2 - 6] {
        bytes[at..at + 6].copy_from_slice(b"needle");
    }
    let mut stretch = Stretch::new(&bytes);
    assert_eq!(stretch.find(0, u64::MAX, b"needle"), Some(WINDOW as u64 - 3));
    let second = Some(WINDOW as u64 * 2 - 6);
    assert_eq!(stretch.find(WINDOW as u64, u64::MAX, b"needle"), second);
    assert_eq!(stretch.find(WINDOW as u64, WINDOW as u64 * 2 - 1, b"needle"), None);
    assert_eq!(stretch.find(0, 4, b"needle"), None);
}

#[test]
fn a_reader_ends_where_it_was_told() {
    let bytes = sample();
    let mut stretch = Stretch::new(&bytes);
    let mut read = Vec::new();
    stretch.reader(5, 300_000).read_to_end(&mut read).unwrap();
    assert_eq!(read, bytes[5..300_005]);
}

#[test]
fn who_goes_round_in_circles_sees_nothing_more() {
    let bytes = sample();
    let mut stretch = Stretch::new(&bytes);
    // Within what was read already, and so far apart that each look reads anew.
    let circle = |stretch: &mut Stretch, looks: u64, far: u64| {
        (0..looks).take_while(|look| stretch.u8(look % 2 * far).is_some()).count() as u64
    };
    let looks = looks::LOOKS * 2;
    assert_eq!(circle(&mut stretch, looks, 100), looks);
    assert!(!stretch.gave_up());
    stretch.aim(0, u64::MAX);
    let seen = circle(&mut stretch, looks, 100);
    assert!(seen >= looks::LOOKS && seen < looks);
    assert!(stretch.peek(0, 1).is_empty() && stretch.gave_up() && !stretch.gave_up());
    stretch.aim(0, u64::MAX);
    let seen = circle(&mut stretch, looks, 5000);
    assert!((looks::ROOM / 4096..looks::LOOKS).contains(&seen), "{seen}");
    assert!(stretch.peek(0, 1).is_empty() && stretch.gave_up() && !stretch.gave_up());
    stretch.aim(8, u64::MAX);
    assert_eq!(stretch.u32_be(0), Some(2));
    stretch.join_gave_up(true);
    stretch.join_gave_up(false);
    assert!(stretch.gave_up());
    // As often as there are bytes anybody may look.
    stretch.aim(0, u64::MAX);
    assert!((0..bytes.len() as u64).all(|at| stretch.u8(at).is_some()));
}

#[test]
fn what_was_passed_over_counts_when_it_is_read() {
    let bytes = vec![1; 16 << 20];
    let mut stretch = Stretch::new(&bytes);
    stretch.aim(0, u64::MAX);
    // As of a picture whose directory stands at its end.
    assert!(stretch.u32_be(0).is_some() && stretch.u32_be(bytes.len() as u64 - 4).is_some());
    let mut places = (0..bytes.len() as u64).step_by(6);
    assert!(bytes.len() as u64 / 6 > looks::LOOKS && places.all(|at| stretch.u8(at).is_some()));
    // It counts once.
    let mut again = (0..bytes.len() as u64).step_by(5000).cycle().take(1 << 21);
    assert!(!again.all(|at| stretch.u8(at).is_some()));
    assert!(stretch.gave_up());
}
