use std::{fs, path::Path};

use leaksweep_facts::{Reason, Time};

use super::*;
use crate::fixture::disk;

const VSCODE: &str = "home/ann/.vscode/extensions";
const RECORD: &str = r#"[{"identifier":{"id":"ms.py"},"version":"1.2","relativeLocation":"ms.py-1.2",
    "metadata":{"source":"gallery","installedTimestamp":1700000000123}},
    {"location":{"path":"/home/ann/.vscode/extensions/acme.x-0.1"},"metadata":{"source":"vsix"}},
    {"relativeLocation":"old-1","metadata":null}, 7]"#;

fn observed(machine: &Machine) -> Observed<EditorExtension> {
    let home = Home { user: "ann".into(), uid: 1000, path: Path::new("/home/ann").into() };
    collect(machine, &[home])
}

fn cells(row: &EditorExtension) -> String {
    let user = row.user.clone().unwrap_or_else(|| "-".into());
    let known = |flag: Option<bool>| flag.map_or("-".into(), |flag| flag.to_string());
    let flags = [row.at_start, row.from_store].map(known).join(" ");
    [&row.editor, &user, &row.id, &row.version, &flags].map(String::as_str).join("|")
}

#[test]
fn the_record_tells_what_came_from_the_store() {
    let (_folder, machine) = disk(&[
        (&format!("{VSCODE}/extensions.json"), RECORD),
        (
            &format!("{VSCODE}/ms.py-1.2/package.json"),
            r#"{"publisher":"ms","name":"py","version":"1.2","activationEvents":["onLanguage:python"]}"#,
        ),
        (
            &format!("{VSCODE}/acme.x-0.1/package.json"),
            r#"{"publisher":"acme","name":"x","version":"0.1","activationEvents":["*"]}"#,
        ),
        (&format!("{VSCODE}/old-1/package.json"), r#"{"publisher":"o","name":"ld","version":"1"}"#),
        (&format!("{VSCODE}/.obsolete/x"), ""),
        (
            "usr/share/code/resources/app/extensions/git/package.json",
            r#"{"publisher":"vscode","name":"git","version":"1"}"#,
        ),
    ]);
    let seen = observed(&machine);
    let expected = [
        "vscode|-|vscode.git|1|false -",
        "vscode|ann|acme.x|0.1|true false",
        "vscode|ann|ms.py|1.2|false true",
        "vscode|ann|o.ld|1|false -",
    ];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    assert_eq!(seen.rows[2].installed, Some(Time(1_700_000_000)));
    assert!(seen.rows[1].installed.is_some());
    assert_eq!(seen.problems, []);
}

#[test]
fn each_editor_has_its_folders() {
    let (_folder, machine) = disk(&[
        ("home/ann/.local/share/JetBrains/IntelliJIdea2024.1/helper/lib/h.jar", ""),
        ("home/ann/.local/share/JetBrains/Toolbox/apps/lib/x", ""),
        ("home/ann/.vim/pack/x/start/a/plugin/a.vim", ""),
        ("home/ann/.vim/pack/x/opt/b/plugin/b.vim", ""),
        ("home/ann/.vim/plugin/c.vim", ""),
        ("home/ann/.local/share/nvim/lazy/d/README", ""),
        ("home/ann/.emacs.d/elpa/magit-3.3.0/magit.el", ""),
        ("home/ann/.emacs.d/elpa/archives/x", ""),
        (
            "home/ann/.config/sublime-text/Packages/User/Package Control.sublime-settings",
            "{\"installed_packages\": [\"Lint\", // x\n],}",
        ),
        ("home/ann/.config/sublime-text/Installed Packages/Lint.sublime-package", ""),
        ("home/ann/.config/sublime-text/Packages/Other/x.py", ""),
        ("home/ann/.local/share/zed/extensions/installed/toml/extension.toml", ""),
        ("usr/share/emacs/site-lisp/elpa/dash-2.19/dash.el", ""),
    ]);
    let seen = observed(&machine);
    let expected = [
        "emacs|-|dash|2.19|- -",
        "jetbrains|ann|helper||- -",
        "vim|ann|c.vim||true -",
        "vim|ann|a||true -",
        "vim|ann|b||false -",
        "neovim|ann|d||- -",
        "emacs|ann|magit|3.3.0|- -",
        "sublime-text|ann|Other||true false",
        "sublime-text|ann|Lint||true true",
        "zed|ann|toml||- -",
    ];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    assert_eq!(seen.problems, []);
}

#[test]
fn what_is_broken_costs_its_cells_alone() {
    let (folder, machine) = disk(&[
        (&format!("{VSCODE}/extensions.json"), "[{\"relativeLocation\""),
        (&format!("{VSCODE}/a-1/package.json"), "{\"publisher\":"),
        (&format!("{VSCODE}/b-1/x"), ""),
    ]);
    fs::create_dir_all(folder.path().join(VSCODE).join("c-1/package.json")).unwrap();
    let seen = observed(&machine);
    let expected = ["vscode|ann|a-1||- -", "vscode|ann|b-1||- -", "vscode|ann|c-1||- -"];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    let problems: Vec<_> = seen.problems.iter().map(|p| (p.reason, p.columns)).collect();
    let own: &[&str] = &["id", "version", "at_start"];
    let expected: [(Reason, &[&str]); 3] = [
        (Reason::Malformed, &["from_store", "installed"]),
        (Reason::Malformed, own),
        (Reason::WrongType, own),
    ];
    assert_eq!(problems, expected);
}
