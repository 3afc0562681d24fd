//! A small agent over UDP, which answers as it should or as it should not.

mod agent;

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use agent::{Agent, Told, integer, octets, oid_value};
use leaksweep_facts::Reason;

use super::*;
use crate::{
    Options, Source, Target, Topic,
    options::Snmp,
    plan::Plan,
    wire::{MOST_SENT, Patience, Ports, Wire},
};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

struct Seen {
    portrait: Portrait,
    questions: i64,
    sent: u64,
}

impl Seen {
    fn problem(&self, part: &str) -> &Problem {
        let found = self.portrait.problems.iter().find(|problem| problem.detail.contains(part));
        found.unwrap_or_else(|| panic!("{part}: {:?}", self.portrait.problems))
    }

    fn services(&self) -> Vec<(&str, &str, Option<bool>, Option<&str>)> {
        self.portrait
            .services
            .iter()
            .map(|row| {
                (
                    row.version.as_deref().unwrap_or_default(),
                    row.reach.as_str(),
                    row.speaks,
                    row.authentication.as_deref(),
                )
            })
            .collect()
    }
}

fn look_at(port: u16, snmp: Snmp) -> Seen {
    let mut ports = Ports::default();
    assert!(ports.set("snmp", port));
    let target = Target::parse("127.0.0.1").unwrap();
    let mut options = Options::new(Source::Live(target.clone()));
    options.snmp = snmp;
    options.patience = Patience { idle: Duration::from_millis(250), ..Patience::default() };
    let wire = Wire::new(HERE, ports, Plan::default(), options.patience);
    let mut portrait = Portrait::default();
    look(&Context { wire: &wire, target: &target, options: &options }, &mut portrait);
    let questions = wire.looks().iter().map(|look| look.count).sum();
    Seen { portrait, questions, sent: wire.sent() }
}

fn hp() -> Agent {
    Agent::new()
        .with("1.3.6.1.2.1.1.1.0", octets(b"HP ETHERNET,SN:X1,PID:HP LaserJet 1"))
        .with("1.3.6.1.2.1.1.2.0", oid_value("1.3.6.1.4.1.11.2.3.9.1"))
        .with("1.3.6.1.2.1.25.3.2.1.2.1", oid_value("1.3.6.1.2.1.25.3.1.5"))
        .with("1.3.6.1.2.1.25.3.2.1.2.2", oid_value("1.3.6.1.2.1.25.3.1.6"))
        .with("1.3.6.1.2.1.25.3.2.1.3.1", octets(b"HP LaserJet 1"))
        .with("1.3.6.1.2.1.25.3.2.1.3.2", octets(b"Disk"))
        .with("1.3.6.1.2.1.43.5.1.1.17.1", octets(b"X1"))
        .with("1.3.6.1.4.1.11.2.3.9.4.2.1.1.20.8.0", integer(2))
        .with("1.3.6.1.6.3.10.2.1.3.0", integer(7))
}

/// What a printer of ours must tell, whoever it speaks with.
fn assert_hp(seen: &Seen) {
    assert_eq!(seen.portrait.text(Topic::Model).as_deref(), Some("LaserJet 1"));
    assert_eq!(seen.portrait.flag(Topic::FirmwareOverNetwork), Some(true));
    assert_eq!(seen.portrait.stores.len(), 1);
    assert!(seen.questions <= 28 && seen.sent < 20 << 10, "{} {}", seen.questions, seen.sent);
}

#[test]
fn a_printer_is_read_in_a_few_questions() {
    let seen = look_at(hp().start(), Snmp::default());
    assert_hp(&seen);
    assert_eq!(seen.portrait.problems, []);
    assert_eq!(
        seen.services(),
        [
            ("v2c", "open", Some(true), Some("community")),
            ("v1", "open", Some(true), Some("community")),
            ("v3", "silent", None, None)
        ]
    );
    assert!(seen.questions <= 14, "{}", seen.questions);
    assert!(seen.sent < MOST_SENT / 8, "{}", seen.sent);
}

#[test]
fn in_version_1_what_is_missing_does_not_lose_the_rest() {
    let agent = hp().that(|asked| match asked.version {
        0 => Told::AsItShould,
        _ => Told::Nothing,
    });
    let seen = look_at(agent.start(), Snmp::default());
    assert_hp(&seen);
    assert_eq!(seen.services()[1], ("v1", "open", Some(true), Some("community")));
}

#[test]
fn the_users_own_community_is_tried_beside_the_well_known_one() {
    let agent = hp().that(|asked| match asked.community.as_slice() {
        b"office" => Told::AsItShould,
        _ => Told::Nothing,
    });
    let snmp = Snmp { community: Some("office".into()), ..Snmp::default() };
    let seen = look_at(agent.start(), snmp);
    assert_hp(&seen);
    let rows = seen.services();
    assert_eq!(rows[0], ("v2c", "silent", None, None));
    assert_eq!(rows[2], ("v2c", "open", Some(true), Some("named-community")));
}

#[test]
fn a_general_error_is_remembered_and_does_not_lose_the_rest() {
    const PASSWORD: &str = "1.3.6.1.4.1.11.2.3.9.4.2.1.3.5.1.0";
    let agent = hp().that(|asked| {
        let at = asked.oids.iter().position(|oid| oid.to_string() == PASSWORD);
        at.map_or(Told::AsItShould, |at| Told::Error(5, at as i64 + 1))
    });
    let seen = look_at(agent.start(), Snmp::default());
    assert_hp(&seen);
    assert_eq!(seen.portrait.flag(Topic::PjlPassword), Some(true));
}

#[test]
fn an_answer_that_names_no_culprit_is_asked_in_halves() {
    let bad = |oid: &oid::Oid| oid.to_string().ends_with(".25.20.0");
    let agent =
        hp().that(
            move |asked| {
                if asked.oids.iter().any(bad) { Told::Error(5, 0) } else { Told::AsItShould }
            },
        );
    assert_hp(&look_at(agent.start(), Snmp::default()));
}

#[test]
fn what_is_too_big_is_asked_for_in_smaller_pieces() {
    let agent = hp().that(|asked| {
        if asked.oids.len() * asked.rows.max(1) as usize > 16 {
            Told::Error(1, 0)
        } else {
            Told::AsItShould
        }
    });
    assert_hp(&look_at(agent.start(), Snmp::default()));
}

#[test]
fn identifiers_that_do_not_grow_end_their_column() {
    let device = oid::Oid::parse("1.3.6.1.2.1.25.3.2.1.2.1").unwrap();
    let agent = hp().that(move |asked| match asked.rows {
        0 => Told::AsItShould,
        rows => Told::Pairs(vec![(device.clone(), integer(1)); asked.oids.len() * rows as usize]),
    });
    let seen = look_at(agent.start(), Snmp::default());
    assert_eq!(seen.problem("do not grow").reason, Reason::Malformed);
    assert!(seen.questions <= 28, "{}", seen.questions);
}

#[test]
fn a_table_without_an_end_is_left() {
    // Every column has a row behind every row.
    let agent = hp().that(|asked| {
        if asked.rows == 0 {
            return Told::AsItShould;
        }
        let mut last = asked.oids.clone();
        let mut pairs = Vec::new();
        for _ in 0..asked.rows {
            for oid in &mut last {
                *oid = agent::after(oid);
                pairs.push((oid.clone(), integer(1)));
            }
        }
        Told::Pairs(pairs)
    });
    let seen = look_at(agent.start(), Snmp::default());
    assert_eq!(seen.problem("no more go to one printer").reason, Reason::TooLarge);
    assert!(seen.portrait.problems.iter().any(|problem| problem.table == "printer_stores"));
    assert!(seen.questions <= 28 && seen.sent < 20 << 10, "{} {}", seen.questions, seen.sent);
}

#[test]
fn an_answer_to_another_question_is_dropped() {
    let seen = look_at(hp().with_strays().start(), Snmp::default());
    assert_hp(&seen);
}

#[test]
fn what_makes_no_sense_is_said_so() {
    let agent = hp().that(|_| Told::Bytes(vec![0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x02]));
    let seen = look_at(agent.start(), Snmp::default());
    assert_eq!(seen.problem("makes no sense").reason, Reason::Malformed);
    assert_eq!(seen.services()[0], ("v2c", "open", Some(false), None));
}

#[test]
fn what_came_of_a_cut_answer_counts_and_is_said() {
    let agent = hp().that(|asked| if asked.rows > 0 { Told::Cut(9) } else { Told::AsItShould });
    let seen = look_at(agent.start(), Snmp::default());
    assert_eq!(seen.problem("an answer is damaged").reason, Reason::Malformed);
    assert_eq!(seen.portrait.text(Topic::Maker).as_deref(), Some("HP"));
}

#[test]
fn huge_texts_are_cut() {
    let agent = hp().with("1.3.6.1.2.1.1.6.0", octets(&vec![b'x'; 50_000]));
    let seen = look_at(agent.start(), Snmp::default());
    assert_eq!(seen.portrait.text(Topic::Location).unwrap().len(), 200);
}

#[test]
fn a_silent_printer_costs_a_moment_and_is_said() {
    let started = Instant::now();
    let seen = look_at(hp().that(|_| Told::Nothing).start(), Snmp::default());
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(seen.services().iter().map(|row| row.1).collect::<Vec<_>>(), ["silent"; 3]);
    assert_eq!(seen.problem("lets nobody read").table, "printer_stores");
    assert!(!seen.portrait.reached);
}

#[test]
fn a_slow_printer_is_asked_again_and_waited_for() {
    let agent = hp().that(|asked| match asked.version {
        1 => Told::Late(Duration::from_millis(300)),
        _ => Told::Nothing,
    });
    let seen = look_at(agent.start(), Snmp::default());
    assert_eq!(seen.services()[0], ("v2c", "open", Some(true), Some("community")));
}

#[test]
fn a_closed_port_is_a_row_and_no_problem() {
    let port = std::net::UdpSocket::bind((HERE, 0)).unwrap().local_addr().unwrap().port();
    let seen = look_at(port, Snmp::default());
    assert_eq!(seen.services(), [("v2c", "closed", None, None)]);
    assert_eq!(seen.portrait.problems, []);
}

#[test]
fn nothing_is_asked_that_the_plan_does_not_name() {
    let port = hp().start();
    let mut ports = Ports::default();
    ports.set("snmp", port);
    let target = Target::parse("127.0.0.1").unwrap();
    let options = Options::new(Source::Live(target.clone()));
    let wire = Wire::new(HERE, ports, Plan::silent(), options.patience);
    let mut portrait = Portrait::default();
    look(&Context { wire: &wire, target: &target, options: &options }, &mut portrait);
    assert_eq!(wire.sent(), 0);
    assert!(portrait.services.is_empty() && !portrait.problems.is_empty());
}
