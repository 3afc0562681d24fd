//! Real sessions on this machine, by a server of our own on loopback, and what a sweep says of who is in.
//!
//! All of them are opened once, swept once, and ended before the first test looks at what was seen.

mod rows;
mod theatre;

use rows::Row;
use theatre::{Play, play};

/// The session that this process leads.
fn of<'a>(play: &'a Play, name: &str) -> &'a Row {
    let pid = play.pid(name).to_string();
    let found = play.sessions.iter().find(|row| row.text("pid") == pid);
    found.unwrap_or_else(|| panic!("{name} ({pid}): {:#?}", play.sessions))
}

fn ready() -> Option<&'static Play> {
    leaksweep_peers::need("sshd").map(|_| play())
}

#[test]
fn an_ssh_session_with_a_terminal_is_known_with_its_connection() {
    let Some(play) = ready() else { return };
    let row = of(play, "terminal");
    assert_eq!(
        (row.text("way"), row.text("user"), row.text("from_address")),
        ("ssh", "root", "127.0.0.1")
    );
    assert!(row.text("terminal").starts_with("pts/"), "{row:?}");
    assert_eq!((row.text("state"), row.text("connected")), ("open", "true"));
    assert!(row.text("idle_seconds").parse::<i64>().unwrap() < 60, "{row:?}");
    assert!(row.text("said_by").ends_with("process socket"), "{row:?}");
    assert_ne!(row.text("since"), "");
}

#[test]
fn an_ssh_session_without_a_terminal_is_seen_too() {
    let Some(play) = ready() else { return };
    let row = of(play, "no terminal");
    assert_eq!((row.text("way"), row.text("terminal"), row.text("connected")), ("ssh", "", "true"));
    assert_ne!(row.text("recorded"), "true", "no record has it: {row:?}");
}

#[test]
fn what_goes_on_behind_a_closed_connection_is_outlived() {
    let Some(play) = ready() else { return };
    let row = of(play, "left behind");
    assert_eq!(
        (row.text("way"), row.text("state"), row.text("connected")),
        ("ssh", "outlived", "false")
    );
    assert_eq!((row.text("from_address"), row.text("processes")), ("127.0.0.1", "1"));
    assert!(row.text("process").starts_with("sleep "), "{row:?}");
}

#[test]
fn a_tmux_that_nobody_looks_at_is_detached_and_another_is_not() {
    let Some(play) = ready() else { return };
    let Some(_) = leaksweep_peers::need("tmux") else { return };
    let detached = of(play, "tmux");
    assert_eq!((detached.text("way"), detached.text("state")), ("tmux", "detached"));
    assert_eq!(detached.text("processes"), "2", "{detached:?}");
    assert_eq!(of(play, "tmux in use").text("state"), "open");
}

#[test]
fn a_screen_that_nobody_looks_at_is_detached() {
    let Some(play) = ready() else { return };
    let Some(_) = leaksweep_peers::need("screen") else { return };
    let row = of(play, "screen");
    assert_eq!((row.text("way"), row.text("state")), ("screen", "detached"));
}

#[test]
fn a_desktop_without_a_viewer_is_detached() {
    let Some(play) = ready() else { return };
    let Some(_) = leaksweep_peers::need("Xtigervnc") else { return };
    let row = of(play, "Xtigervnc");
    assert_eq!(
        (row.text("way"), row.text("state"), row.text("connected")),
        ("vnc", "detached", "false")
    );
    assert_eq!(row.text("terminal"), play.text("display"));
    let viewed = of(play, "Xtigervnc with a viewer");
    assert_eq!((viewed.text("state"), viewed.text("from_address")), ("open", "127.0.0.1"));
}

#[test]
fn a_shell_on_a_connection_is_a_session_of_no_known_way() {
    let Some(play) = ready() else { return };
    let Some(_) = leaksweep_peers::need("python3") else { return };
    let row = of(play, "shell on a connection");
    assert_eq!((row.text("way"), row.text("from_address")), ("other", "127.0.0.1"));
    assert_eq!((row.text("said_by"), row.text("connected")), ("process socket", "true"));
    assert_ne!(row.text("recorded"), "true");
}

#[test]
fn an_agent_and_a_forwarded_one_are_told_apart() {
    let Some(play) = ready() else { return };
    let own = play.agents.iter().find(|row| row.text("path") == play.text("agent")).unwrap();
    assert_eq!(
        (own.text("kind"), own.text("user"), own.text("left_over")),
        ("ssh-agent", "root", "false")
    );
    assert_eq!(own.text("pid"), play.pid("agent").to_string());
    let path = play.text("forwarded");
    let forwarded = play.agents.iter().find(|row| row.text("path") == path).unwrap();
    assert_eq!(
        (forwarded.text("kind"), forwarded.text("from_address")),
        ("forwarded", "127.0.0.1")
    );
    assert_eq!(forwarded.text("reachable_by"), "");
    assert_ne!(forwarded.text("since"), "");
}

#[test]
fn a_socket_that_an_agent_left_is_left_over() {
    let Some(play) = ready() else { return };
    let row = play.agents.iter().find(|row| row.text("path") == play.text("left socket"));
    let row = row.unwrap_or_else(|| panic!("{:#?}", play.agents));
    assert!(row.is("left_over") && row.text("pid").is_empty(), "{row:?}");
}
