pub fn ata_identify(bytes: &[u8]) {
    let Some(disk) = crate::ata::Identify::new(bytes) else { return };
    assert!(disk.sector() >= 512 && (disk.sectors() <= u64::MAX / 2 || disk.wide()));
    let _ = (disk.model(), disk.serial(), disk.firmware(), disk.rotating());
    let _ = (disk.security(), disk.sanitize(), disk.encrypts_all());
}
