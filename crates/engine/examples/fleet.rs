//! How long all checks take over the facts of many machines: `fleet N` generates N machines, each
//! with 200 processes and 500 packages and the other tables in proportion, and judges them in
//! contexts of at most 10,000 machines, as `leaksweep judge` judges in portions.

use std::{env, num::NonZeroUsize, path::Path, thread, time::Instant};

use leaksweep_engine::{Engine, Facts, Judge, Library, Policy, Swept, policy::PolicyTables};
use leaksweep_facts::{
    Manifest, Observed, Sweep, Table, Time,
    sweep::FORMAT,
    tables::host::{
        Autostart, BrowserExtension, File, Group, Interface, Membership, Mount, Package, Process,
        RemoteSetting, RemoteSign, RemoteTool, Service, Socket, System, UsbDevice, User,
    },
    verdict::Outcome,
};

const PORTION: usize = 10_000;
const NOW: Time = Time(1_780_000_000);

fn main() {
    let machines: usize = env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1000);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../checks");
    let mut library = Library::default();
    library.add_folder(&folder).expect("the checks are valid");
    let (mut asking, mut gathering, mut fails, mut verdicts) = (0.0, 0.0, 0, 0);
    let mut slowest = Vec::new();
    for start in (0..machines).step_by(PORTION) {
        let end = machines.min(start + PORTION);
        let swept = (start..end).map(|n| Swept { sweep: machine(n), zone: None }).collect();
        let policy = Policy::default();
        let began = Instant::now();
        let facts = Facts::gather(swept, &policy).expect("generated facts fit");
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let engine = Engine::new(cores).expect("the engine starts");
        facts.register(&engine, &PolicyTables::new(&policy, NOW)).expect("facts register");
        gathering += began.elapsed().as_secs_f64();
        let began = Instant::now();
        let judge = Judge::new(&engine, &facts, &policy, NOW);
        for check in &library.checks {
            let asked = Instant::now();
            let answers = judge.check(check);
            slowest.push((asked.elapsed().as_secs_f64(), check.page.id.clone()));
            verdicts += answers.len();
            fails += answers.iter().filter(|v| matches!(v.outcome, Outcome::Fail(_))).count();
        }
        asking += began.elapsed().as_secs_f64();
    }
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (seconds, check) in slowest.iter().take(5) {
        eprintln!("  {seconds:.2} s  {check}");
    }
    let checks = library.checks.len();
    println!(
        "machines {machines}  checks {checks}  verdicts {verdicts}  fails {fails}  \
         gather {gathering:.2} s  checks {asking:.2} s  per 100 checks {:.2} s  peak {} MB",
        asking * 100.0 / checks as f64,
        peak_megabytes(),
    );
}

fn peak_megabytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(0) / 1024
}

fn machine(n: usize) -> Sweep {
    let mut sweep = Sweep::new(Manifest {
        format: FORMAT,
        tool_version: "0".into(),
        sensor: "host".into(),
        target: format!("machine-{n:06}"),
        machine_id: Some(format!("{n:032x}")),
        platform: Some("linux".into()),
        started: NOW,
        ended: NOW,
        privileged: true,
        live: true,
        extent: Default::default(),
        parts: Vec::new(),
    });
    observe(&mut sweep, 1, |_| System {
        hostname: format!("machine-{n:06}"),
        os_id: "debian".into(),
        os_version: "12".into(),
        kernel: "6.1.0-40-amd64".into(),
        observed: NOW,
        live: true,
        packages_changed: Some(Time(NOW.0 - (n as i64 % 60) * 86_400)),
        ..System::default()
    });
    observe(&mut sweep, 200, |at| process(n, at));
    observe(&mut sweep, 500, |at| Package {
        manager: "dpkg".into(),
        name: format!("package-{at}"),
        version: format!("1.{}-{}", at % 17, n % 3),
        architecture: "amd64".into(),
        state: "installed".into(),
        publisher: "Debian Maintainers <packages@example.org>".into(),
        source: format!("source-{}", at / 2),
        installed: Some(NOW),
        location: "/var/lib/dpkg/status".into(),
        ..Package::default()
    });
    observe(&mut sweep, 20, |at| Socket {
        protocol: "tcp".into(),
        family: "ip4".into(),
        local_address: "0.0.0.0".into(),
        local_port: Some(if at == 0 && n.is_multiple_of(50) { 23 } else { 8000 + at as i64 }),
        state: "listen".into(),
        reach: if at % 4 == 0 { "everywhere" } else { "loopback" }.into(),
        pid: Some(at as i64),
        process: Some(format!("daemon-{at}")),
        program: Some(format!("/usr/sbin/daemon-{at}")),
        machine_namespace: true,
        ..Socket::default()
    });
    observe(&mut sweep, 120, |at| Service {
        manager: "systemd".into(),
        scope: "system".into(),
        name: format!("unit-{at}.service"),
        kind: "service".into(),
        path: format!("/usr/lib/systemd/system/unit-{at}.service"),
        state: "enabled".into(),
        starts: true,
        program: Some(format!("/usr/sbin/daemon-{at}")),
        program_exists: Some(true),
        package: Some(format!("package-{at}")),
        program_package: Some(format!("package-{at}")),
        ..Service::default()
    });
    accounts(&mut sweep, n);
    remote(&mut sweep, n);
    observe(&mut sweep, 3, |at| Interface {
        name: format!("eth{at}"),
        kind: "ethernet".into(),
        device: true,
        state: "up".into(),
        carrier: Some(true),
        ..Interface::default()
    });
    observe(&mut sweep, 12, |at| Mount {
        path: format!("/mount/{at}"),
        file_system: "ext4".into(),
        ..Mount::default()
    });
    observe(&mut sweep, 150, |at| File {
        path: format!("/usr/bin/file-{at}"),
        interest: "running".into(),
        kind: "file".into(),
        owner: "root".into(),
        mode: "0755".into(),
        package: Some(format!("package-{at}")),
        ..File::default()
    });
    sweep
}

fn process(n: usize, at: usize) -> Process {
    let deleted = at == 7 && n.is_multiple_of(100);
    Process {
        pid: at as i64,
        parent: 1,
        name: format!("daemon-{at}"),
        program: Some(format!("/usr/sbin/daemon-{at}")),
        program_state: Some(if deleted { "deleted" } else { "present" }.into()),
        arguments: format!("/usr/sbin/daemon-{at} --config /etc/daemon-{at}.conf --verbose"),
        user: "root".into(),
        started: Some(NOW),
        unit: Some(format!("unit-{at}.service")),
        package: Some(format!("package-{at}")),
        control_group: format!("/system.slice/unit-{at}.service"),
        ..Process::default()
    }
}

/// A log-in service everywhere, and on every fortieth machine a tool that lets somebody in.
fn remote(sweep: &mut Sweep, n: usize) {
    let tools = if n.is_multiple_of(40) { 2 } else { 1 };
    let tool = |at: usize| if at == 0 { "openssh-server" } else { "rustdesk" }.to_owned();
    observe(sweep, tools, |at| RemoteTool {
        tool: tool(at),
        name: tool(at),
        kind: if at == 0 { "remote-shell" } else { "remote-control" }.into(),
        bundled: at == 0,
        installed: true,
        running: true,
        starts: true,
        listening: at == 0,
        states: "installed, running, starts".into(),
        confidence: "certain".into(),
        version: Some("1.4".into()),
        unattended: Some(at == 1),
        ways_in: "listens on tcp/22 (everywhere)".into(),
        reach: Some("everywhere".into()),
        ..RemoteTool::default()
    });
    observe(sweep, tools * 6, |at| RemoteSign {
        tool: tool(at / 6),
        state: "installed".into(),
        kind: "file".into(),
        pid: Some(at as i64),
        confidence: "likely".into(),
        ..RemoteSign::default()
    });
    observe(sweep, tools * 4, |at| RemoteSetting {
        tool: tool(at / 4),
        means: if at < 4 { "no-idle-end" } else { "permanent-password" }.into(),
        unattended: at >= 4,
        setting: format!("setting-{at}"),
        path: "/etc/tool.conf".into(),
        since: Some(NOW),
        ..RemoteSetting::default()
    });
    observe(sweep, 8, |at| UsbDevice { bus_path: format!("1-{at}"), ..UsbDevice::default() });
    observe(sweep, 5, |at| BrowserExtension {
        id: format!("extension-{at}"),
        ..BrowserExtension::default()
    });
    observe(sweep, 20, |at| Autostart {
        way: "cron".into(),
        name: format!("entry-{at}"),
        starts: true,
        ..Autostart::default()
    });
}

fn accounts(sweep: &mut Sweep, n: usize) {
    observe(sweep, 30, |at| User {
        name: format!("user-{at}"),
        uid: if at == 29 && n.is_multiple_of(70) { 0 } else { at as i64 },
        home: format!("/home/user-{at}"),
        shell: "/usr/sbin/nologin".into(),
        password: Some("none".into()),
        ..User::default()
    });
    observe(sweep, 40, |at| Group { name: format!("group-{at}"), gid: at as i64 });
    observe(sweep, 40, |at| Membership {
        user: format!("user-{}", at % 30),
        group: format!("group-{at}"),
        main: at < 30,
    });
}

fn observe<T: Table>(sweep: &mut Sweep, count: usize, row: impl Fn(usize) -> T) {
    sweep.observe(Observed { rows: (0..count).map(row).collect(), problems: Vec::new() });
}
