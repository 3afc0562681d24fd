use super::*;

#[test]
fn everything_hidden_is_opened() {
    for (area, overlay, accessible, narrow, commands) in [
        (0, 0, false, false, &[][..]),
        (8, 0, false, false, &[(0x37, 0)]),
        (8, 0, false, true, &[(0xF9, 0)]),
        (8, 0, true, false, &[(0x78, 1)]),
        (0, 16, false, false, &[(0xB1, 0xC0), (0x37, 0)]),
        (8, 16, false, false, &[(0x37, 0), (0xB1, 0xC0), (0x37, 0)]),
    ] {
        let mut bench = bench(|model| {
            (model.hides.area, model.hides.overlay) = (area, overlay);
            (model.hides.accessible, model.hides.narrow) = (accessible, narrow);
        });
        let hidden = (area + overlay) * 512;
        let mut medium = trials::medium("ata");
        PLAIN.look(&bench, &mut medium);
        assert_eq!(medium.hidden_before, Some(hidden));
        let opened = open_hidden(&mut bench).unwrap();
        let all = trials::BYTES as u64;
        assert_eq!((opened.before, opened.after), (all - hidden, all), "{opened:?}");
        assert_eq!((opened.still_hidden, bench.bytes()), (Some(0), all));
        assert_eq!(changes(&bench), commands);
    }
}

#[test]
fn what_stays_hidden_is_said() {
    let mut frozen = bench(|model| {
        (model.hides.overlay, model.hides.overlay_locked) = (16, true);
    });
    let opened = open_hidden(&mut frozen).unwrap();
    assert_eq!((opened.still_hidden, opened.before), (Some(16 * 512), opened.after));
    assert!(opened.log.iter().any(|line| line.contains("after a power cycle")));
    let mut gone = bench(|model| model.hides.area = 8).with_faults(|at| match at {
        0 => Fault::None,
        _ => Fault::CutBefore,
    });
    assert!(matches!(open_hidden(&mut gone), Err(Failure::Gone)));
}
