//! The rules. An exemption is a place, and its reason stands beside it.

pub struct Rule {
    pub says: &'static str,
    /// Path prefixes that the rule covers.
    pub within: &'static [&'static str],
    /// Path prefixes that it does not cover.
    pub except: &'static [&'static str],
    /// Tokens in a row. `File::create` finds it however it is spaced or imported.
    pub phrases: &'static [&'static str],
}

impl Rule {
    pub fn covers(&self, path: &str) -> bool {
        let starts = |place: &&str| path.starts_with(*place);
        self.within.iter().any(starts) && !self.except.iter().any(starts)
    }
}

pub const RULES: &[Rule] = &[
    Rule {
        says: "nothing is created, changed or removed but through the module output",
        within: &["crates/"],
        except: &[
            "crates/facts/src/output.rs",
            // Opens what is to be wiped, for writing; only a wipe that the user asked for comes here.
            "crates/wipe/src/medium/opening.rs",
            // The record of skipped tests; only tests depend on it.
            "crates/peers/src/lib.rs",
        ],
        phrases: &[
            "File::create",
            "File::create_new",
            "File::options",
            "OpenOptions",
            "DirBuilder",
            "fs::write",
            "fs::copy",
            "fs::rename",
            "fs::hard_link",
            "fs::set_permissions",
            "fs::create_dir",
            "fs::create_dir_all",
            "fs::remove_file",
            "fs::remove_dir",
            "fs::remove_dir_all",
            "unix::fs::symlink",
            "unix::fs::chown",
            "set_len(",
            "set_permissions(",
            "renameat(",
            "unlinkat(",
            "unlink(",
            "mkdirat(",
            "mkdir(",
            "mknodat(",
            "linkat(",
            "symlinkat(",
            "chmodat(",
            "fchmod(",
            "fchown(",
            "chownat(",
            "ftruncate(",
            "utimensat(",
            "OFlags::WRONLY",
            "OFlags::RDWR",
            "OFlags::CREATE",
            "OFlags::TRUNC",
            "OFlags::APPEND",
            "OFlags::TMPFILE",
            "OFlags::from_bits",
            "OFlags::from_bits_retain",
            "OFlags::all",
            "tempfile",
        ],
    },
    Rule {
        says: "no connection is opened and none is accepted",
        within: &["crates/"],
        except: &[
            // The kernel is asked for its sockets by one of netlink's, which leads to it alone; see the rule below.
            "crates/sensors/host/src/contradictions/netlink/question.rs",
            // The printer sensor asks printers that the user named; nothing is sent that its plan does not name. See its `plan.rs`.
            "crates/sensors/printer/src/wire/",
        ],
        phrases: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "UnixListener",
            "UnixDatagram",
            "ToSocketAddrs",
            "rustix::net",
            "net::socket",
            "libc::socket",
            "connect(",
        ],
    },
    Rule {
        says: "the one socket that is opened leads to the kernel alone",
        within: &["crates/sensors/host/src/contradictions/netlink/question.rs"],
        except: &[],
        phrases: &[
            "std::net",
            "AddressFamily::INET",
            "AddressFamily::INET6",
            "AddressFamily::UNIX",
            "AddressFamily::VSOCK",
            "AddressFamily::PACKET",
            "SocketAddrUnix",
            "SocketAddrV4",
            "SocketAddrV6",
            "SocketAddrAny",
            "socket(",
            "bind(",
            "connect(",
            "listen(",
            "accept(",
        ],
    },
    Rule {
        says: "no other program is run",
        within: &["crates/"],
        except: &[
            // Starts nothing either, but its arguments are clap's `Command`.
            "crates/cli/",
            // Build roots and images to look into; only tests depend on them.
            "crates/peers/src/roots.rs",
            "crates/peers/src/images.rs",
        ],
        phrases: &["Command::new", "process::Command", "CommandExt", "execve(", "libc::system"],
    },
    Rule {
        says: "the command line starts no other program",
        within: &["crates/cli/"],
        except: &[],
        phrases: &["process::Command", "CommandExt", "execve(", "libc::system"],
    },
    Rule {
        says: "no module is exempt from the compiler's proof of memory safety",
        within: &["crates/"],
        except: &[
            // The kernel's SG_IO takes a structure of pointers, and no crate offers it otherwise: whether a disk hides a part of
            // itself can be asked in no other way. One call, in one function.
            "crates/sensors/storage/src/media/device/passthrough.rs",
            // The kernel takes commands for NVMe, SCSI, ATA and memory cards, and its own ways to empty a device, as structures of
            // pointers, and no crate offers them otherwise. One call in one function for each interface.
            "crates/wipe/src/passthrough/",
        ],
        phrases: &["unsafe", "unsafe_code"],
    },
    Rule {
        says: "a file system module is called by its own name, so that the other rules see it",
        within: &["crates/"],
        except: &[],
        phrases: &["fs as", "fs::*", "std::*", "rustix::*"],
    },
    Rule {
        says: "a sensor opens files only through its root, which is capped and leads nowhere else",
        within: &["crates/sensors/"],
        except: &[
            "crates/sensors/host/src/root.rs",
            "crates/sensors/host/src/root/",
            // A medium is what the user names, a device too, and lies below no folder; the file opens it, and the kernel's
            // words on it.
            "crates/sensors/storage/src/media/files.rs",
        ],
        phrases: &[
            "File::open",
            "File::open_buffered",
            "fs::read",
            "fs::read_to_string",
            "fs::read_dir",
            "fs::read_link",
            "fs::metadata",
            "fs::symlink_metadata",
            "fs::canonicalize",
            "fs::exists",
            "fs::open",
            "fs::openat",
            "fs::openat2",
            "fs::readlinkat",
            "fs::readlink",
            "fs::statat",
            "fs::stat",
            "fs::lstat",
            "read_dir(",
            "read_link(",
            "canonicalize(",
            "try_exists(",
            "symlink_metadata(",
        ],
    },
    Rule {
        says: "names that are passed to the file system are looked up only by the root",
        within: &["crates/sensors/"],
        except: &[
            "crates/sensors/host/src/root.rs",
            "crates/sensors/host/src/root/",
            // See the rule above.
            "crates/sensors/storage/src/media/files.rs",
        ],
        phrases: &["OFlags", "ResolveFlags", "current_dir(", "set_current_dir("],
    },
];

/// Source text that breaks the rule in line 2.
pub fn planted(phrase: &str) -> String {
    let close = if phrase.ends_with('(') { ")" } else { "" };
    format!("fn planted() {{\n  {phrase}{close};\n}}\n")
}
