//! Units of users who linger: whether they run without a log-in.

use super::*;

/// What lingering says of a user's unit of farhand, on a disk that `prepare` made.
fn lingering(service: Service, prepare: impl Fn(&Path)) -> Observed<RemoteSetting> {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let facts = Facts { services: vec![service], ..Facts::default() };
    facts.collect(&mounted(folder.path()), &[home("/home/alice")], &farhand()).settings
}

fn unit_of(scope: &str, user: Option<&str>, starts: bool) -> Service {
    Service {
        name: "farhand.service".into(),
        path: "/somewhere/farhand.service".into(),
        scope: scope.into(),
        user: user.map(str::to_owned),
        state: "enabled".into(),
        starts,
        ..Service::default()
    }
}

#[test]
fn a_user_who_lingers_keeps_the_tools_units_running() {
    let lingers = |root: &Path| write(&root.join("var/lib/systemd/linger/alice"), b"");
    let alice = || unit_of("user", Some("alice"), true);
    let found = lingering(alice(), lingers).rows;
    let row = found.first().unwrap();
    assert_eq!(
        (row.means.as_str(), row.path.as_str()),
        ("linger", "/var/lib/systemd/linger/alice")
    );
    assert_eq!((row.user.as_deref(), row.unattended), (Some("alice"), false));
    assert!(row.since.is_some());
    assert_eq!(lingering(unit_of("user", None, true), lingers).rows, found);
    for silent in [
        lingering(unit_of("user", Some("alice"), false), lingers),
        lingering(unit_of("user", Some("bob"), true), lingers),
        lingering(unit_of("system", None, true), lingers),
        lingering(alice(), |_| {}),
        lingering(alice(), |root| write(&root.join("var/lib/systemd/linger/bob"), b"")),
    ] {
        assert_eq!(silent, Observed::default());
    }
}

#[test]
fn who_lingers_is_unknown_where_it_cannot_be_read() {
    let circle = |root: &Path| {
        fs::create_dir_all(root.join("var/lib/systemd")).unwrap();
        std::os::unix::fs::symlink("linger", root.join("var/lib/systemd/linger")).unwrap();
    };
    let seen = lingering(unit_of("user", Some("alice"), true), circle);
    let told: Vec<_> = seen.problems.iter().map(|one| (one.table, one.subject.as_str())).collect();
    assert_eq!(told, [("host_remote_settings", "/var/lib/systemd/linger/alice")]);
    assert_eq!(seen.rows, []);
}
