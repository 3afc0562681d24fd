//! The files of stores keep their rules; and each rule, broken once.

use std::{fs, path::Path};

use leaksweep_catalogue::{store_groups, stores};

#[test]
fn every_file_is_read_and_keeps_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue/stores");
    let (groups, mistakes) = stores::folder(&path).unwrap();
    let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert_eq!(groups, store_groups());
    let kinds: Vec<_> = groups.iter().flat_map(|group| &group.stores).map(|one| one.kind).collect();
    for kind in stores::Kind::ALL {
        assert!(kinds.contains(kind), "no store of the kind {kind}");
    }
}

const WHOLE: &str = r#"name = "X"

[[store]]
id = "x-mail"
name = "Mail of X"
kind = "mail"
source = "x(1)"
files = ["mail/**"]

[[application]]
name = "X mailer"
source = "x(1)"
folders = ["~/.x"]
programs = ["/usr/bin/xmail"]
"#;

fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (_, mistakes) = stores::folder(folder.path()).unwrap();
    let start = format!("{}/", folder.path().display());
    mistakes.iter().map(|mistake| mistake.to_string().replace(&start, "")).collect()
}

#[test]
fn a_file_that_keeps_the_rules_has_no_mistakes() {
    assert_eq!(mistakes(&[("x.toml", WHOLE)]), [""; 0]);
}

#[test]
fn every_rule_is_told_with_its_line() {
    for (from, to, line, what) in [
        ("name = \"X\"\n\n", "name = \"\"\n\n", 0, "needs a name, a store and an application"),
        ("id = \"x-mail\"", "id = \"X Mail\"", 4, "lower-case letters"),
        ("kind = \"mail\"", "kind = \"post\"", 6, "unknown variant"),
        ("files = [\"mail/**\"]", "files = []", 4, "no files"),
        ("files =", "paths = []\nfiles =", 8, "unknown field"),
        ("source = \"x(1)\"\nfiles", "source = \" \"\nfiles", 5, "a name and a source"),
        ("mail/**", "mail//a", 4, "an empty component"),
        ("mail/**", "../mail", 4, "an empty component"),
        ("mail/**", "**/a/**", 4, "'**' twice"),
        ("mail/**", "ma**il", 4, "'**' twice"),
        ("~/.x", ".x", 4, "does not start with"),
        ("\"~/.x\"", "", 11, "has no folder"),
        ("\"~/.x\"", "\"~\", \"/x\"", 0, ""),
        ("/usr/bin/xmail", "/home/x/xmail", 14, "only an administrator installs"),
        ("/usr/bin/xmail", "/usr/../xmail", 14, "an empty component"),
        ("/usr/bin/xmail", "/usr/bin/*", 14, "names no program"),
        ("/usr/bin/xmail", "/app/bin/xmail", 11, "go together"),
        ("programs =", "stores = [\"y\"]\nprograms =", 14, "no store of this group"),
    ] {
        let text = WHOLE.replacen(from, to, 1);
        assert_ne!(text, WHOLE, "{from}");
        let found = mistakes(&[("x.toml", &text)]);
        if what.is_empty() {
            assert_eq!(found, [""; 0]);
            continue;
        }
        let place = if line > 0 { format!("x.toml:{line}: ") } else { "x.toml: ".into() };
        assert!(!found.is_empty(), "{to}");
        assert!(
            found.iter().any(|one| one.starts_with(&place) && one.contains(what)),
            "{to}: {found:?}"
        );
    }
    let everything = WHOLE.replace("~/.x", "~").replace("mail/**", "*/**");
    assert!(mistakes(&[("x.toml", &everything)])[0].contains("means everything"));
}

#[test]
fn two_groups_do_not_claim_the_same() {
    let found = mistakes(&[("x.toml", WHOLE), ("y.toml", WHOLE)]);
    assert_eq!(
        found,
        [
            "y.toml:4: 'x-mail' is a store of x too",
            "y.toml:4: '~/.x/mail/**' is a path of x-mail too"
        ]
    );
}
