use super::*;

fn told(answers: &str) -> Portrait {
    let mut portrait = Portrait::default();
    note(answers.replace('\n', "\r\n").as_bytes(), &mut portrait);
    portrait
}

#[test]
fn only_a_printer_that_names_pjl_is_asked() {
    for (topic, text, expected) in [
        (Topic::DeviceId, "MFG:HP;CMD:PJL,PML,PCL;MDL:x;", true),
        (Topic::DeviceId, "MFG:X;COMMAND SET: ESCPL2,pjl;", true),
        (Topic::DeviceId, "MFG:X;MDL:PJL-9;CMD:ESCPL2,BDC;", false),
        (Topic::DeviceId, "MFG:X;CMD:HBPJLX;", false),
        (Topic::Languages, "PCL PJL PostScript", true),
        (Topic::Languages, "PCL PostScript", false),
    ] {
        let mut portrait = Portrait::default();
        portrait.learn(topic, text, crate::Way::Ipp, "printer-device-id", text);
        assert_eq!(says_pjl(&portrait), expected, "{text}");
    }
    assert!(!says_pjl(&Portrait::default()));
}

#[test]
fn a_printer_without_pjl_is_a_problem_of_what_it_would_tell() {
    let mut portrait = Portrait::default();
    let unknown = not_spoken("tcp 9100", 9100, &portrait);
    assert!(unknown.detail.contains("nothing says") && unknown.columns == TOLD);
    portrait.learn(Topic::Languages, "PCL", crate::Way::Ipp, "x", "x");
    let known = not_spoken("tcp 9100", 9100, &portrait);
    assert_eq!(known.detail, "9100 answers but the printer speaks no PJL: nothing sent");
}

#[test]
fn locks_and_volumes_are_told() {
    let portrait = told(
        "@PJL INFO ID\n\"HP LaserJet 4250\"\n\x0c@PJL INFO CONFIG\nMEMORY=83886080\nDISK\nRAM DISK=ON\n\
         LANGUAGES [3 ENUMERATED]\n\tPCL\n\tPJL\n\tPOSTSCRIPT\nSERIAL NUMBER = \"CNX1\"\n\x0c\
         @PJL INFO FILESYS [3 TABLE]\n\tVOLUME\tTOTAL SIZE\tFREE SPACE\tLOCATION\tLABEL\tSTATUS\n\
         \t0:\t1000\t900\tRAM\t?\tREAD-WRITE\n\t1:\t5000\t2000\tDISK\t?\tREAD-WRITE\n\x0c\
         @PJL INFO STATUS\nCODE=40021\nDISPLAY=\"COVER OPEN\"\nONLINE=TRUE\n\x0c\
         @PJL DINQUIRE PASSWORD\nDISABLED\n\x0c@PJL INQUIRE CPLOCK\nMAXIMUM\n\x0c@PJL DINQUIRE CPLOCK\nOFF\n\x0c\
         @PJL DINQUIRE DISKLOCK\nOFF\n\x0c",
    );
    assert_eq!(portrait.text(Topic::Model).as_deref(), Some("LaserJet 4250"));
    assert_eq!(portrait.text(Topic::Serial).as_deref(), Some("CNX1"));
    assert_eq!(portrait.text(Topic::Languages).as_deref(), Some("PCL PJL POSTSCRIPT"));
    assert_eq!(portrait.text(Topic::State).as_deref(), Some("stopped"));
    assert_eq!(portrait.flag(Topic::PjlPassword), Some(false));
    assert_eq!(portrait.flag(Topic::PanelLocked), Some(true));
    assert_eq!(portrait.flag(Topic::FilesByPjl), Some(true));
    assert_eq!(portrait.flag(Topic::Storage), Some(true));
    let stores: Vec<_> = portrait.stores.iter().map(|row| (&*row.kind, row.used_bytes)).collect();
    assert_eq!(stores, [("disk", None), ("disk", Some(3000))]);
    assert_eq!(portrait.parts.len(), 2);
}

#[test]
fn no_volume_is_no_storage_and_a_question_mark_tells_nothing_of_a_lock() {
    let portrait = told(
        "@PJL INFO FILESYS [1 TABLE]\n\tVOLUME\tTOTAL SIZE\n\x0c@PJL DINQUIRE PASSWORD\n\"?\"\n\x0c\
         @PJL INFO VARIABLES\nCPLOCK=ON [2 ENUMERATED READONLY]\n\tOFF\n\tON\nPASSWORD=? [2 ENUMERATED]\n\x0c",
    );
    assert_eq!(portrait.flag(Topic::FilesByPjl), Some(false));
    assert_eq!(portrait.flag(Topic::Storage), None);
    assert_eq!(portrait.flag(Topic::PjlPassword), None);
    assert_eq!(portrait.flag(Topic::PanelLocked), Some(true));
    assert!(portrait.stores.is_empty());
}

#[test]
fn a_version_in_the_identity_is_the_firmware() {
    let portrait = told("@PJL INFO ID\n\"Brother HL-5470DW:84U-F0F:Ver.b.26\"\n\x0c");
    assert_eq!(portrait.text(Topic::Model).as_deref(), Some("HL-5470DW"));
    assert_eq!(portrait.text(Topic::Firmware).as_deref(), Some("b.26"));
}
