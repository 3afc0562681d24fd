//! Programs under other names: by their content, wherever something starts them.

use super::*;

#[test]
fn a_renamed_program_that_runs_is_told_as_renamed() {
    let fixture = Fixture::new();
    let program = fixture.root.join("usr/bin/kworkerd");
    write(&program, &program_with(PROGRAM.as_bytes()));
    fixture.process(7, b"kworkerd", program.to_str().unwrap());
    let own = fixture.root.join("opt/farhand/farhand");
    write(&own, &program_with(PROGRAM.as_bytes()));
    fixture.process(8, b"farhand", own.to_str().unwrap());
    let run = |processes: Vec<Process>| {
        let facts = Facts { processes, ..Facts::default() };
        facts.collect(&fixture.machine(), &[], &farhand())
    };
    let found = run(vec![process(7, "/usr/bin/kworkerd")]);
    let row = &found.tools.rows[0];
    assert!(row.renamed && row.running, "{row:?}");
    assert_eq!(row.confidence, "certain");
    assert!(!run(vec![process(8, "/opt/farhand/farhand")]).tools.rows[0].renamed);
}

#[test]
fn a_unit_is_known_by_its_program_whatever_it_is_called() {
    let unit = |name: &str, command: &str| Service {
        name: name.into(),
        command: command.into(),
        state: "enabled".into(),
        starts: true,
        program_exists: Some(true),
        ..Service::default()
    };
    let at = |program: &str, package: Option<&str>| Service {
        program: Some(program.into()),
        program_package: package.map(str::to_owned),
        ..unit("printing.service", "/x/y")
    };
    let cases = [
        (
            unit("printing.service", "/bin/sh -c 'sleep 3 && exec /x/farhandd -f'"),
            Some("installed, starts"),
        ),
        (unit("printing.service", "/usr/bin/rm /x/farhandd"), None),
        (Service { state: "masked".into(), ..unit("farhand.service", "") }, None),
        (Service { starts: false, ..unit("farhand.service", "") }, Some("installed")),
        (Service { program_exists: Some(false), ..unit("farhand.service", "") }, Some("left over")),
        (Service { package: Some("other".into()), ..unit("farhand.service", "") }, None),
        (at("/opt/farhand/farhand", None), Some("installed, starts")),
        (at("/opt/farhand/farhand/lib/helper", None), Some("installed, starts")),
        (at("/opt/farhand/farhand", Some("other")), None),
        (at("/opt/farhand/farhands", None), None),
    ];
    for (service, expected) in cases {
        let facts = Facts { services: vec![service.clone()], ..Facts::default() };
        let states = facts.story().map(|row| row.states);
        assert_eq!(states.as_deref(), expected, "{service:?}");
    }
}

#[test]
fn a_renamed_program_that_a_unit_starts_is_known_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("opt/x/helper"), &program_with(PROGRAM.as_bytes()));
    let service = Service {
        name: "helper.service".into(),
        program: Some("/opt/x/helper".into()),
        program_exists: Some(true),
        state: "enabled".into(),
        starts: true,
        ..Service::default()
    };
    let found = |service: Service| {
        let facts = Facts { services: vec![service], ..Facts::default() };
        facts.collect(&mounted(folder.path()), &[], &farhand()).tools.rows
    };
    let row = found(service.clone()).remove(0);
    assert_eq!((row.states.as_str(), row.renamed), ("starts", true));
    assert_eq!(found(Service { program_package: Some("helper".into()), ..service }), []);
}

/// A disk on which alice's farhand is called `.local/upd`, and another lies at `/opt/x/svc`.
fn disk_with_renamed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("usr/x"), b"");
    for path in ["home/alice/.local/upd", "opt/x/svc"] {
        write(&folder.path().join(path), &program_with(PROGRAM.as_bytes()));
    }
    folder
}

fn renamed_on(folder: &Path, facts: Facts) -> Vec<String> {
    let found = facts.collect(&mounted(folder), &[home("/home/alice")], &farhand());
    assert!(found.tools.rows.iter().all(|row| row.renamed && row.states == "starts"));
    assert_eq!(found.tools.problems, []);
    found.signs.rows.into_iter().filter_map(|row| row.path).collect()
}

#[test]
fn a_renamed_program_behind_a_wrapper_of_a_unit_is_known() {
    let folder = disk_with_renamed();
    let unit = |command: &str| Service {
        name: "upd.service".into(),
        command: command.into(),
        program: Some("/usr/bin/dash".into()),
        program_package: Some("dash".into()),
        program_exists: Some(true),
        state: "enabled".into(),
        starts: true,
        run_as: "alice".into(),
        ..Service::default()
    };
    let cases = [
        (unit("/bin/sh -c \"exec /opt/x/svc\""), Some("/opt/x/svc")),
        (unit("/bin/sh -c \"exec -a kworker /opt/x/svc -f\""), Some("/opt/x/svc")),
        (unit("/bin/true\n/usr/bin/env A=b nohup /usr/../opt/x/svc"), Some("/usr/../opt/x/svc")),
        (unit("/bin/sh -c '~/.local/upd'"), Some("/home/alice/.local/upd")),
        (unit("/bin/sh -c 'cd ~; .local/upd'"), None),
        (unit("/bin/cat /opt/x/svc"), None),
        (unit("/bin/sh -c /opt/x"), None),
        (unit("/bin/sh -c /opt/x/none"), None),
        (Service { starts: false, ..unit("/bin/sh -c /opt/x/svc") }, None),
        (Service { run_as: "bob".into(), ..unit("/bin/sh -c '~/.local/upd'") }, None),
    ];
    for (service, expected) in cases {
        let facts = Facts { services: vec![service.clone()], ..Facts::default() };
        let found = renamed_on(folder.path(), facts);
        assert_eq!(found.first().map(String::as_str), expected, "{service:?}");
    }
}

#[test]
fn a_renamed_program_in_the_home_of_an_autostarts_user_is_known() {
    let folder = disk_with_renamed();
    let found = |user: Option<&str>, command: &str| {
        let autostart = Autostart {
            way: "cron".into(),
            user: user.map(str::to_owned),
            command: command.into(),
            starts: true,
            ..Autostart::default()
        };
        let facts = Facts { autostarts: vec![autostart], ..Facts::default() };
        renamed_on(folder.path(), facts).len()
    };
    for command in
        ["~/.local/upd", "sh -c ~/.local/upd", "nohup $HOME/.local/upd &", "${HOME}/.local/upd -q"]
    {
        assert_eq!(found(Some("alice"), command), 1, "{command}");
        assert_eq!(found(None, command), 1, "{command}");
        assert_eq!(found(Some("bob"), command), 0, "{command}");
    }
    assert_eq!(found(Some("alice"), ".local/upd"), 0);
}

#[test]
fn what_a_renamed_program_is_told_counts_as_the_tools_settings() {
    let mut tools = farhand();
    let setting = "[[setting]]\nmeans = 'no-password'\nsource = 's'\nprograms = ['farhand']\n\
        option = '-nopw'\nis = 'set'\n";
    let text = format!(
        "name = 'N'\nkind = 'tunnel'\nsummary = 's'\n[[fact]]\nsource = 's'\npackages = ['x-y']\n{setting}"
    );
    tools[0].settings = tool(Path::new("x.toml"), &text).unwrap().settings;
    let fixture = Fixture::new();
    let program = fixture.root.join("usr/bin/kworkerd");
    write(&program, &program_with(PROGRAM.as_bytes()));
    fixture.process(7, b"kworkerd", program.to_str().unwrap());
    let run = |arguments: &str| {
        let row = Process { arguments: arguments.into(), ..process(7, "/usr/bin/kworkerd") };
        let facts = Facts { processes: vec![row], ..Facts::default() };
        let found = facts.collect(&fixture.machine(), &[], &tools);
        let said = found.settings.rows.iter().map(|row| row.setting.clone()).collect();
        (found.tools.rows[0].unattended, said)
    };
    assert_eq!(run("[kworker] -nopw -forever"), (Some(true), vec!["-nopw".to_owned()]));
    assert_eq!(run("[kworker] -forever"), (Some(false), vec![]));

    let folder = disk_with_renamed();
    let autostart = Autostart {
        command: "/opt/x/svc -nopw; sleep 3".into(),
        starts: true,
        ..Autostart::default()
    };
    let facts = Facts { autostarts: vec![autostart], ..Facts::default() };
    let found = facts.collect(&mounted(folder.path()), &[], &tools);
    assert_eq!(found.settings.rows.len(), 1);
}
