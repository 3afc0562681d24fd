use crate::{Time, table};

table! {
    /// What the kernel is told when it starts: of the running one, and of every entry from which the machine may start.
    #[table("host_boot_options", version = 1)]
    pub struct BootOption {
        /// `running` (the kernel that runs), `entry` (of GRUB, systemd-boot or another loader) or `default` (what new
        /// entries are made from).
        pub source: String,
        /// The entry's title; empty for the running kernel.
        pub entry: String,
        /// The option: `init`, `systemd.unit`, `quiet`.
        pub name: String,
        /// Its value; null for an option without one. Values of options whose names say that they are secret are `***`.
        pub value: Option<String>,
        /// What it amounts to where it weakens the machine: `other-init`, `shell` (a root shell without a log-in),
        /// `modules-unsigned`, `lockdown-off`, `lsm-off`, `mitigations-off`, `audit-off`, `serial-console`, `debug`,
        /// `iommu-off`, `integrity-off`; null for the others.
        pub effect: Option<String>,
        /// The file that says so.
        pub path: String,
        /// The line in that file.
        pub line: Option<i64>,
    }
}

table! {
    /// What the machine starts from: kernels, initramfs archives, EFI programs, the loader's configuration; and of what an
    /// initramfs holds, every file that is not the same on disk.
    #[table("host_boot_files", version = 1)]
    pub struct BootFile {
        /// `kernel`, `initramfs`, `efi`, `loader` (configuration and modules of the boot loader), `table` (ACPI and device
        /// tree overrides) or `member` (a file inside an initramfs).
        pub kind: String,
        /// The file on disk.
        pub path: String,
        /// The path inside the initramfs, for a member.
        pub inner: Option<String>,
        /// As in host_files; for a member `differs` (the file of this name on disk has other content), `foreign` (nothing on
        /// disk or in the records of packages explains it), `older` (one of these, but the disk was changed there after the
        /// archive was written, which explains it; of a module of the boot loader the same) or `unread`. An initramfs itself
        /// is `generated`.
        pub origin: Option<String>,
        /// The package that owns it.
        pub package: Option<String>,
        /// How many files it holds, for an initramfs.
        pub members: Option<i64>,
        /// How many of them are the same as on disk.
        pub same: Option<i64>,
        /// The file on disk with which a member was compared.
        pub compared_with: Option<String>,
        /// The names of those who signed it, for an EFI program: separated by semicolons; empty where nobody did.
        pub signers: Option<String>,
        /// The SHA-256 of its content.
        pub sha256: Option<String>,
        /// Its size in bytes.
        pub size: i64,
        /// When it was last changed.
        pub modified: Option<Time>,
        /// What it does that is seldom innocent, for a script in an initramfs, as in host_autostarts.
        pub traits: Option<String>,
    }
}

table! {
    /// Kernel modules: those that are loaded, those that are loaded at start-up, and those on disk that no package brought.
    #[table("host_modules", version = 1)]
    pub struct Module {
        /// The module's name.
        pub name: String,
        /// Whether it is loaded; null on a mounted disk.
        pub loaded: Option<bool>,
        /// Its file, where one of that name is there for the running or the newest kernel.
        pub path: Option<String>,
        /// The package that owns the file.
        pub package: Option<String>,
        /// Where the file comes from, as in host_files.
        pub origin: Option<String>,
        /// Who signed it; empty where nobody did; null where that could not be told.
        pub signer: Option<String>,
        /// How it taints the kernel: `out-of-tree`, `unsigned`, `proprietary`, `forced`, `staging`; separated by spaces.
        pub taints: String,
        /// How many bytes it takes in memory.
        pub size: Option<i64>,
        /// Files that have it loaded at start-up, separated by spaces.
        pub loaded_by: String,
        /// When the file was last changed.
        pub modified: Option<Time>,
    }
}
