use std::{fs, os::unix::fs::symlink};

use super::*;

fn collected(files: &[(&str, &str)], links: &[(&str, &str)]) -> Observed<Package> {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    for (path, target) in links {
        symlink(target, folder.path().join(path)).unwrap();
    }
    let home = Home { user: "ann".into(), uid: 1000, path: "/home/ann".into() };
    collect(&Machine::mounted(folder.path()).unwrap(), &[home])
}

#[test]
fn each_manager_gives_its_row_and_a_users_own_names_the_user() {
    let python = "home/ann/.local/lib/python3.11/site-packages/p-1.dist-info";
    let files = [
        (&*format!("{python}/METADATA"), "Name: p\nVersion: 1\n"),
        (&*format!("{python}/direct_url.json"), r#"{"url":"file:///p"}"#),
        ("usr/lib/node_modules/@x/y/package.json", r#"{"name":"@x/y","version":"2"}"#),
        ("var/lib/flatpak/app/org.f/x86_64/stable/active/metadata", ""),
        ("var/lib/flatpak/app/org.f/x86_64/stable/active/deploy", "shop\0rest"),
        ("var/lib/snapd/snaps/s_1.snap", ""),
        ("var/lib/snapd/snaps/s_2.snap", ""),
        ("snap/s/2/meta/snap.yaml", "name: s\nversion: '4.0'\n"),
    ];
    let links = [("snap/s/current", "2"), ("var/lib/flatpak/app/org.f/current", "x86_64/stable")];
    let found = collected(&files, &links);
    let cells = |p: &Package| {
        let words = [&*p.manager, &p.name, &p.version].join(" ");
        (words, p.origin.clone().unwrap_or_default(), p.user.clone().unwrap_or_default())
    };
    let rows: Vec<_> = found.rows.iter().map(cells).collect();
    let expected = [
        ("flatpak org.f stable", "shop", ""),
        ("snap s 4.0", "", ""),
        ("python p 1", "file:///p", "ann"),
        ("npm @x/y 2", "", ""),
    ];
    assert_eq!(rows, expected.map(|(a, b, c)| (a.into(), b.into(), c.into())));
    assert_eq!(found.problems, []);
}

#[test]
fn damaged_records_are_problems() {
    let files = [
        ("usr/lib/node_modules/a/package.json", "{"),
        ("usr/lib/python3/dist-packages/a.egg-info", "Name: a\n"),
        ("var/lib/snapd/snaps/s_1.snap", ""),
    ];
    let problems = collected(&files, &[]).problems;
    let reasons: Vec<Reason> = problems.iter().map(|problem| problem.reason).collect();
    assert_eq!(reasons, [Reason::NotLive, Reason::Malformed, Reason::Malformed]);
    assert_eq!(problems[0].columns, ["version"]);
}
