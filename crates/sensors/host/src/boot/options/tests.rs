use std::path::Path;

use leaksweep_facts::tables::host::BootOption;

use super::*;
use crate::fixture::{self, Fixture, write};

fn rows(found: &Observed<BootOption>) -> Vec<String> {
    let shown = |row: &BootOption| {
        let value = row.value.as_deref().map_or(String::new(), |value| format!("={value}"));
        let effect = row.effect.as_deref().unwrap_or("-");
        let line = row.line.unwrap_or_default();
        format!("{} [{}] {}{value} {effect} {}:{line}", row.source, row.entry, row.name, row.path)
    };
    found.rows.iter().map(shown).collect()
}

#[test]
fn every_loader_and_every_default_is_read() {
    let disk = tempfile::tempdir().unwrap();
    let at = |path: &str| disk.path().join(path);
    let grub =
        b"set more=init=/bin/sh\nmenuentry 'One' --class x {\n\tlinux /vmlinuz quiet ${more}\n}\n\
        submenu 'More' {\n  menuentry 'Two' { linux /vmlinuz single; }\n}\nfunction f {\n}\n";
    write(&at("boot/grub/grub.cfg"), grub);
    write(&at("boot/grub/grubenv"), b"# x\nkernelopts=root=/dev/a audit=0\n####");
    write(&at("boot/loader/entries/a.conf"), b"title B\nlinux /v\noptions $kernelopts\n");
    write(&at("boot/loader/entries/b.conf"), b"options quiet\n");
    write(&at("boot/extlinux/extlinux.conf"), b"label l\n menu label ^Ext\n append nopti\n");
    write(&at("etc/default/grub"), b"X=1\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
    write(
        &at("etc/default/grub.d/x.cfg"),
        b"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX apparmor=0\"\n",
    );
    write(&at("etc/kernel/cmdline"), b"\nkgdboc=ttyS0\n");
    let unified = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds/boot_efi/unsigned");
    write(&at("boot/efi/EFI/Linux/u.efi"), &std::fs::read(unified).unwrap());
    let found = collect(&fixture::mounted(disk.path()));
    let expected = [
        "entry [One] quiet - /boot/grub/grub.cfg:3",
        "entry [One] init=/bin/sh other-init /boot/grub/grub.cfg:3",
        "entry [More > Two] single shell /boot/grub/grub.cfg:6",
        "entry [B] root=/dev/a - /boot/loader/entries/a.conf:3",
        "entry [B] audit=0 audit-off /boot/loader/entries/a.conf:3",
        "entry [b] quiet - /boot/loader/entries/b.conf:1",
        "entry [Ext] nopti mitigations-off /boot/extlinux/extlinux.conf:3",
        "entry [/boot/efi/EFI/Linux/u.efi] init=/bin/sh other-init /boot/efi/EFI/Linux/u.efi:1",
        "default [GRUB_CMDLINE_LINUX_DEFAULT] quiet - /etc/default/grub:2",
        "default [GRUB_CMDLINE_LINUX] apparmor=0 lsm-off /etc/default/grub.d/x.cfg:1",
        "default [] kgdboc=ttyS0 debug /etc/kernel/cmdline:2",
    ];
    assert_eq!(rows(&found), expected);
    assert_eq!(found.problems, []);
}

#[test]
fn the_running_kernel_is_asked_where_one_runs() {
    let fixture = Fixture::new();
    write(&fixture.proc.join("cmdline"), b"ro console=ttyS0 --token=k\n");
    let found = collect(&fixture.machine());
    let expected = [
        "running [] ro - /proc/cmdline:1",
        "running [] console=ttyS0 serial-console /proc/cmdline:1",
        "running [] --token=*** - /proc/cmdline:1",
    ];
    assert_eq!(rows(&found), expected);
    std::fs::remove_file(fixture.proc.join("cmdline")).unwrap();
    assert_eq!(collect(&fixture.machine()).problems.len(), 1);
}

#[test]
fn strange_configuration_is_a_problem_or_nothing() {
    let disk = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(disk.path().join("boot/grub/grub.cfg")).unwrap();
    std::fs::create_dir_all(disk.path().join("boot/loader/entries/x.conf")).unwrap();
    write(&disk.path().join("etc/default/grub"), b"GRUB_CMDLINE_LINUX=\"\xff\xfe=\"\n\"\n");
    let found = collect(&fixture::mounted(disk.path()));
    assert_eq!(rows(&found), ["default [GRUB_CMDLINE_LINUX] xffxfe= - /etc/default/grub:1"]);
    assert_eq!(found.problems.len(), 1);
}

#[test]
fn entries_without_end_are_cut_and_said() {
    let disk = tempfile::tempdir().unwrap();
    let path = Path::new("boot/grub/grub.cfg");
    write(&disk.path().join(path), &b"linux /v a\n".repeat(12_000));
    let found = collect(&fixture::mounted(disk.path()));
    assert_eq!((found.rows.len(), found.problems.len()), (10_000, 1));
    let deep = b"menuentry x {\n".repeat(20_000);
    let mut variables = Variables::default();
    assert_eq!(loaders::parse_grub(&deep, &mut variables).told, []);
}
