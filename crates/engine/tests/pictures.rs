//! What a picture shows of a target, and what it says where nobody looked.

use std::num::NonZeroUsize;

use leaksweep_engine::{Engine, Facts, Judge, Policy, Swept, policy::PolicyTables};
use leaksweep_facts::{
    Manifest, Observed, Problem, Reason, Sweep, Table, Time,
    sweep::FORMAT,
    tables::{
        host::{self, Autostart, File, RemoteTool, SshKey, User},
        policy::{RemoteTool as Sanction, Zone},
        printer::{Job, Service, Setting, Store},
    },
    verdict::{Doubt, Picture, Subject, Value},
};

const NOW: Time = Time(1_780_000_000);

fn sweep(target: &str) -> Sweep {
    Sweep::new(Manifest {
        format: FORMAT,
        tool_version: "1".into(),
        sensor: "host".into(),
        target: target.into(),
        machine_id: Some(target.into()),
        platform: Some("linux".into()),
        started: NOW,
        ended: NOW,
        privileged: true,
        live: true,
        extent: Default::default(),
        parts: Vec::new(),
    })
}

fn with(target: &str, rows: Vec<RemoteTool>) -> Sweep {
    let mut sweep = sweep(target);
    sweep.observe(Observed { rows, problems: Vec::new() });
    sweep
}

/// Runs and takes connections from everywhere, with nobody present.
fn open(tool: &str) -> RemoteTool {
    RemoteTool {
        tool: tool.into(),
        name: tool.to_uppercase(),
        installed: true,
        running: true,
        unattended: Some(true),
        ways_in: "tcp/5900 on every address".into(),
        reach: Some("everywhere".into()),
        version: Some("1.9".into()),
        ..RemoteTool::default()
    }
}

fn pictures(sweeps: Vec<Sweep>, policy: &Policy) -> Vec<Picture> {
    shown(Subject::RemoteControl, sweeps, policy)
}

fn shown(subject: Subject, sweeps: Vec<Sweep>, policy: &Policy) -> Vec<Picture> {
    let swept = sweeps.into_iter().map(|sweep| Swept { sweep, zone: None }).collect();
    let facts = Facts::gather(swept, policy).unwrap();
    let engine = Engine::new(NonZeroUsize::MIN).unwrap();
    facts.register(&engine, &PolicyTables::new(policy, NOW)).unwrap();
    let mut pictures = Judge::new(&engine, &facts, policy, NOW).pictures();
    pictures.retain(|picture| picture.subject == subject);
    pictures.sort_by(|a, b| a.target.cmp(&b.target));
    pictures
}

fn cells(picture: &Picture, column: &str) -> Vec<String> {
    let at = picture.rows.columns.iter().position(|name| name == column).unwrap();
    picture.rows.rows.iter().map(|row| row[at].to_string()).collect()
}

fn access(tool: RemoteTool) -> String {
    let shown = pictures(vec![with("a", vec![tool])], &Policy::default());
    cells(&shown[0], "access").remove(0)
}

#[test]
fn who_can_come_in_follows_from_state_reach_and_what_is_allowed() {
    let still = || RemoteTool { running: false, ..open("t") };
    let cases = [
        ("open", open("t")),
        ("open", RemoteTool { running: false, starts: true, ..open("t") }),
        ("local", RemoteTool { reach: Some("loopback".into()), ..open("t") }),
        (
            "open",
            RemoteTool {
                reach: Some("loopback".into()),
                ways_in: "tcp/5900 on this machine alone; relay x.example".into(),
                ..open("t")
            },
        ),
        ("asks", RemoteTool { unattended: Some(false), ..open("t") }),
        ("unclear", RemoteTool { unattended: None, ..open("t") }),
        ("open", RemoteTool { unattended: None, kind: "trojan".into(), ..open("t") }),
        ("idle", still()),
        ("idle", RemoteTool { kind: "trojan".into(), ..still() }),
        ("open", RemoteTool { kind: "kvm".into(), ..still() }),
        ("dormant", RemoteTool { bundled: true, ..still() }),
        ("traces", RemoteTool { left_over: true, installed: false, ..still() }),
    ];
    for (expected, tool) in cases {
        assert_eq!(access(tool.clone()), expected, "{tool:?}");
    }
}

#[test]
fn the_way_is_the_widest_that_the_tool_has() {
    let still = || RemoteTool { listening: false, ..open("t") };
    let cases = [
        (
            "relay",
            RemoteTool { ways_in: "listens on tcp/1; relay of the maker's".into(), ..open("t") },
        ),
        (
            "listener",
            RemoteTool { listening: true, ways_in: "calls out to who".into(), ..open("t") },
        ),
        (
            "listener",
            RemoteTool { ways_in: "listener, not seen open; calls out".into(), ..still() },
        ),
        ("listener", RemoteTool { ways_in: "listener, not seen open".into(), ..still() }),
        ("mesh", RemoteTool { kind: "mesh".into(), listening: true, ..open("t") }),
        ("device", RemoteTool { ways_in: "hardware".into(), ..still() }),
        ("unknown", RemoteTool { ways_in: String::new(), ..still() }),
    ];
    for (expected, tool) in cases {
        let shown = pictures(vec![with("a", vec![tool.clone()])], &Policy::default());
        assert_eq!(cells(&shown[0], "way"), [expected], "{tool:?}");
    }
}

#[test]
fn the_worst_comes_first() {
    let asks = RemoteTool { unattended: Some(false), ..open("a") };
    let shown = pictures(vec![with("m", vec![asks, open("z"), open("b")])], &Policy::default());
    assert_eq!(cells(&shown[0], "tool"), ["b", "z", "a"]);
    assert_eq!((shown[0].subject, &*shown[0].target), (Subject::RemoteControl, "m"));
}

#[test]
fn policy_sanctions_by_zone_version_and_attendance() {
    let rule = |zone: Option<&str>, version: Option<&str>, unattended| {
        let zone = zone.map(str::to_owned);
        let minimum_version = version.map(str::to_owned);
        Policy {
            remote_tools: vec![Sanction { zone, tool: "t".into(), minimum_version, unattended }],
            ..Policy::default()
        }
    };
    let cases = [
        ("none", Policy::default()),
        ("attended", rule(None, None, false)),
        ("unattended", rule(None, Some("1.9"), true)),
        ("none", rule(None, Some("1.10"), true)),
        ("none", rule(Some("sealed"), None, true)),
    ];
    for (expected, policy) in cases {
        let shown = pictures(vec![with("a", vec![open("t")])], &policy);
        assert_eq!(cells(&shown[0], "sanction"), [expected]);
    }
}

#[test]
fn a_zone_without_remote_tools_forbids_what_every_zone_may() {
    let mut policy = Policy::default();
    for rule in &mut policy.zones {
        rule.zone = Zone { remote_tools: false, ..rule.zone.clone() };
    }
    let sanction = Sanction { tool: "t".into(), unattended: true, ..Sanction::default() };
    policy.remote_tools = vec![sanction];
    let shown = pictures(vec![with("a", vec![open("t")])], &policy);
    assert_eq!(cells(&shown[0], "sanction"), ["forbidden"]);
}

#[test]
fn nothing_found_and_nobody_looked_are_two_things() {
    let mut refused = sweep("c");
    let problem = Problem::new(RemoteTool::DEF.name, "/home/x", Reason::Denied, "no");
    refused.observe(Observed::<RemoteTool> { rows: Vec::new(), problems: vec![problem] });
    let sweeps = vec![with("a", Vec::new()), sweep("b"), refused];
    let shown = pictures(sweeps, &Policy::default());
    assert!(shown.iter().all(|picture| picture.rows.total == 0));
    assert_eq!(shown[0].doubts, []);
    let table = RemoteTool::DEF.name.to_owned();
    assert_eq!(shown[1].doubts, [Doubt::NotObserved { table }]);
    assert!(matches!(shown[2].doubts[..], [Doubt::Problem { .. }]), "{:?}", shown[2].doubts);
}

#[test]
fn each_machine_has_its_own_rows() {
    let sweeps = vec![with("a", vec![open("x")]), with("b", vec![open("y"), open("z")])];
    let shown = pictures(sweeps, &Policy::default());
    assert_eq!(cells(&shown[0], "tool"), ["x"]);
    assert_eq!(cells(&shown[1], "tool"), ["y", "z"]);
    assert_eq!(shown[1].rows.rows[0].len(), shown[1].rows.columns.len());
    assert!(shown[1].rows.rows[0].contains(&Value::Bool(true)));
}

fn observe<T: Table>(sweep: &mut Sweep, rows: Vec<T>) {
    sweep.observe(Observed { rows, problems: Vec::new() });
}

#[test]
fn what_the_system_brought_is_no_way_to_show_and_the_worst_comes_first() {
    let mut sweep = sweep("m");
    let user = |name: &str, uid| User {
        name: name.into(),
        uid,
        person: uid >= 1000,
        can_login: true,
        password: Some("set".into()),
        password_changed: Some(Time(NOW.0 - 100)),
        ..User::default()
    };
    let file = |path: &str, origin: &str, set_uid| File {
        path: path.into(),
        interest: "running".into(),
        origin: Some(origin.into()),
        set_uid,
        modified: Some(Time(NOW.0 - 500)),
        changed: Some(Time(NOW.0 - 50)),
        ..File::default()
    };
    let service = |name: &str, origin: &str| host::Service {
        name: name.into(),
        starts: true,
        origin: Some(origin.into()),
        ..host::Service::default()
    };
    let cron = Autostart {
        way: "cron".into(),
        path: "/etc/cron.d/x".into(),
        line: Some(2),
        command: "sh -i".into(),
        starts: true,
        origin: Some("foreign".into()),
        traits: Some("reverse-shell".into()),
        modified: Some(Time(NOW.0 - 10)),
        ..Autostart::default()
    };
    let key = SshKey { kind: "authorized".into(), path: "/k".into(), ..SshKey::default() };
    let unread = SshKey { counts: Some(false), ..key.clone() };
    observe(&mut sweep, vec![user("li", 1000), user("toor", 0)]);
    observe(&mut sweep, vec![file("/x", "foreign", true), file("/usr/bin/sudo", "package", true)]);
    observe(&mut sweep, vec![service("own", "foreign"), service("ssh", "package")]);
    observe(&mut sweep, vec![cron]);
    observe(&mut sweep, vec![key, unread]);
    let pictures = shown(Subject::StandingAccess, vec![sweep], &Policy::default());
    let [picture] = pictures.as_slice() else { panic!("{pictures:#?}") };
    let what = ["cron sh -i", "set-uid", "account toor", "account li", "key", "own"];
    assert_eq!(cells(picture, "what"), what);
    assert_eq!(cells(picture, "tone"), ["alarm", "alarm", "alarm", "usual", "usual", "usual"]);
    assert_eq!(cells(picture, "since")[1], Time(NOW.0 - 50).to_string());
    assert_eq!(cells(picture, "line")[0], "2");
    // Tables that nobody observed are said, not passed over.
    assert!(picture.doubts.contains(&Doubt::NotObserved { table: "host_modules".into() }));
}

#[test]
fn a_printers_doors_are_open_guarded_closed_or_not_known() {
    let service = |service: &str, reach: &str, tls: Option<&str>| Service {
        service: service.into(),
        reach: reach.into(),
        tls_lowest: tls.map(Into::into),
        ..Service::default()
    };
    let services = vec![
        service("raw", "open", None),
        service("telnet", "closed", None),
        service("https", "open", Some("TLSv1.2")),
        service("ipps", "open", Some("TLSv1.0")),
    ];
    let setting = Setting {
        wifi_direct: Some(true),
        bluetooth: Some(false),
        panel_locked: Some(true),
        admin_password: Some(false),
        ..Setting::default()
    };
    let mut sweep = sweep("p");
    sweep.manifest.sensor = "printer".into();
    sweep.observe(Observed { rows: services, problems: Vec::new() });
    sweep.observe(Observed { rows: vec![setting], problems: Vec::new() });
    sweep.observe(Observed::<Store>::default());
    sweep.observe(Observed::<Job>::default());
    let shown = shown(Subject::PrinterDoors, vec![sweep], &Policy::default());
    let (doors, states) = (cells(&shown[0], "door"), cells(&shown[0], "state"));
    let state = |door: &str| {
        let at = doors.iter().position(|known| known == door);
        at.map(|at| states[at].clone()).unwrap_or_default()
    };
    for (door, expected) in [
        ("raw", "open"),
        ("telnet", "closed"),
        ("https", "guarded"),
        ("ipps", "weak"),
        ("wifi-direct", "open"),
        ("bluetooth", "closed"),
        ("panel", "guarded"),
        ("settings-page", "open"),
        ("cloud", "unknown"),
        ("storage", "unknown"),
    ] {
        assert_eq!(state(door), expected, "{door}");
    }
}
