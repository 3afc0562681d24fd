use std::{fs, os::unix::fs::symlink};

use super::*;
use crate::fixture::{self, write};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds");

fn seed(name: &str) -> Vec<u8> {
    fs::read(Path::new(SEEDS).join(name)).unwrap()
}

fn rows(found: &Observed<BootFile>) -> Vec<String> {
    let shown = |row: &BootFile| {
        let origin = row.origin.as_deref().unwrap_or("-");
        let inner = row.inner.as_deref().unwrap_or("-");
        format!("{} {} {inner} {origin}", row.kind, row.path)
    };
    found.rows.iter().map(shown).collect()
}

#[test]
fn what_the_machine_starts_from_is_found() {
    let disk = tempfile::tempdir().unwrap();
    let at = |path: &str| disk.path().join(path);
    write(&at("boot/vmlinuz-1"), &seed("boot_efi/signed"));
    write(&at("boot/config-1"), b"x");
    write(&at("boot/initrd.img-1"), &seed("boot_initramfs/zstd"));
    symlink("initrd.img-1", at("boot/initrd.img")).unwrap();
    write(&at("boot/efi/EFI/BOOT/BOOTX64.EFI"), &seed("boot_efi/signed"));
    write(&at("boot/efi/EFI/x/tool.efi"), &seed("boot_efi/unsigned"));
    write(&at("usr/lib/shim/shimx64.efi.signed"), &seed("boot_efi/signed"));
    write(&at("boot/grub/grub.cfg"), &seed("boot_rules/grub"));
    write(
        &at("boot/efi/EFI/x/grub.cfg"),
        b"search.fs_uuid 1 root\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n",
    );
    write(&at("boot/grub/x86_64-efi/a.mod"), b"same");
    write(&at("usr/lib/grub/x86_64-efi/a.mod"), b"same");
    write(&at("boot/grub/x86_64-efi/b.mod"), b"other");
    write(&at("boot/dsdt.aml"), b"x");
    let found = collect(&fixture::mounted(disk.path()));
    let expected = [
        "efi /boot/efi/EFI/BOOT/BOOTX64.EFI - package",
        "efi /boot/efi/EFI/x/tool.efi - -",
        "initramfs /boot/initrd.img-1 - generated",
        "member /boot/initrd.img-1 init foreign",
        "member /boot/initrd.img-1 b foreign",
        "kernel /boot/vmlinuz-1 - package",
        "loader /boot/grub/grub.cfg - edited",
        "loader /boot/efi/EFI/x/grub.cfg - generated",
        "loader /boot/grub/x86_64-efi/b.mod - foreign",
        "table /boot/dsdt.aml - -",
    ];
    assert_eq!(rows(&found), expected);
    assert_eq!(found.problems, []);
    assert_eq!((found.rows[2].members, found.rows[2].same), (Some(5), Some(0)));
    assert_eq!(found.rows[1].signers.as_deref(), Some(""));
}

#[test]
fn a_table_of_the_firmware_in_an_archive_is_one() {
    let disk = tempfile::tempdir().unwrap();
    let mut image = seed("boot_initramfs/plain");
    let name = b"kernel/x86/microcode/AuthenticAMD.bin";
    let at = memchr::memmem::find(&image, name).unwrap();
    image[at..at + name.len()].copy_from_slice(b"kernel/firmware/acpi/aaaaaaaaadsd.aml");
    write(&disk.path().join("boot/initrd.img-1"), &image);
    let found = collect(&fixture::mounted(disk.path()));
    let table = "table /boot/initrd.img-1 kernel/firmware/acpi/aaaaaaaaadsd.aml foreign";
    assert_eq!(rows(&found)[1], table);
}

#[test]
fn a_partition_that_is_not_mounted_is_a_problem() {
    let disk = tempfile::tempdir().unwrap();
    write(&disk.path().join("etc/fstab"), b"/dev/a / ext4 x 0 1\n/dev/b /boot ext4 x 0 2\n");
    fs::create_dir_all(disk.path().join("boot")).unwrap();
    let found = collect(&fixture::mounted(disk.path()));
    assert_eq!(found.problems.len(), 1);
    assert_eq!((&*found.problems[0].subject, found.rows.len()), ("/boot", 0));
    write(&disk.path().join("boot/x"), b"");
    assert_eq!(collect(&fixture::mounted(disk.path())).problems, []);
}

#[test]
fn strange_files_are_problems_and_no_end() {
    let disk = tempfile::tempdir().unwrap();
    let at = |path: &str| disk.path().join(path);
    write(&at("boot/initrd.img-1"), b"nonsense");
    fs::create_dir_all(at("boot/initrd.img-2")).unwrap();
    fs::create_dir_all(at("boot/efi/EFI/a.efi")).unwrap();
    symlink(".", at("boot/efi/EFI/round")).unwrap();
    symlink("/boot/efi", at("efi")).unwrap();
    let made = rustix::fs::mknodat(
        rustix::fs::CWD,
        at("boot/vmlinuz-pipe"),
        FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    );
    assert!(made.is_ok());
    let found = collect(&fixture::mounted(disk.path()));
    assert_eq!(rows(&found), ["initramfs /boot/initrd.img-1 - generated"]);
    assert_eq!((found.rows[0].members, found.problems.len()), (None, 1));
}
