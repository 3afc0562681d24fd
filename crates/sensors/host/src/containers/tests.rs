use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, disk, write};

const DOCKER: &str = "var/lib/docker/containers/4f";
const CONFIG: &str = r#"{"ID":"4f","Name":"/helper","Created":"2026-03-01T10:00:00.5Z","Path":"sh",
    "Args":["-c","run --token=abc"],"Config":{"Image":"alpine","Env":["API_TOKEN=hunter2"]},
    "State":{"Running":true,"Pid":77},
    "MountPoints":{"/host":{"Type":"bind","Source":"/","Destination":"/host","RW":true}}}"#;
const HOST: &str = r#"{"RestartPolicy":{"Name":"always"},"Privileged":true,"PidMode":"host",
    "NetworkMode":"bridge","CapAdd":["SYS_ADMIN","CHOWN"],"Binds":["/:/host","data:/data","/etc:/e:ro"]}"#;

fn observed(machine: &Machine) -> Observed<Container> {
    let home = Home { user: "ann".into(), uid: 1000, path: Path::new("/home/ann").into() };
    collect(machine, &[home])
}

/// What decides, in one line.
fn cells(row: &Container) -> String {
    let user = row.user.clone().unwrap_or_else(|| "-".into());
    let flag = |set: bool, word: &'static str| if set { word } else { "-" };
    let flags = [
        flag(row.starts, "starts"),
        flag(row.privileged, "privileged"),
        flag(row.escapes, "escapes"),
    ];
    [&row.manager, &user, &row.name, &row.restart, &flags.join(" "), &row.shares, &row.folders]
        .map(String::as_str)
        .join("|")
}

fn all(machine: &Machine) -> Vec<String> {
    let seen = observed(machine);
    assert_eq!(seen.problems, []);
    seen.rows.iter().map(cells).collect()
}

#[test]
fn dockers_files_say_what_starts_and_what_it_may_touch() {
    let (_folder, machine) = disk(&[
        (&format!("{DOCKER}/config.v2.json"), CONFIG),
        (&format!("{DOCKER}/hostconfig.json"), HOST),
        ("etc/docker/daemon.json", r#"{"data-root": "/srv/docker"}"#),
        ("srv/docker/containers/5a/config.v2.json", r#"{"ID":"5a","Name":"/web"}"#),
        (
            "home/ann/.local/share/docker/containers/6b/config.v2.json",
            r#"{"ID":"6b","Name":"/own"}"#,
        ),
        ("home/ann/.local/share/docker/containers/6b/hostconfig.json", HOST),
    ]);
    let expected = [
        "docker|-|web|no|- - -||",
        "docker|-|helper|always|starts privileged escapes|pid|/:/host /etc:/e:ro",
        "docker|ann|own|always|starts privileged -|pid|/:/host /etc:/e:ro",
    ];
    assert_eq!(all(&machine), expected);
    let seen = observed(&machine);
    let row = &seen.rows[1];
    assert_eq!((&*row.command, &*row.capabilities), ("sh -c run --token=***", "SYS_ADMIN"));
    assert_eq!((row.running, row.created), (None, Time::parse("2026-03-01T10:00:00Z")));
    assert!(!format!("{:?}", seen.rows).contains("hunter2"));
}

#[test]
fn a_container_runs_only_where_its_process_does() {
    let fixture = Fixture::new();
    write(&fixture.root.join(DOCKER).join("config.v2.json"), CONFIG.as_bytes());
    let running = || observed(&fixture.machine()).rows[0].running;
    assert_eq!(running(), Some(false));
    fixture.process(77, b"sh", "/bin/sh");
    assert_eq!(running(), Some(true));
}

#[test]
fn a_container_that_somebody_stopped_stays_so() {
    let host = br#"{"RestartPolicy":{"Name":"unless-stopped"}}"#;
    assert!(parse_docker(b"{}", host).unwrap().starts);
    assert!(!parse_docker(br#"{"HasBeenManuallyStopped":true}"#, host).unwrap().starts);
    assert!(!parse_docker(b"{}", br#"{"RestartPolicy":{"Name":"on-failure"}}"#).unwrap().starts);
}

#[test]
fn podmans_storage_and_units_are_read() {
    let storage = "var/lib/containers/storage/overlay-containers";
    let list = r#"[{"id":"ab12","names":["db"],"created":"2026-03-01T10:00:00Z","metadata":
        "{\"image-name\":\"alpine:3\",\"name\":\"db\"}"},{"id":"../../etc","names":["x"]}]"#;
    let specification = r#"{"process":{"args":["sleep","9"],"env":["PASSWORD=hunter2"],
        "capabilities":{"bounding":["CAP_CHOWN","CAP_SYS_PTRACE"]}},
        "mounts":[{"destination":"/e","source":"/etc","type":"bind","options":["rbind"]},
        {"destination":"/etc/hosts","source":"/run/containers/storage/x/hosts","options":["bind"]}],
        "linux":{"namespaces":[{"type":"mount"},{"type":"network"},{"type":"ipc"},{"type":"uts"},
        {"type":"cgroup"}]}}"#;
    let unit = "[Container]\nImage=quay.io/x\nExec=run --password \\\n hunter2\nVolume=/:/host:ro\n\
        PodmanArgs=--privileged --pid=host\n[Service]\nRestart=always\n[Install]\nWantedBy=multi-user.target\n";
    let (_folder, machine) = disk(&[
        (&format!("{storage}/containers.json"), list),
        (&format!("{storage}/ab12/userdata/config.json"), specification),
        ("etc/containers/systemd/agent.container", unit),
        ("home/ann/.config/containers/systemd/own.container", "[Container]\nContainerName=mine\n"),
        ("etc/containers/systemd/agent.network", "[Network]\n"),
    ]);
    let expected = [
        "podman|-|db||- - escapes|pid|/etc:/e",
        "podman|-|x||- - -||",
        "podman|-|systemd-agent|always|starts privileged escapes|pid|/:/host:ro",
        "podman|ann|mine|no|- - -||",
    ];
    assert_eq!(all(&machine), expected);
    let seen = observed(&machine);
    assert_eq!(seen.rows[2].command, "run --password   ***");
    assert!(!format!("{:?}", seen.rows).contains("hunter2"));
}

#[test]
fn lxc_incus_and_machines_are_read() {
    let lxc = "# x\nlxc.uts.name = old\nlxc.start.auto = 1\nlxc.mount.entry = /etc mnt none bind 0 0\n\
        lxc.namespace.keep = net user\nlxc.apparmor.profile = unconfined\nlxc.cap.drop =\n";
    let mapped = "lxc.idmap = u 0 100000 65536\nlxc.mount.entry = / mnt none rbind,ro 0 0\n";
    let incus = "container:\n  name: c1\n  config:\n    boot.autostart: \"true\"\n    security.privileged: \"true\"\n  \
        devices:\n    root:\n      path: /\n      pool: default\n      type: disk\n    host:\n      \
        path: /mnt\n      source: /\n      type: disk\n";
    let nspawn =
        "[Exec]\nCapability=all\nPrivateUsers=no\n[Files]\nBind=/proc:/p\n[Network]\nPrivate=no\n";
    let (folder, machine) = disk(&[
        ("var/lib/lxc/old/config", lxc),
        ("home/ann/.local/share/lxc/own/config", mapped),
        ("var/lib/incus/storage-pools/default/containers/c1/backup.yaml", incus),
        ("etc/systemd/nspawn/box.nspawn", nspawn),
        ("var/lib/machines/box/etc/os-release", ""),
        ("var/lib/machines/image.raw", ""),
    ]);
    let wants = folder.path().join("etc/systemd/system/machines.target.wants");
    fs::create_dir_all(&wants).unwrap();
    symlink(
        "/lib/systemd/system/systemd-nspawn@.service",
        wants.join("systemd-nspawn@box.service"),
    )
    .unwrap();
    let expected = [
        "lxc|-|old|always|starts privileged escapes|network user|/etc:/mnt",
        "incus|-|c1|always|starts privileged escapes||/:/mnt",
        "nspawn|-|box|always|starts privileged escapes|network|/proc:/p",
        "nspawn|-|image|no|- - -||",
        "lxc|ann|own|no|- - -||/:/mnt:ro",
    ];
    assert_eq!(all(&machine), expected);
}

#[test]
fn pods_that_a_kubelet_starts_from_files_are_read() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: agent\nspec:\n  hostPID: true\n  containers:\n  \
        - name: a\n    image: alpine\n    command: [sh, -c]\n    args: [\"x\"]\n    securityContext:\n      \
        capabilities:\n        add: [SYS_PTRACE]\n    volumeMounts:\n    - name: root\n      \
        mountPath: /host\n  - name: b\n    image: b\n  volumes:\n  - name: root\n    hostPath:\n      path: /\n";
    let (_folder, machine) = disk(&[
        ("var/lib/kubelet/config.yaml", "staticPodPath: /srv/pods\n"),
        ("srv/pods/agent.yaml", pod),
        (
            "etc/kubernetes/manifests/other.yaml",
            "kind: Service\nspec:\n  containers:\n  - image: x\n",
        ),
        ("etc/kubernetes/manifests/note.txt", pod),
    ]);
    let seen = observed(&machine);
    let expected = [
        "kubernetes|-|a|always|starts - escapes|pid|/:/host",
        "kubernetes|-|b|always|starts - -|pid|",
    ];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    assert_eq!((&*seen.rows[0].command, seen.problems.len()), ("sh -c x", 0));
}

#[test]
fn what_cannot_be_read_is_a_problem_and_costs_nothing_else() {
    let (folder, machine) = disk(&[
        (&format!("{DOCKER}/config.v2.json"), CONFIG),
        (&format!("{DOCKER}/hostconfig.json"), "{\"Privileged\": tr"),
        ("var/lib/docker/containers/cut/config.v2.json", "{\"ID\":"),
        ("var/lib/containers/storage/overlay-containers/containers.json", "{}"),
        ("etc/kubernetes/manifests/a.yaml", "kind: [Pod\n"),
    ]);
    let pipe = folder.path().join("var/lib/docker/containers/pipe");
    fs::create_dir_all(&pipe).unwrap();
    assert!(Command::new("mkfifo").arg(pipe.join("config.v2.json")).status().unwrap().success());
    let huge = fs::File::create(folder.path().join("etc/docker-huge")).unwrap();
    huge.set_len(1 << 30).unwrap();
    fs::create_dir_all(folder.path().join("var/lib/lxc/huge")).unwrap();
    symlink("/etc/docker-huge", folder.path().join("var/lib/lxc/huge/config")).unwrap();
    let seen = observed(&machine);
    assert_eq!(
        seen.rows.iter().map(cells).collect::<Vec<_>>(),
        ["docker|-|helper|no|- - escapes||/:/host"]
    );
    let mut reasons: Vec<_> = seen.problems.iter().map(|p| (p.reason, p.columns.len())).collect();
    reasons.sort_by_key(|(reason, columns)| (format!("{reason:?}"), *columns));
    let expected = [
        (Reason::Malformed, 0),
        (Reason::Malformed, 0),
        (Reason::Malformed, 0),
        (Reason::Malformed, 7),
        (Reason::TooLarge, 0),
        (Reason::WrongType, 0),
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn a_machine_without_any_has_neither_rows_nor_problems() {
    let (_folder, machine) = disk(&[]);
    assert_eq!(observed(&machine), Observed::default());
}
