use std::{fs, os::unix::fs::PermissionsExt};

use leaksweep_facts::{Observed, Reason, tables::host::Autostart};

use super::{super::collect as autostarts, *};
use crate::fixture::{mounted, write};

fn observed(files: &[(&str, &str)]) -> Observed<Autostart> {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        write(&path, content.as_bytes());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    autostarts(&mounted(folder.path()), &[])
}

fn cells(row: &Autostart) -> String {
    let line = row.line.map_or("-".into(), |line| line.to_string());
    [&row.way, &row.name, &row.path, &line, &row.command].map(String::as_str).join("|")
}

fn settings(text: &[u8]) -> Vec<(usize, String, String)> {
    parse_apt(text).found.into_iter().map(|found| (found.line, found.key, found.value)).collect()
}

#[test]
fn apts_scopes_lists_and_comments_are_read() {
    let text = b"// c \"{\n# c\nDPkg::Post-Invoke {\"a; b # c\"; \"x\";};\n/* \"no\n\"; */\nAPT { Update { Post-Invoke \
        { \"u\"; }; Pre-Invoke:: \"v\"; }; };\n#clear APT;\n#include \"/etc/x\";\nDPkg::Options { \"--force\"; }\nA::B \"\";\n";
    let expected: Vec<(usize, String, String)> = [
        (3, "DPkg::Post-Invoke", "a; b # c"),
        (3, "DPkg::Post-Invoke", "x"),
        (6, "APT::Update::Post-Invoke", "u"),
        (6, "APT::Update::Pre-Invoke", "v"),
        (8, "#include", "/etc/x"),
        (9, "DPkg::Options", "--force"),
        (10, "A::B", ""),
    ]
    .map(|(line, key, value)| (line, key.into(), value.into()))
    .into();
    assert_eq!(settings(text), expected);
    assert_eq!(parse_apt(text).senseless, None);
}

#[test]
fn apt_itself_reads_the_same() {
    if leaksweep_peers::need("apt-config").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apt.conf");
    let text = "Own::A {\"x y\"; B \"z\"; C { \"d\"; }; };\nOwn::E:: \"f\"; // c\nOwn::G \"h\"; # i\n/* j */ Own::K\n { L \"m\"; }\n";
    write(&path, text.as_bytes());
    let output = std::process::Command::new("apt-config")
        .args(["dump", "Own", "--no-empty", "--format", "%F=%v%n"])
        .env("APT_CONFIG", &path)
        .output()
        .unwrap();
    let mut apt: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| line.replace("::=", "="))
        .collect();
    let mut own: Vec<String> = settings(text.as_bytes())
        .into_iter()
        .map(|(_, key, value)| format!("{key}={value}"))
        .collect();
    apt.sort();
    own.sort();
    assert_eq!(own, apt);
    assert_eq!(own.len(), 6);
}

#[test]
fn broken_configuration_of_apt_ends() {
    for text in ["A {", "}", "A \"b", "A \"b\" c \"d\";", "/* c", "A;;{};"] {
        let _ = settings(text.as_bytes());
    }
    assert!(parse_apt(b"}\n").senseless.is_some());
    assert!(parse_apt(&b"A{".repeat(100_000)).senseless.is_some());
    assert_eq!(parse_apt(&b"A \"b\";".repeat(100_000)).found.len(), super::super::MAX_LINES);
    assert_eq!(settings(b"A \"\xb9\xab\";"), [(1, "A".into(), "\\xb9\\xab".into())]);
}

#[test]
fn hooks_of_each_package_manager_are_rows() {
    let seen = observed(&[
        (
            "etc/apt/apt.conf",
            "Dir::Bin::dpkg \"/opt/dpkg\";\nDir::Bin::gzip \"gzip\";\nDPkg::Options:: \"x\";\n",
        ),
        (
            "etc/apt/apt.conf.d/99x",
            "APT::Update::Post-Invoke-Success {\"/opt/a --token=t\";};\n#include /etc/more.conf;\n",
        ),
        ("etc/apt/apt.conf.d/99x.bak", "DPkg::Pre-Invoke {\"never\";};\n"),
        ("etc/more.conf", "Acquire::http::Proxy-Auto-Detect \"/opt/p\";\n"),
        ("etc/dpkg/dpkg.cfg", "log /var/log/dpkg.log\n"),
        ("etc/dpkg/dpkg.cfg.d/hook", "# c\npost-invoke=\"/opt/d\"\n"),
        ("etc/dpkg/dpkg.cfg.d/hook.old", "pre-invoke=never\n"),
        ("etc/needrestart/hook.d/10-x", "#!/bin/sh\n"),
        ("usr/lib/python3.6/site-packages/dnf-plugins/y.py", ""),
        ("usr/lib/zypp/plugins/commit/z", ""),
        ("etc/rpm/macros.x", "# c\n%own %(sh -c /opt/r)\n%other 1\n"),
    ]);
    let expected = [
        "packager|Dir::Bin::dpkg|/etc/apt/apt.conf|1|/opt/dpkg",
        "packager|APT::Update::Post-Invoke-Success|/etc/apt/apt.conf.d/99x|1|/opt/a --token=***",
        "packager|Acquire::http::Proxy-Auto-Detect|/etc/more.conf|1|/opt/p",
        "packager|dpkg post-invoke|/etc/dpkg/dpkg.cfg.d/hook|2|/opt/d",
        "packager|%own|/etc/rpm/macros.x|2|sh -c /opt/r",
        "packager|10-x|/etc/needrestart/hook.d/10-x|-|/etc/needrestart/hook.d/10-x",
        "packager|z|/usr/lib/zypp/plugins/commit/z|-|/usr/lib/zypp/plugins/commit/z",
        "packager|y.py|/usr/lib/python3.6/site-packages/dnf-plugins/y.py|-|/usr/lib/python3.6/site-packages/dnf-plugins/y.py",
    ];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    assert!(
        seen.rows.iter().all(|row| row.user.as_deref() == Some("root") && row.event == "package")
    );
    assert_eq!(seen.problems, []);
}

#[test]
fn what_every_python_runs_is_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "usr/lib/python3/dist-packages/a.pth",
            "/opt/lib\nimport os; x = 1\nimportant\n import y\n",
        ),
        ("usr/lib/python3.11/sitecustomize.py", "x = 1\n"),
        ("usr/lib/python3.11/stray.pth", "import os\n"),
        ("home/ann/.local/lib/python3.11/site-packages/usercustomize.py", ""),
        ("home/ann/.pyenv/versions/3.9.1/lib/python3.9/site-packages/b.pth", "import b\n"),
    ];
    for (path, content) in files {
        write(&folder.path().join(path), content.as_bytes());
    }
    let home = crate::accounts::Home { user: "ann".into(), uid: 1000, path: "/home/ann".into() };
    let seen = autostarts(&mounted(folder.path()), &[home]);
    let mut rows: Vec<String> = seen.rows.iter().map(cells).collect();
    rows.sort();
    let expected = [
        "python|a.pth|/usr/lib/python3/dist-packages/a.pth|2|import os; x = 1",
        "python|a.pth|/usr/lib/python3/dist-packages/a.pth|4|import y",
        "python|b.pth|/home/ann/.pyenv/versions/3.9.1/lib/python3.9/site-packages/b.pth|1|import b",
        "python|sitecustomize.py|/usr/lib/python3.11/sitecustomize.py|-|/usr/lib/python3.11/sitecustomize.py",
        "python|usercustomize.py|/home/ann/.local/lib/python3.11/site-packages/usercustomize.py|-|/home/ann/.local/lib/python3.11/site-packages/usercustomize.py",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_configuration_that_cannot_be_read_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("etc/apt/apt.conf")).unwrap();
    write(&folder.path().join("etc/apt/apt.conf.d/50x"), b"DPkg {\n");
    let problems = autostarts(&mounted(folder.path()), &[]).problems;
    let told: Vec<_> = problems.iter().map(|p| (&*p.subject, p.reason)).collect();
    let expected =
        [("/etc/apt/apt.conf", Reason::WrongType), ("/etc/apt/apt.conf.d/50x", Reason::Malformed)];
    assert_eq!(told, expected);
}
