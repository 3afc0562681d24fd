//! Modules, ports, hooks, mounts and interfaces.

use rustix::fs::FileType;

use super::*;
use crate::mounts::Entry;

fn modules_of(fixture: &Fixture) -> Observed<Contradiction> {
    let machine = fixture.machine();
    let mut seen = Observed::default();
    modules::look(machine.kernel(TABLE).unwrap(), &mut seen);
    seen
}

/// Two modules, and three built in or of the kernel's own.
fn with_modules() -> Fixture {
    let fixture = honest();
    let proc = |path: &str, content: &[u8]| write(&fixture.proc.join(path), content);
    proc("modules", b"ext4 9 0 - Live 0x0\nmbcache 9 1 ext4, Live 0x0\n");
    proc("sys/kernel/tainted", b"0\n");
    proc(
        "kallsyms",
        b"ffff t vfs_read\nffff t a\t[ext4]\nffff t b\t[mbcache]\nffff t c\t[bpf]\n\
          ffff t d\t[__builtin__ftrace]\nffff t odd[name] x\nffff t \xff[\n",
    );
    for module in ["ext4", "mbcache"] {
        write(&fixture.sys.join(format!("module/{module}/initstate")), b"live\n");
    }
    write(&fixture.sys.join("module/kernel/parameters/x"), b"1\n");
    fixture
}

#[test]
fn modules_that_all_lists_have_are_no_contradiction() {
    assert_eq!(modules_of(&with_modules()), Observed::default());
}

#[test]
fn a_module_that_took_itself_off_the_list_is_found_by_its_traces() {
    let fixture = with_modules();
    let symbols = b"ffff t a\t[ext4]\nffff t b\t[mbcache]\nffff t hide_tcp\t[rk]\n";
    write(&fixture.proc.join("kallsyms"), symbols);
    let list = fixture.sys.join("kernel/tracing/available_filter_functions");
    write(&list, b"vfs_read\nhide_tcp [rk]\n");
    let lists = "/proc/kallsyms /sys/kernel/tracing/available_filter_functions";
    assert_eq!(told(&modules_of(&fixture)), [("module", "rk", lists, "certain")]);

    let fixture = with_modules();
    write(&fixture.sys.join("module/rk/initstate"), b"live\n");
    fs::remove_dir_all(fixture.sys.join("module/mbcache")).unwrap();
    assert_eq!(
        told(&modules_of(&fixture)),
        [
            ("module", "rk", "/sys/module", "certain"),
            ("module", "mbcache", "/proc/modules", "certain"),
        ]
    );
}

#[test]
fn taint_without_a_module_that_explains_it_is_possible() {
    let fixture = with_modules();
    write(&fixture.proc.join("sys/kernel/tainted"), b"12288\n");
    assert_eq!(
        told(&modules_of(&fixture)),
        [
            ("module", "taint out-of-tree", "/proc/sys/kernel/tainted", "possible"),
            ("module", "taint unsigned", "/proc/sys/kernel/tainted", "possible"),
        ]
    );
    let gone = fixture.sys.join("kernel/debug/modules/unloaded_tainted_modules");
    write(&gone, b"old (OE) 1\n");
    assert_eq!(modules_of(&fixture).rows, []);
    fs::remove_file(gone).unwrap();
    write(&fixture.proc.join("modules"), b"ext4 9 0 - Live 0x0 (OE)\nmbcache 9 1 ext4, Live 0x0\n");
    assert_eq!(modules_of(&fixture).rows, []);
}

#[test]
fn sockets_that_are_counted_and_not_listed_are_told() {
    let fixture = honest();
    let head = "  sl  local_address rem_address   st tx rx tr retrnsmt uid timeout inode\n";
    let line = |timer: &str, inode: u32| {
        format!(
            "   0: 0100007F:0035 00000000:0000 0A 00000000:00000000 {timer}:00000000 00000000     0        0 {inode} 1\n"
        )
    };
    let listed = [head, &line("00", 7), &line("03", 0), "nonsense\n"].concat();
    write(&fixture.proc.join("net/tcp"), listed.as_bytes());
    write(&fixture.proc.join("net/udp"), listed.as_bytes());
    let counts =
        "sockets: used 9\nTCP: inuse 1 orphan 0 tw 1\nUDP: inuse 3 mem 0\nUDPLITE: inuse 0\n";
    write(&fixture.proc.join("net/sockstat"), counts.as_bytes());
    let machine = fixture.machine();
    let mut seen = Observed::default();
    ports::look(machine.kernel(TABLE).unwrap(), &mut seen);
    assert_eq!(told(&seen), [("port", "udp", "/proc/net/sockstat", "likely")]);
    assert_eq!(seen.rows[0].detail, "2 more sockets are counted than listed");
}

#[test]
fn a_socket_that_no_process_holds_is_possible() {
    let fixture = honest();
    let line = "   0: 0100007F:115C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1\n";
    write(&fixture.proc.join("net/tcp"), format!("head\n{line}").as_bytes());
    let found = Socket {
        protocol: "tcp".into(),
        state: "listen".into(),
        machine_namespace: true,
        ..Socket::default()
    };
    let machine = fixture.machine();
    let kernel = machine.kernel(TABLE).unwrap();
    for pid in [1, 20] {
        fs::create_dir(fixture.proc.join(format!("{pid}/fd"))).unwrap();
    }
    let look = |sockets: &[Socket]| {
        let mut seen = Observed::default();
        listeners::look(kernel, sockets, &mut seen);
        seen
    };
    assert_eq!(look(&[]).rows, []);
    let rows = look(std::slice::from_ref(&found));
    assert_eq!(told(&rows), [("port", "tcp 127.0.0.1 port 4444", "/proc/net", "possible")]);
    symlink("socket:[77]", fixture.proc.join("20/fd/3")).unwrap();
    assert_eq!(look(&[found]).rows, []);
}

#[test]
fn functions_by_which_one_hides_are_told_with_what_stands_before_them() {
    let content = b"bpf_lsm_file_open (1) R   D \ttramp: 0xff (bpf+0x0/0x10) ->x\n\
        filldir64 (1) R I   \ttramp: 0xffffffffc0a01000 (fh_ftrace_thunk+0x0/0x40 [rk]) ->ftrace_ops\n\
        __x64_sys_getdents64 (2) R     ->arch_ftrace_ops_list_func+0x0/0x1b0\n\
        tcp4_seq_show.constprop.0 (1)  \n\
        vfs_read (1) R I\nfilldir64\n(1)\n\xff (\n";
    let hooks = enabled(content);
    let told: Vec<_> = hooks.iter().map(|hook| (&*hook.function, hook.changes)).collect();
    assert_eq!(
        told,
        [
            ("filldir64", true),
            ("__x64_sys_getdents64", false),
            ("tcp4_seq_show.constprop.0", false)
        ]
    );
    assert!(hooks[0].how.contains("fh_ftrace_thunk+0x0/0x40 [rk]"), "{}", hooks[0].how);
    let content = b"ffffffff81a3c000  r  tcp4_seq_show+0x0    [FTRACE]\n\
        ffffffff81a3c000  k  tcp_v4_connect+0x0    [FTRACE]\nffff\n\n";
    let hooks = probes(content);
    assert_eq!(hooks.len(), 1);
    assert_eq!(hooks[0].how, "a probe of kind r at tcp4_seq_show+0x0");
}

#[test]
fn a_list_of_hooks_that_is_not_there_is_a_problem_of_one_column() {
    let fixture = honest();
    let machine = fixture.machine();
    let mut seen = Observed::default();
    hooks::look(machine.kernel(TABLE).unwrap(), &mut seen);
    assert_eq!(seen.rows, []);
    let told: Vec<_> = seen.problems.iter().map(|p| (p.reason, p.columns.join(" "))).collect();
    assert_eq!(told, [(Reason::Unsupported, "detail".to_owned())]);
}

#[test]
fn who_holds_programs_inside_the_kernel_is_possible() {
    let program = |form: &str, effect: Option<&str>| BpfObject {
        kind: "program".into(),
        form: Some(form.into()),
        effect: effect.map(str::to_owned),
        pid: Some(20),
        process: Some("x".into()),
        ..BpfObject::default()
    };
    let watching = |form| program(form, Some("watches"));
    let objects = [
        watching("kprobe"),
        watching("kprobe"),
        program("cgroup device", None),
        watching("tracing"),
        BpfObject { kind: "pinned".into(), ..BpfObject::default() },
    ];
    let mut seen = Observed::default();
    bpf::look(&objects, &mut seen);
    assert_eq!(told(&seen), [("hook", "process 20", "/proc/PID/fdinfo", "possible")]);
    assert_eq!(seen.rows[0].detail, "'x' holds BPF programs: 2 kprobe, 1 tracing");
}

#[test]
fn mounts_over_what_should_be_seen_are_told_by_how_sure_they_are() {
    let entry = |file_system: &str, part: &str| Entry {
        file_system: file_system.into(),
        part: part.into(),
        ..Entry::default()
    };
    let (file, folder) = (Some(FileType::RegularFile), Some(FileType::Directory));
    let cases = [
        ("/proc/812", folder, "ext4", "/tmp/empty", Some("certain")),
        ("/proc/812/fd", folder, "tmpfs", "/", Some("certain")),
        ("/proc/sys/fs/binfmt_misc", folder, "binfmt_misc", "/", None),
        ("/usr/bin/ss", file, "ext4", "/tmp/x", Some("likely")),
        ("/etc/passwd", file, "ext4", "/x", Some("likely")),
        ("/etc/resolv.conf", file, "ext4", "/x", None),
        ("/home/li/x", file, "ext4", "/x", None),
        ("/var/log", folder, "tmpfs", "/", Some("possible")),
        ("/var/log", folder, "ext4", "/", None),
        ("/etc/cron.d", folder, "ext4", "/x", Some("possible")),
        ("/boot/efi", folder, "vfat", "/", None),
        ("/usr/bin", folder, "overlay", "/", Some("possible")),
        ("/home", folder, "overlay", "/", None),
        ("/etcetera", folder, "tmpfs", "/", None),
        ("/proc/812", None, "proc", "/", Some("certain")),
    ];
    for (path, kind, file_system, part, expected) in cases {
        let found = mounts::covers(path, kind, &entry(file_system, part));
        assert_eq!(found.map(|(confidence, _)| confidence), expected, "{path}");
    }
}

#[test]
fn hidepid_is_seen_in_the_mount_that_counts() {
    let line = |options: &str| format!("20 1 0:5 / /proc rw - proc proc rw,{options}\n");
    let cases =
        [("hidepid=2", true), ("hidepid=invisible", true), ("hidepid=0", false), ("x", false)];
    for (options, hides) in cases {
        assert_eq!(mounts::hides_processes(line(options).as_bytes()), hides, "{options}");
    }
    let twice = [line("hidepid=2"), line("x")].concat();
    assert!(!mounts::hides_processes(twice.as_bytes()));
}

#[test]
fn an_interface_that_takes_all_frames_for_nobody_is_possible() {
    let fixture = honest();
    let net = |path: &str| fixture.sys.join("class/net").join(path);
    for (name, flags) in [("eth0", "0x1103\n"), ("eth1", "0x1003\n"), ("veth", "0x1103\n")] {
        write(&net(&format!("{name}/flags")), flags.as_bytes());
    }
    symlink("../br0", net("veth/master")).unwrap();
    let machine = fixture.machine();
    let look = |sockets: &[Socket]| {
        let mut seen = Observed::default();
        interfaces::look(machine.kernel(TABLE).unwrap(), sockets, &mut seen);
        seen
    };
    assert_eq!(told(&look(&[])), [("interface", "eth0", "/sys/class/net", "possible")]);
    let socket = Socket {
        protocol: "packet".into(),
        local_address: "eth0".into(),
        machine_namespace: true,
        ..Socket::default()
    };
    assert_eq!(look(&[socket]).rows, []);
}
