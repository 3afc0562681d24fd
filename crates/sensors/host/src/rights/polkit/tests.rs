use super::*;
use crate::rights::tests::{disk, told};

fn rows(script: &str) -> (Vec<String>, usize) {
    let (_, found) = disk(&[("usr/share/polkit-1/rules.d/50.rules", script.as_bytes())]);
    assert!(found.problems.iter().all(|problem| problem.columns == UNKNOWN), "{script}");
    (told(&found), found.problems.len())
}

#[test]
fn rules_are_recognised_by_their_text() {
    let rule =
        |body: &str| format!("// a\npolkit.addRule(function(action, subject) {{\n{body}\n}});");
    let cases: [(&str, &[&str], usize); 22] = [
        ("return polkit.Result.YES;", &["*<everyone> (root) * !-"], 0),
        ("return \"yes\"", &["*<everyone> (root) * !-"], 0),
        ("if (subject.user == \"alice\") return polkit.Result.YES;", &["alice (root) * !-"], 0),
        ("if (action.id == 'a.b') { return polkit.Result.YES; }", &["*<everyone> (root) a.b -"], 0),
        (
            "if ((action.id == 'a' || 'b' === action.id) && subject.local && subject.active &&\n\
 (subject.isInGroup (\"sudo\") || subject.isInGroup('staff'))) { return polkit.Result.YES; }",
            &[
                "carol<group sudo> (root) a, b -",
                "alice<group sudo> (root) a, b -",
                "bob<group staff> (root) a, b -",
            ],
            0,
        ),
        (
            "if (!subject.isInGroup('staff')) return polkit.Result.NOT_HANDLED;\nreturn polkit.Result.YES;",
            &["bob<group staff> (root) * !-"],
            0,
        ),
        (
            "if (action.id != 'a') { return polkit.Result.NO } else { return polkit.Result.YES }",
            &["*<everyone> (root) a -"],
            0,
        ),
        (
            "if (action.id.indexOf('org.x.') == 0) return polkit.Result.AUTH_SELF;",
            &["*<everyone> (root) org.x.*"],
            0,
        ),
        (
            "if (action.id.indexOf('org.x.') !== -1) return polkit.Result.YES;",
            &["*<everyone> (root) org.x.* -"],
            0,
        ),
        (
            "var ids = ['a', 'b'];\nif (ids.indexOf(action.id) >= 0 && subject.user == 'bob')\n return polkit.Result.YES",
            &["bob (root) a, b -"],
            0,
        ),
        (
            "if (/^org\\.x\\/y/.test(action.id)) return polkit.Result.YES;",
            &["*<everyone> (root) /^org\\.x\\/y/ -"],
            0,
        ),
        (
            "if (action.id == 'u' && action.lookup('unit') == 'x.service') return polkit.Result.YES;",
            &["*<everyone> (root) u -"],
            0,
        ),
        (
            "return subject.isInGroup('staff') ? polkit.Result.YES : polkit.Result.NO;",
            &["bob<group staff> (root) * !-"],
            0,
        ),
        ("if (action.id == 'a') return polkit.Result.AUTH_ADMIN_KEEP;", &[], 0),
        ("polkit.log('x'); return null;", &[], 0),
        ("return polkit.Result.NOT_HANDLED;", &[], 0),
        // What is not known is told.
        ("if (ask(subject)) return polkit.Result.YES;", &[], 1),
        (
            "if (ask(subject) && action.id == 'a') return polkit.Result.YES;",
            &["*<everyone> (root) a -"],
            1,
        ),
        ("for (var i in x) { if (i) { return polkit.Result.YES; } }", &[], 1),
        ("return compute(action);", &["*<everyone> (root)"], 1),
        (
            "if (subject.isInGroup('staff') && ask()) return polkit.Result.YES;",
            &["bob<group staff> (root)  -"],
            1,
        ),
        ("/* return polkit.Result.YES; */ // return polkit.Result.YES;", &[], 0),
    ];
    for (body, expected, problems) in cases {
        let (rows, found) = rows(&rule(body));
        assert_eq!(
            (rows.iter().map(String::as_str).collect::<Vec<_>>(), found),
            (expected.to_vec(), problems),
            "{body}"
        );
    }
}

#[test]
fn other_forms_of_functions_and_rules() {
    let (found, problems) = rows(
        "const who = 'bob';\npolkit.addRule((a, s) => { if (s.user === who) return polkit.Result.YES });\n\
polkit.addAdminRule(function(action, subject) { return [\"unix-group:sudo\", \"unix-user:0\"]; });",
    );
    let expected = [
        "bob (root) * !-",
        "carol<group sudo> (root) * !",
        "alice<group sudo> (root) * !",
        "0 (root) * !",
    ];
    assert_eq!(
        (found.iter().map(String::as_str).collect::<Vec<_>>(), problems),
        (expected.to_vec(), 0)
    );
    assert_eq!(rows("polkit.addRule(named);").1, 1);
    assert_eq!(rows("polkit.addRule(function(a, s) { return \"unclosed }").1, 1);
}

#[test]
fn local_authorities_and_actions_are_rows() {
    let pkla = b"[one]\nIdentity=unix-group:staff;unix-user:alice\nAction=a.*;b\nResultAny=no\nResultActive=yes\n\
[two]\nIdentity=unix-user:*\nAction=*\nResultAny=auth_admin\n[three]\nIdentity=unix-user:*\nAction=*\nResultAny=yes\n";
    let policy = b"<policyconfig><action id=\"x.y\"><defaults><allow_any>yes</allow_any></defaults></action>\n\
<action id=\"z\"><defaults><allow_any>auth_admin</allow_any></defaults></action></policyconfig>";
    let (_, found) = disk(&[
        ("etc/polkit-1/localauthority/50-local.d/x.pkla", pkla),
        ("usr/share/polkit-1/actions/x.policy", policy),
    ]);
    let expected = [
        "bob<group staff> (root) a.*, b -",
        "alice (root) a.*, b -",
        "*<everyone> (root) * !-",
        "*<everyone> (root) x.y -",
    ];
    assert_eq!(told(&found), expected);
    let lines: Vec<_> = found.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [Some(1), Some(1), Some(10), Some(1)]);
    assert_eq!(found.problems, []);
}

#[test]
fn hostile_scripts_are_read_to_their_end() {
    let script = "polkit.addRule(function(a, s) { if (!(a.id == \"x\" && (s.user != 'y' || /z\\//.test(a.id)))) \
{ return polkit.Result.YES } else for (;;) { return q ? 1 : 2 } });";
    for cut in 0..=script.len() {
        parse_script(script.as_bytes().get(..cut).unwrap());
        for insert in ["(", ")", "}", "\"", "/", "名"] {
            let (before, after) = script.split_at(cut);
            parse_script(format!("{before}{insert}{after}").as_bytes());
        }
    }
    let deep = format!("polkit.addRule(function(a, s) {{ if ({}x", "(".repeat(50_000));
    parse_script(deep.as_bytes());
    let blocks = format!("polkit.addRule(function(a, s) {{ {}", "if (a) {".repeat(20_000));
    parse_script(blocks.as_bytes());
    let wide = format!(
        "polkit.addRule(function(a, s) {{ if ({}true) return polkit.Result.YES; }});",
        "(s.user == 'a' || s.user == 'b' || a.id == 'c') && ".repeat(40)
    );
    let (said, _) = parse_script(wide.as_bytes());
    assert_eq!(said.len(), 1);
    parse_script(&vec![b'a'; 1 << 20]);
}
