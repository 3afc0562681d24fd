use super::*;

/// Pages of text-like chance with spare areas as controllers fill them, and blank pages.
fn dump(geometry: Geometry, pages: u64, magic: Option<&[u8]>) -> (Vec<u8>, Vec<u8>) {
    let (mut raw, mut data) = (Vec::new(), Vec::new());
    let mut seed = 3_u64;
    for page in 0..pages {
        let start = data.len();
        for _ in 0..geometry.page {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            data.push(if page % 5 == 4 { 0xFF } else { (seed >> 56) as u8 });
        }
        if let (Some(magic), 0 | 1) = (magic, page % 32) {
            data[start..start + magic.len()].copy_from_slice(magic);
        }
        raw.extend(&data[start..]);
        for at in 0..geometry.spare {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let marked = if magic.is_some() {
                99
            } else if geometry.page == 512 {
                5
            } else {
                0
            };
            raw.push(if page % 5 == 4 || at == marked { 0xFF } else { (seed >> 56) as u8 });
        }
    }
    (raw, data)
}

#[test]
fn spare_areas_are_recognised_and_left_out() {
    for (page, spare) in
        [(512, 16), (2048, 64), (2048, 128), (4096, 128), (4096, 224), (4096, 256), (8192, 448)]
    {
        let geometry = Geometry::new(page, spare);
        for magic in [None, Some(&b"UBI#\x01\0\0\0"[..])] {
            let (raw, data) = dump(geometry, 256, magic);
            assert_eq!(recognise(&raw), Some(geometry), "{geometry} {magic:?}");
            let flash = Flash::new(Box::new(raw), geometry);
            assert_eq!(flash.len(), data.len() as u64);
            for (at, count) in
                [(0, data.len()), (100, 5000), (page as usize - 1, 2), (data.len() - 7, 7)]
            {
                let mut bytes = vec![0; count];
                flash.read(at as u64, &mut bytes, &mut |_| panic!("nothing is lost"));
                assert!(bytes == data[at..at + count], "{geometry} {at}");
            }
        }
    }
}

#[test]
fn what_has_no_spare_areas_is_left_as_it_is() {
    // Its length fits 2048+64.
    let (_, plain) = dump(Geometry::new(2112, 1), 2048, None);
    assert_eq!(recognise(&plain), None);
    for filler in [0, 0xFF, 0x55] {
        assert_eq!(recognise(&vec![filler; 2112 * 1024]), None);
    }
    assert_eq!(recognise(&Vec::new()), None);
}

#[test]
fn what_is_lost_of_the_dump_is_lost_of_its_pages() {
    struct Bad(Vec<u8>);
    impl Layer for Bad {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
            Layer::read(&self.0, at, into, &mut |_| {});
            let (from, to) = (at.max(2000), (at + into.len() as u64).min(2200));
            if from < to {
                lost(Run::new(from, to - from));
            }
        }
    }
    let flash = Flash::new(Box::new(Bad(vec![1; 2112 * 4 + 100])), Geometry::new(2048, 64));
    assert_eq!(flash.len(), 4 * 2048 + 100);
    let mut lost = Vec::new();
    flash.read(0, &mut vec![0; 4096], &mut |run| lost.push(run));
    assert_eq!(lost, [Run::new(2000, 48 + 88)]);
}

#[test]
fn a_geometry_is_told_as_page_and_spare() {
    assert_eq!(Geometry::parse("2048+64"), Some(Geometry::new(2048, 64)));
    for wrong in ["2048", "+", "2048+0", "99999999+1", "64+2048", "a+b", "2048+-1"] {
        assert_eq!(Geometry::parse(wrong), None, "{wrong}");
    }
}
