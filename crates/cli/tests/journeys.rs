//! Whole journeys of a user with the program as it is built: sweep, save, carry, judge, verify.

mod desk;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use desk::{Desk, PASSWD};

fn verdict<'a>(report: &'a serde_json::Value, check: &str) -> &'a serde_json::Value {
    let verdicts = report["verdicts"].as_array().unwrap();
    verdicts.iter().find(|verdict| verdict["check"] == check).unwrap()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_mounted_disk_is_swept_and_its_second_root_account_found() {
    let desk = Desk::new();
    let report = json(&desk.says(1, &["host", "--root", "disk", "--format", "json"]));
    assert_eq!(report["sweep"]["target"], "archive");
    assert_eq!(report["sweep"]["live"], false);
    let second_root = verdict(&report, "host/second-root-account");
    assert_eq!(second_root["verdict"], "fail");
    assert!(second_root["evidence"].to_string().contains("toor"));
    // What only a running machine shows is not passed on a disk.
    let listener = verdict(&report, "host/telnet-reachable");
    assert_eq!(listener["verdict"], "not applicable");
}

#[test]
fn this_machine_is_swept_without_any_argument() {
    let desk = Desk::new();
    let output = desk.run(&[]);
    assert!(matches!(output.status.code(), Some(0 | 1)));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(" pass") && !text.contains('\x1b'), "{text}");
}

#[test]
fn exit_codes_follow_the_threshold() {
    let desk = Desk::new();
    for (threshold, code) in [("info", 1), ("medium", 1), ("critical", 1), ("never", 0)] {
        desk.says(code, &["host", "--root", "disk", "--fail-on", threshold]);
    }
    desk.write("disk/etc/passwd", &PASSWD.replace("toor:x:0:", "toor:x:7:"));
    desk.says(0, &["host", "--root", "disk", "--fail-on", "critical"]);
}

#[test]
fn an_earlier_sweep_shows_what_is_new_since_when_sweeping_and_when_judging() {
    let desk = Desk::new();
    desk.save("before.sweep", &[]);
    desk.write("disk/etc/passwd", &format!("{PASSWD}wang:x:1001:1001::/home/wang:/bin/bash\n"));
    std::thread::sleep(std::time::Duration::from_secs(1));
    let since = ["--since", "before.sweep", "--format", "json", "--fail-on", "never"];
    let found = |report: &serde_json::Value| {
        let account = verdict(report, "host/change-account");
        assert_eq!(account["verdict"], "fail");
        account["evidence"].to_string()
    };
    let host = [&["host", "--root", "disk", "--save", "now.sweep"], &since[..]].concat();
    let evidence = found(&json(&desk.says(0, &host)));
    assert!(evidence.contains("name=wang") && !evidence.contains("name=toor"), "{evidence}");
    let judged = json(&desk.says(0, &[&["judge", "now.sweep"], &since[..]].concat()));
    assert!(found(&judged).contains("name=wang"));
    // Saved with its changes, it needs no baseline any more; without one the question does not arise.
    assert!(
        found(&json(&desk.says(1, &["judge", "now.sweep", "--format", "json"]))).contains("wang")
    );
    let alone = json(&desk.says(1, &["judge", "before.sweep", "--format", "json"]));
    assert_eq!(verdict(&alone, "host/change-account")["verdict"], "not applicable");
}

#[test]
fn a_baseline_of_another_machine_or_of_the_future_is_refused() {
    let desk = Desk::new();
    desk.save("before.sweep", &[]);
    desk.write("disk/etc/machine-id", "ffffffffffffffffffffffffffffffff\n");
    let refused = desk.refuses(&["host", "--root", "disk", "--since", "before.sweep"]);
    assert!(refused.contains("before.sweep is a sweep of archive, and none of that machine"));
    desk.save("later.sweep", &[]);
    std::thread::sleep(std::time::Duration::from_secs(1));
    desk.save("last.sweep", &[]);
    let refused = desk.refuses(&["judge", "later.sweep", "--since", "last.sweep"]);
    assert!(refused.contains("it was made later than this sweep began"), "{refused}");
    assert!(desk.refuses(&["host", "--root", "disk", "--since", "none"]).contains("none"));
}

#[test]
fn a_saved_sweep_is_judged_verified_and_asked() {
    let desk = Desk::new();
    let shown = desk.says(0, &["key", "new", "own.key"]);
    desk.write("own.pub", &shown);
    desk.save("a.sweep", &["--key", "own.key"]);
    assert_eq!(desk.says(0, &["key", "show", "own.key"]), shown);
    assert!(desk.says(0, &["verify", "a.sweep", "--pub", "own.pub"]).contains("whole, unaltered"));
    let judged =
        json(&desk.says(1, &["judge", "a.sweep", "--pub", shown.trim(), "--format", "json"]));
    assert_eq!(verdict(&judged, "host/second-root-account")["verdict"], "fail");
    let asked = desk.says(
        0,
        &["query", "--format", "csv", "SELECT name FROM host_users WHERE uid = 0", "a.sweep"],
    );
    assert_eq!(asked, "name\r\nroot\r\ntoor\r\n");
}

#[test]
fn a_sweep_file_that_cannot_be_trusted_is_refused_with_its_own_reason() {
    let desk = Desk::new();
    let key = desk.says(0, &["key", "new", "own.key"]);
    let other = desk.says(0, &["key", "new", "other.key"]);
    desk.save("unsigned.sweep", &[]);
    desk.save("signed.sweep", &["--key", "own.key"]);
    assert!(desk.refuses(&["judge", "unsigned.sweep", "--pub", key.trim()]).contains("not signed"));
    assert!(
        desk.refuses(&["verify", "signed.sweep", "--pub", other.trim()])
            .contains("not by that key")
    );
    let policy = format!("[trust]\nsweep_keys = [\"{}\"]\n", key.trim());
    desk.write("leaksweep.toml", &policy);
    assert!(desk.refuses(&["judge", "unsigned.sweep"]).contains("not signed"));
    desk.says(1, &["judge", "signed.sweep"]);

    let whole = fs::read(desk.path("signed.sweep")).unwrap();
    fs::write(desk.path("half.sweep"), &whole[..whole.len() / 2]).unwrap();
    assert!(desk.refuses(&["judge", "half.sweep"]).contains("half.sweep: it is cut off"));
    let mut altered = whole;
    let at = altered.windows(4).position(|bytes| bytes == b"toor").unwrap_or(altered.len() / 2);
    altered[at] ^= 1;
    fs::write(desk.path("altered.sweep"), &altered).unwrap();
    desk.refuses(&["judge", "altered.sweep"]);
    assert!(desk.refuses(&["judge", "disk/etc/passwd"]).contains("not a sweep file"));
    assert!(desk.refuses(&["judge", "absent.sweep"]).contains("absent.sweep"));
}

#[test]
fn one_bad_file_does_not_hide_the_good_ones() {
    let desk = Desk::new();
    fs::create_dir(desk.path("sweeps")).unwrap();
    desk.save("sweeps/a.sweep", &[]);
    desk.save("sweeps/b.sweep", &["--target", "second"]);
    fs::write(desk.path("sweeps/c.sweep"), "rubbish").unwrap();
    let output = desk.run(&["judge", "sweeps", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let report = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(report["sweeps"].as_array().unwrap().len(), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 3 sweep files"));
}

#[test]
fn the_newest_sweep_of_a_target_counts() {
    let desk = Desk::new();
    desk.save("old.sweep", &[]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    desk.write("disk/etc/passwd", &PASSWD.replace("toor:x:0:", "toor:x:7:"));
    desk.save("new.sweep", &[]);
    let arguments = ["judge", "old.sweep", "new.sweep", "--format", "json", "--fail-on", "never"];
    let report = json(&desk.says(0, &arguments));
    assert_eq!(verdict(&report, "host/second-root-account")["verdict"], "pass");
}

#[test]
fn an_unsigned_newer_file_does_not_push_a_signed_one_aside() {
    let desk = Desk::new();
    let key = desk.says(0, &["key", "new", "own.key"]);
    desk.save("signed.sweep", &["--key", "own.key"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    desk.write("disk/etc/passwd", &PASSWD.replace("toor:x:0:", "toor:x:7:"));
    desk.save("forged.sweep", &[]);
    let arguments =
        ["judge", "signed.sweep", "forged.sweep", "--pub", key.trim(), "--format", "json"];
    let output = desk.run(&arguments);
    assert_eq!(output.status.code(), Some(2));
    let report = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(verdict(&report, "host/second-root-account")["verdict"], "fail");
}

#[test]
fn a_policy_is_found_obeyed_and_distrusted() {
    let desk = Desk::new();
    assert!(desk.says(0, &["policy", "init"]).contains("leaksweep.toml"));
    assert!(desk.refuses(&["policy", "init"]).contains("there already"));
    desk.write(
        "leaksweep.toml",
        "[[exception]]\ncheck = \"host/second-root-account\"\ntarget = \"arch*\"\nowner = \"Li\"\n\
         reason = \"old backup account\"\nuntil = \"2999-01-01\"\n[[zone]]\nname = \"sealed\"\ntargets = [\"archive\"]\n",
    );
    let arguments = ["host", "--root", "disk", "--format", "json", "--fail-on", "never"];
    let report = json(&desk.says(0, &arguments));
    let excepted = verdict(&report, "host/second-root-account");
    assert_eq!(excepted["verdict"], "excepted");
    assert_eq!(report["sweep"]["zone"], "sealed");
    fs::set_permissions(desk.path("leaksweep.toml"), PermissionsExt::from_mode(0o666)).unwrap();
    assert!(desk.refuses(&arguments).contains("somebody else can change"));
    desk.says(0, &[&arguments[..], &["--policy", "leaksweep.toml"]].concat());
    fs::remove_file(desk.path("leaksweep.toml")).unwrap();
    assert!(desk.refuses(&["host", "--zone", "seald"]).contains("known are sealed, office"));
    desk.write("bad.toml", "[[zone]]\nnam = \"x\"\n");
    let error = desk.refuses(&["policy", "show", "--policy", "bad.toml"]);
    assert!(error.contains("bad.toml:2: unknown key 'nam'; did you mean 'name'?"), "{error}");
}

#[test]
fn a_sanctioned_tool_that_nobody_knows_is_named() {
    let desk = Desk::new();
    let own = "name = \"Own\"\nkind = \"tunnel\"\nmakers = []\nsummary = \"Ours.\"\nattack = []\n\
               ways = [\"reverse\"]\n[[fact]]\nsource = \"ours\"\npackages = [\"own-tunnel\"]\n";
    desk.write("mine/own-tunnel.toml", own);
    let rule = |tool: &str| format!("[[remote_tool]]\ntool = \"{tool}\"\n");
    let rules = ["RustDesk", "rustdesk", "own-tunnel", "qqqqqqqq"].map(rule).concat();
    desk.write("policy.toml", &rules);
    let said = |arguments: &[&str]| {
        let policy = ["--policy", "policy.toml", "--fail-on", "never"];
        let output = desk.run(&[arguments, &policy[..]].concat());
        assert_eq!(output.status.code(), Some(0));
        let error = String::from_utf8(output.stderr).unwrap();
        let lines = error.lines().filter(|line| line.contains("is called"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let swept = said(&["host", "--root", "disk", "--catalogue", "mine", "--save", "a.sweep"]);
    let unknown = [
        "leaksweep: policy: no tool is called 'RustDesk'; did you mean 'rustdesk'?",
        "leaksweep: policy: no tool is called 'qqqqqqqq'",
    ];
    assert_eq!(swept, unknown);
    let judged = said(&["judge", "a.sweep"]);
    assert_eq!(judged.len(), 3);
    assert!(judged[1].starts_with("leaksweep: policy: no built-in tool is called 'own-tunnel'"));
}

/// It holds the checks and the catalogue, and with them the texts by which programs are known.
#[test]
fn the_program_does_not_take_itself_for_a_tool() {
    let desk = Desk::new();
    let copy = desk.path("disk/home/li/Downloads/tool");
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_leaksweep"), &copy).unwrap();
    fs::set_permissions(&copy, PermissionsExt::from_mode(0o755)).unwrap();
    let known = format!("\x7fELF{}\0ssh.tmate.io\0", "-".repeat(20_000));
    let other = desk.write("disk/home/li/Downloads/other", &known);
    fs::set_permissions(&other, PermissionsExt::from_mode(0o755)).unwrap();
    desk.save("a.sweep", &[]);
    let query = "SELECT * FROM host_remote_signs";
    let signs = json(&desk.says(0, &["query", "--format", "json", query, "a.sweep"]));
    let paths: Vec<&serde_json::Value> =
        signs.as_array().unwrap().iter().map(|sign| &sign["path"]).collect();
    assert_eq!(paths, ["/home/li/Downloads/other"], "{signs}");
    // A program with the marks of many tools has no sign but a problem.
    let query = "SELECT * FROM problems WHERE subject LIKE '%/Downloads/tool%'";
    assert_eq!(json(&desk.says(0, &["query", "--format", "json", query, "a.sweep"])), json("[]"));
}

#[test]
fn own_checks_join_the_house() {
    let desk = Desk::new();
    desk.says(0, &["checks", "new", "mine/host/from-tmp.md"]);
    assert!(desk.says(0, &["checks", "test", "mine"]).contains("1 checks, 3 cases, 0 failed"));
    let path = desk.path("mine/host/from-tmp.md");
    let text = fs::read_to_string(&path).unwrap().replace("WHERE starts", "WHERE strats");
    fs::write(&path, text).unwrap();
    let found = desk.says(1, &["checks", "test", "mine"]);
    assert!(found.contains("from-tmp.md:13: ") && found.contains("strats"), "{found}");
    assert!(desk.refuses(&["checks", "test", "mine/host"]).contains("no check"));
}

#[test]
fn every_format_is_written_whole_to_a_file() {
    let desk = Desk::new();
    for format in ["terminal", "json", "csv", "sarif", "ocsf", "html"] {
        let arguments =
            ["host", "--root", "disk", "--format", format, "-o", "report", "--fail-on", "never"];
        assert_eq!(desk.says(0, &arguments), "");
        let report = fs::read_to_string(desk.path("report")).unwrap();
        assert!(report.contains("toor"), "{format}");
    }
    assert!(
        desk.refuses(&["host", "--root", "disk", "-o", "absent/report"]).contains("absent/report")
    );
}

#[test]
fn a_disk_full_of_traps_is_swept_to_the_end() {
    let desk = Desk::new();
    let disk = desk.path("disk");
    fs::remove_file(disk.join("etc/shadow")).unwrap();
    symlink("/etc/shadow", disk.join("etc/shadow")).unwrap();
    fs::remove_file(disk.join("etc/os-release")).unwrap();
    symlink("os-release", disk.join("etc/os-release")).unwrap();
    fs::remove_file(disk.join("var/lib/dpkg/status")).unwrap();
    pipe(&disk.join("var/lib/dpkg/status"));
    fs::create_dir_all(disk.join("etc/systemd/system")).unwrap();
    fs::File::create(disk.join("etc/systemd/system/huge.service"))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    symlink("/", disk.join("home")).unwrap();
    symlink("/dev/zero", disk.join("etc/group-")).unwrap();
    let report = json(&desk.says(1, &["host", "--root", "disk", "--format", "json"]));
    let problems = report["problems"].to_string();
    for subject in ["/etc/shadow", "dpkg/status", "huge.service", "os-release"] {
        assert!(problems.contains(subject), "{subject}: {problems}");
    }
    assert_eq!(verdict(&report, "host/account-without-password")["verdict"], "unknown");
    assert_eq!(verdict(&report, "host/no-update-for-long")["verdict"], "unknown");
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn manual_pages_and_completions_come_from_the_definitions() {
    let desk = Desk::new();
    fs::create_dir(desk.path("man")).unwrap();
    desk.says(0, &["man", "man"]);
    let page = fs::read_to_string(desk.path("man/leaksweep-judge.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("pub"), "{page}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(desk.says(0, &["completions", shell]).contains("judge"));
    }
}
