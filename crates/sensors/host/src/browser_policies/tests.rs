use std::fs;

use leaksweep_facts::Reason;
use serde_json::json;

use super::*;
use crate::fixture::{mounted, write};

#[test]
fn each_setting_is_a_row_with_what_it_amounts_to() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "etc/chromium/policies/managed/net.json",
            r#"{"ProxySettings": {"ProxyMode": "fixed_servers", "ProxyServer": "http://u:hunter2@192.0.2.7:3128"}, "Odd": null}"#,
        ),
        (
            "etc/opt/edge/policies/recommended/a.json",
            r#"{"HomepageLocation": "https://a.example"}"#,
        ),
        (
            "etc/firefox/policies/policies.json",
            r#"{"policies": {"DisableAppUpdate": true, "ApiToken": "hunter2", "PasswordManagerEnabled": false}}"#,
        ),
        ("etc/chromium/policies/managed/note.txt", "no policy"),
    ];
    for (path, content) in files {
        write(&folder.path().join(path), content.as_bytes());
    }
    let seen = collect(&mounted(folder.path()));
    let cells = |row: &BrowserPolicy| {
        let effect = row.effect.clone().unwrap_or_else(|| "-".into());
        format!("{}|{}|{}|{}", row.browser, row.name, effect, row.recommended)
    };
    let expected = [
        "chromium|Odd|-|false",
        "chromium|ProxySettings|proxy|false",
        "edge|HomepageLocation|start-page|true",
        "firefox|ApiToken|-|false",
        "firefox|DisableAppUpdate|updates-off|false",
        "firefox|PasswordManagerEnabled|-|false",
    ];
    let mut rows: Vec<String> = seen.rows.iter().map(cells).collect();
    rows.sort();
    assert_eq!(rows, expected);
    let values: Vec<&str> = seen.rows.iter().map(|row| row.value.as_str()).collect();
    assert!(values.contains(&"\"***\"") && values.contains(&"false"));
    assert!(!values.join("").contains("hunter2"), "{values:?}");
    assert_eq!(seen.problems, []);
}

#[test]
fn only_a_value_that_opens_a_way_has_an_effect() {
    let opens = [
        ("ProxyMode", json!("pac_script"), "proxy"),
        ("Proxy", json!({"Mode": "manual", "HTTPProxy": "192.0.2.7:3128"}), "proxy"),
        ("Certificates", json!({"Install": ["/x.pem"]}), "certificates"),
        ("RemoteDebuggingAllowed", json!(true), "remote-debugging"),
        ("ExtensionSettings", json!({"a": {"installation_mode": "force_installed"}}), "extensions"),
        ("VideoCaptureAllowedUrls", json!(["https://a.example"]), "capture"),
        ("Permissions", json!({"Camera": {"Allow": ["https://a.example"]}}), "capture"),
        ("SafeBrowsingProtectionLevel", json!(0), "safe-browsing-off"),
        ("NativeMessagingAllowlist", json!(["com.example.x"]), "native-messaging"),
        ("PasswordManagerEnabled", json!(true), "passwords"),
        ("BrowserSignin", json!(2), "sync"),
        ("SearchEngines", json!({"Add": []}), "search"),
    ];
    for (name, value, expected) in opens {
        assert_eq!(effect::of(name, &value), Some(expected), "{name}");
    }
    let closes = [
        ("ProxyMode", json!("system")),
        ("Proxy", json!({"Mode": "none", "HTTPProxy": "192.0.2.7:3128"})),
        ("RemoteDebuggingAllowed", json!(false)),
        ("ExtensionSettings", json!({"*": {"installation_mode": "blocked"}})),
        ("VideoCaptureAllowedUrls", json!([])),
        ("Permissions", json!({"Camera": {"BlockNewRequests": true}})),
        ("SafeBrowsingProtectionLevel", json!(2)),
        ("DisableAppUpdate", json!(false)),
        ("Unheard", json!(true)),
    ];
    for (name, value) in closes {
        assert_eq!(effect::of(name, &value), None, "{name}");
    }
}

#[test]
fn broken_and_huge_policies_are_problems() {
    let folder = tempfile::tempdir().unwrap();
    let managed = folder.path().join("etc/chromium/policies/managed");
    write(&managed.join("a.json"), b"{\"ProxyMode\": \"dir");
    write(&managed.join("b.json"), "[".repeat(500_000).as_bytes());
    fs::create_dir(managed.join("c.json")).unwrap();
    fs::File::create(managed.join("d.json")).unwrap().set_len(1 << 30).unwrap();
    let many: Map<String, Value> =
        (0..3_000).map(|at| (format!("k{at}"), json!("x".repeat(9)))).collect();
    write(&managed.join("e.json"), Value::Object(many).to_string().as_bytes());
    write(&managed.join("f.json"), format!("{{\"Long\": \"{}\"}}", "名".repeat(9_000)).as_bytes());
    let seen = collect(&mounted(folder.path()));
    let reasons: Vec<Reason> = seen.problems.iter().map(|problem| problem.reason).collect();
    let expected = [
        Reason::Malformed,
        Reason::Malformed,
        Reason::WrongType,
        Reason::TooLarge,
        Reason::TooLarge,
    ];
    assert_eq!((reasons, seen.rows.len()), (expected.to_vec(), MAX_SETTINGS + 1));
    assert!(seen.rows.iter().all(|row| row.value.len() <= 4_096));
}
