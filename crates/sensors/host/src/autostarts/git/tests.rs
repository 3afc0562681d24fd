use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use leaksweep_facts::{Observed, Reason, tables::host::Autostart};
use tempfile::TempDir;

use super::{super::collect, config::Setting, *};
use crate::fixture::{mounted, write};

fn disk(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        write(&path, content.as_bytes());
        if path.parent().is_some_and(|folder| folder.ends_with("hooks")) {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    folder
}

fn observed(folder: &TempDir) -> Observed<Autostart> {
    let path = folder.path().join("home/ann");
    fs::create_dir_all(&path).unwrap();
    let uid = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&path).unwrap());
    let home = Home { user: "ann".into(), uid, path: "/home/ann".into() };
    collect(&mounted(folder.path()), &[home])
}

fn cells(row: &Autostart) -> String {
    let line = row.line.map_or("-".into(), |line| line.to_string());
    let user = row.user.clone().unwrap_or_else(|| "-".into());
    [&row.name, &user, &row.path, &line, &row.command].map(String::as_str).join("|")
}

fn sorted(folder: &TempDir) -> Vec<String> {
    let seen = observed(folder);
    assert_eq!(seen.problems, []);
    let mut rows: Vec<String> = seen.rows.iter().map(cells).collect();
    rows.sort();
    rows
}

/// `section.subsection.name=value` with its line.
fn shown(setting: &Setting) -> String {
    let Setting { line, section, subsection, name, value } = setting;
    let value = value.as_deref().map(|value| format!("={value}")).unwrap_or_default();
    format!("{line} {section}.{}.{name}{value}", subsection.as_deref().unwrap_or("-"))
}

#[test]
fn the_grammar_is_gits_own() {
    let text = b"\xef\xbb\xbf; c\n[Core]\n\tPager = \"less; \" -R # c\n\tbare\n[filter \"My.\\\"LFS\"] Clean = a \\\n  b\r\n\
        [diff.PDF]textConv=x\\ty\\\\z;c\n[alias]\n  st = !git \"status\"  \t \n";
    let found = parse(text);
    let expected = [
        "3 core.-.pager=less;  -R",
        "4 core.-.bare",
        "5 filter.My.\"LFS.clean=a   b",
        "7 diff.pdf.textconv=x\ty\\z",
        "9 alias.-.st=!git status",
    ];
    assert_eq!(found.found.iter().map(shown).collect::<Vec<_>>(), expected);
    assert_eq!(found.senseless, None);
}

#[test]
fn git_itself_reads_the_same() {
    if leaksweep_peers::need("git").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let text = "[core]\n pager = \"a b\" c ; d\n[x \"Y z\"]\n k-1 = v\\\"w \\\n  tail\n q = \" s \"\n[A.B]\nn\n";
    write(&path, text.as_bytes());
    let output = std::process::Command::new("git")
        .args(["config", "--null", "--list", "--file"])
        .arg(&path)
        .output()
        .unwrap();
    let git: Vec<String> = output
        .stdout
        .split(|byte| *byte == 0)
        .filter(|part| !part.is_empty())
        .map(|part| String::from_utf8(part.to_vec()).unwrap())
        .collect();
    let own = |setting: &Setting| {
        let parts = [Some(&setting.section), setting.subsection.as_ref(), Some(&setting.name)];
        let key: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        match &setting.value {
            Some(value) => format!("{}\n{value}", key.join(".")),
            None => key.join("."),
        }
    };
    assert_eq!(parse(text.as_bytes()).found.iter().map(own).collect::<Vec<_>>(), git);
    assert_eq!(git.len(), 4);
}

#[test]
fn lines_that_make_no_sense_are_counted_and_end() {
    let broken: [&[u8]; 7] = [
        b"[core",
        b"key = v\n",
        b"[a \"b\n]\n",
        b"[a]\nk = \"x\n",
        b"[a]\nk \\\n",
        b"\0\0",
        b"[a]\nk = \\q\n",
    ];
    for text in broken {
        let found = parse(text);
        assert_eq!((found.found.len(), found.senseless.is_some()), (0, true), "{text:?}");
    }
    assert_eq!(parse(&b"[a]b=c\n".repeat(60_000)).found.len(), super::super::MAX_LINES);
    assert_eq!(parse(b"").found, []);
}

#[test]
fn settings_that_run_commands_are_rows_and_others_are_not() {
    let own = "[user]\n name = x\n[core]\n pager = less\n fsmonitor = true\n editor =\n[credential]\n helper = store\n \
        helper = \"!f() { echo password=hunter2; }; f\"\n[alias]\n co = checkout\n x = !sh -c y\n[include]\n path = more.inc\n \
        path = ~/absent\n[pager]\n log = false\n diff = delta\n";
    let folder = disk(&[
        ("home/ann/.gitconfig", own),
        ("home/ann/more.inc", "[gpg]\nprogram = /opt/g\n[include]\npath = third\n"),
        ("home/ann/third", "[core]\npager = never\n"),
        ("etc/gitconfig", "[core]\nsshCommand = /opt/s\n"),
    ]);
    let expected = [
        "alias.x|ann|/home/ann/.gitconfig|12|sh -c y",
        "core.pager|ann|/home/ann/.gitconfig|4|less",
        "core.sshcommand|-|/etc/gitconfig|2|/opt/s",
        "credential.helper|ann|/home/ann/.gitconfig|9|f() { echo password=*** }; f",
        "gpg.program|ann|/home/ann/more.inc|2|/opt/g",
        "pager.diff|ann|/home/ann/.gitconfig|18|delta",
    ];
    assert_eq!(sorted(&folder), expected);
}

#[test]
fn hooks_of_trees_are_found_wherever_a_tree_keeps_them() {
    let work = "home/ann/src/site";
    let folder = disk(&[
        (&format!("{work}/.git/hooks/pre-commit"), "#!/bin/sh\n"),
        (&format!("{work}/.git/hooks/pre-push.sample"), "#!/bin/sh\n"),
        (&format!("{work}/.git/hooks/lib.sh"), "#!/bin/sh\n"),
        (
            &format!("{work}/.git/config"),
            "[core]\n\thooksPath = .husky/hooks\n\tfsmonitor = /tmp/.m\n",
        ),
        (&format!("{work}/.husky/hooks/commit-msg"), "#!/bin/sh\n"),
        (&format!("{work}/.git/modules/sub/hooks/post-merge"), "#!/bin/sh\n"),
        (&format!("{work}/sub/.git"), "gitdir: ../.git/modules/sub\n"),
        ("srv/x.git/HEAD", "ref: x\n"),
        ("srv/x.git/objects/a", ""),
        ("srv/x.git/refs/a", ""),
        ("srv/x.git/hooks/post-receive", "#!/bin/sh\n"),
        ("home/ann/node_modules/p/.git/hooks/pre-commit", "#!/bin/sh\n"),
        ("home/ann/a/b/c/d/e/f/.git/hooks/pre-commit", "#!/bin/sh\n"),
    ]);
    let plain = folder.path().join(work).join(".git/hooks/post-commit");
    write(&plain, b"#!/bin/sh\n");
    let seen = observed(&folder);
    let mut paths: Vec<&str> = seen.rows.iter().map(|row| row.path.as_str()).collect();
    paths.sort();
    let expected = [
        "/home/ann/src/site/.git/config",
        "/home/ann/src/site/.git/config",
        "/home/ann/src/site/.git/hooks/pre-commit",
        "/home/ann/src/site/.git/modules/sub/hooks/post-merge",
        "/home/ann/src/site/.husky/hooks/commit-msg",
        "/srv/x.git/hooks/post-receive",
    ];
    assert_eq!(paths, expected);
    assert!(seen.rows.iter().all(|row| row.user.as_deref() == Some("ann") && row.way == "git"));
    assert!(seen.rows.iter().all(|row| row.event == "command" && row.starts));
    let hook = seen.rows.iter().find(|row| row.name == "pre-commit").unwrap();
    assert_eq!(hook.program.as_deref(), Some("/home/ann/src/site/.git/hooks/pre-commit"));
    assert_eq!(seen.problems, []);
}

#[test]
fn what_cannot_be_read_leaves_names_of_git_unknown_and_nothing_else() {
    let folder = disk(&[
        ("home/ann/a/.git/config", "[core\n"),
        ("home/ann/b/.git", "gitdir: /nowhere\n"),
        ("home/ann/c/.git", "no link"),
        ("home/ann/d/.git/hooks/pre-commit", ""),
    ]);
    std::os::unix::fs::symlink("e", folder.path().join("home/ann/e")).unwrap();
    fs::create_dir_all(folder.path().join("home/ann/d/.git/config")).unwrap();
    let seen = observed(&folder);
    assert_eq!(seen.rows.len(), 1);
    let told: Vec<_> = seen.problems.iter().map(|p| (&*p.subject, p.reason, p.columns)).collect();
    let expected: [(&str, Reason, &[&str]); 2] = [
        ("/home/ann/a/.git/config", Reason::Malformed, &["name"]),
        ("/home/ann/d/.git/config", Reason::WrongType, &["name"]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_home_of_many_folders_ends_and_hides_nobody_elses() {
    let folder = disk(&[("srv/site/.git/hooks/post-merge", "#!/bin/sh\n")]);
    for at in 0..60_000 {
        let path = folder.path().join(format!("home/ann/{:03}/{at}", at % 300));
        if at < 300 {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
        }
        fs::File::create(path).unwrap();
    }
    let seen = observed(&folder);
    assert_eq!(
        seen.rows.iter().map(|row| &*row.path).collect::<Vec<_>>(),
        ["/srv/site/.git/hooks/post-merge"]
    );
    let told: Vec<_> = seen.problems.iter().map(|p| (&*p.subject, p.reason, p.columns)).collect();
    assert_eq!(told, [("/home/ann", Reason::TooLarge, &["name"][..])]);
}

#[test]
fn an_owner_without_an_account_is_a_number() {
    let folder = disk(&[("srv/site/.git/hooks/post-merge", "#!/bin/sh\n")]);
    let machine = mounted(folder.path());
    let nobody = Home { user: "x".into(), uid: 4_000_000, path: Path::new("/home/x").into() };
    let row = collect(&machine, &[nobody]).rows.remove(0);
    assert!(row.user.is_some_and(|user| user.bytes().all(|byte| byte.is_ascii_digit())));
}
