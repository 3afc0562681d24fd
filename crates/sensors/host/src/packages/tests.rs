use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink},
};

use super::*;

/// What is found beside dpkg's records, which hold nothing.
fn collected(files: &[(&str, &str)], links: &[(&str, &str)]) -> Observed<Package> {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in [("var/lib/dpkg/status", "\n")].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    for (path, target) in links {
        symlink(target, folder.path().join(path)).unwrap();
    }
    let home = Home { user: "ann".into(), uid: 1000, path: "/home/ann".into() };
    collect(&crate::fixture::mounted(folder.path()), &[home])
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
        (
            "var/lib/snapd/state.json",
            r#"{"data":{"snaps":{"s":{"current":"2","channel":"edge","sequence":[]}}},"x":[1]}"#,
        ),
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
        ("snap s 4.0", "edge", ""),
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

#[test]
fn a_record_of_origin_that_is_broken_costs_the_origin_alone() {
    let info = "usr/lib/python3/dist-packages/p-1.dist-info";
    let files = [
        (&*format!("{info}/METADATA"), "Name: p\nVersion: 1\n"),
        (&*format!("{info}/direct_url.json"), "{"),
        ("var/lib/snapd/snaps/s_1.snap", ""),
        ("snap/s/1/meta/snap.yaml", "version: 1\n"),
        ("var/lib/snapd/state.json", r#"{"data": 3}"#),
    ];
    let found = collected(&files, &[]);
    assert_eq!(found.rows.len(), 2);
    let columns: Vec<_> = found.problems.iter().map(|problem| problem.columns).collect();
    assert_eq!(columns, [["origin"], ["origin"]]);
}

#[test]
fn a_snap_that_no_link_calls_current_is_so_by_snapds_state() {
    let files = [
        ("var/lib/snapd/snaps/s_1.snap", ""),
        ("var/lib/snapd/snaps/s_2.snap", ""),
        ("snap/s/1/meta/snap.yaml", "version: 1\n"),
        ("var/lib/snapd/state.json", r#"{"data":{"snaps":{"s":{"current":"1"}}}}"#),
    ];
    let found = collected(&files, &[]);
    let versions: Vec<_> = found.rows.iter().map(|row| row.version.as_str()).collect();
    assert_eq!((versions, found.problems), (vec!["1"], vec![]));
}

#[test]
fn names_that_are_no_text_hide_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let odd = OsStr::from_bytes(b"odd\xff");
    let write = |below: &str, rest: &str, content: &str| {
        let path = folder.path().join(below).join(odd).join(rest);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("usr/lib/node_modules", "package.json", r#"{"name":"n","version":"1"}"#);
    write("var/lib/flatpak/app", "x86_64/stable/active/metadata", "");
    write("usr/lib/node_modules/@x", "package.json", r#"{"name":"m","version":"1"}"#);
    let python = folder.path().join("usr/lib/python3/dist-packages");
    fs::create_dir_all(&python).unwrap();
    let egg = python.join(OsStr::from_bytes(b"\xff.egg-info"));
    fs::write(egg, "Name: p\nVersion: 1\n").unwrap();
    let status = folder.path().join("var/lib/dpkg/status.d");
    fs::create_dir_all(&status).unwrap();
    fs::write(status.join(odd), "Package: d\nVersion: 1\n").unwrap();
    let found = collect(&crate::fixture::mounted(folder.path()), &[]);
    let names: Vec<_> = found.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["d", "odd\\xff", "p", "m", "n"]);
    assert!(found.rows.iter().all(|row| row.location.contains("\\xff")));
    assert_eq!(found.problems, []);
}

#[test]
fn a_system_of_an_unknown_package_manager_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let machine = crate::fixture::mounted(folder.path());
    let lib = folder.path().join("var/lib");
    fs::create_dir_all(lib.join("dpkg")).unwrap();
    fs::create_dir_all(folder.path().join("usr/lib/node_modules/n")).unwrap();
    let package = folder.path().join("usr/lib/node_modules/n/package.json");
    fs::write(package, r#"{"name":"n","version":"1"}"#).unwrap();
    symlink("/nowhere", lib.join("dpkg/status")).unwrap();
    let found = collect(&machine, &[]);
    let said = [(MANAGERS, Reason::Unsupported)];
    assert_eq!(found.problems.iter().map(|p| (&*p.subject, p.reason)).collect::<Vec<_>>(), said);
    assert_eq!(found.rows.len(), 1);
    fs::create_dir(lib.join("rpm")).unwrap();
    fs::write(lib.join("rpm/Packages"), "broken").unwrap();
    assert!(collect(&machine, &[]).problems.iter().all(|p| p.subject != MANAGERS));
}

#[test]
fn more_packages_than_any_machine_has_are_a_problem() {
    let row =
        |name: &str| Package { name: name.into(), manager: "npm".into(), ..Package::default() };
    let found = Observed { rows: vec![row("a"), row("b"), row("c")], problems: Vec::new() };
    assert_eq!(capped(found.clone(), 3).problems, []);
    let capped = capped(found, 2);
    assert_eq!(capped.rows, [row("a"), row("b")]);
    assert_eq!(
        (&*capped.problems[0].subject, capped.problems[0].reason),
        ("npm", Reason::TooLarge)
    );
}
