//! Sweeps of a printer of our own that keeps every byte: what is sent is of the plan and nothing else, and what it does to us ends.

mod double;

use std::{
    collections::BTreeSet,
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use double::{Double, Heard, Kind, Manner, classify};
use leaksweep_printer::{
    Options, Seen, Source, Target,
    plan::{ALL, Packet, Plan},
    sweep,
    wire::{MOST_SENT, Patience},
};

fn patience() -> Patience {
    Patience {
        connect: Duration::from_millis(500),
        idle: Duration::from_millis(300),
        answer: Duration::from_millis(800),
        printer: Duration::from_secs(12),
        pause: Duration::from_millis(1),
    }
}

fn options(double: &Double, address: Ipv4Addr, plan: Plan) -> Options {
    let target = Target::parse(&address.to_string()).unwrap();
    let ports = double.ports.clone();
    Options { plan, ports, patience: patience(), ..Options::new(Source::Live(target)) }
}

fn kinds(heard: &[Heard]) -> BTreeSet<&'static str> {
    heard
        .iter()
        .map(|one| classify::classify(one).unwrap_or_else(|wrong| panic!("{wrong}")))
        .collect()
}

fn swept(kind: Kind, last: u8, plan: Plan) -> (Seen, Vec<Heard>) {
    let address = Ipv4Addr::new(127, 77, 0, last);
    let double = Double::at(address, kind);
    let seen = sweep(&options(&double, address, plan));
    (seen, double.heard())
}

/// All bytes as they came over the wire.
fn total(heard: &[Heard]) -> u64 {
    heard.iter().filter(|one| !one.inside).map(|one| one.bytes.len() as u64).sum()
}

fn rows(seen: &Seen, table: &str) -> usize {
    let batches = seen.sweep.table(table).unwrap_or_default();
    batches.iter().map(|batch| batch.num_rows()).sum()
}

#[test]
fn what_is_not_of_the_plan_is_told_as_such() {
    classify::prove();
}

#[test]
fn everything_that_is_received_is_of_the_plan() {
    let (seen, heard) = swept(Kind::with_pjl(), 1, Plan::default());
    let kinds = kinds(&heard);
    let plan = Plan::default();
    let names: BTreeSet<&str> = plan.lines().map(|line| line.name).collect();
    assert!(kinds.is_subset(&names), "{kinds:?}");
    // A System Service and a print server are not what it is.
    let unasked = ["listen", "ipp-system", "cups-queues", "tls-session"];
    for expected in names.into_iter().filter(|name| !unasked.contains(name)) {
        assert!(kinds.contains(expected), "{expected} is not among {kinds:?}");
    }
    assert_eq!(kinds.contains("tls-session"), heard.iter().any(|one| one.inside));
    assert_eq!(total(&heard), seen.sent);
    assert!(seen.reached && seen.sent <= MOST_SENT);
    assert!(rows(&seen, "printer_jobs") > 0 && rows(&seen, "printer_pages") > 0);
    for (name, expected) in [
        ("auto_update", Some(true)),
        ("files_by_pjl", Some(true)),
        ("storage", Some(true)),
        ("pjl_password", Some(false)),
        ("panel_locked", Some(false)),
        ("scan_open", Some(true)),
        ("default_password", None),
        ("bluetooth", None),
    ] {
        assert_eq!(setting(&seen, name), expected, "{name}");
    }
}

#[test]
fn pjl_is_sent_only_to_a_printer_that_announces_it() {
    let said = |kind, last| {
        let (_, heard) = swept(kind, last, Plan::default());
        heard.iter().filter(|one| one.service == "raw").map(|one| one.bytes.len()).sum::<usize>()
    };
    assert!(said(Kind::with_pjl(), 2) > 0);
    assert_eq!(said(Kind::without_pjl(), 3), 0);
}

#[test]
fn nothing_is_sent_under_a_silent_plan() {
    let (seen, heard) = swept(Kind::with_pjl(), 4, Plan::silent());
    assert!(heard.is_empty() && seen.sent == 0, "{heard:?}");
}

#[test]
fn what_a_plan_leaves_out_is_not_sent() {
    for line in ALL {
        let mut plan = Plan::default().without(line.packet);
        // The first message of a session is a hello.
        if line.packet == Packet::TlsHello {
            plan = plan.without(Packet::TlsSession);
        }
        let (_, heard) = swept(Kind::with_pjl(), 5, plan);
        // A connection without a byte is told from a listening one by nobody.
        let silent = matches!(line.packet, Packet::Reach | Packet::Listen);
        assert!(silent || !kinds(&heard).contains(line.name), "{}", line.name);
    }
}

/// A cell of the table of settings.
fn setting(seen: &Seen, name: &str) -> Option<bool> {
    let batch = &seen.sweep.table("printer_settings").unwrap()[0];
    let column = batch.column_by_name(name).unwrap();
    let column = column.as_any().downcast_ref::<arrow_array::BooleanArray>().unwrap();
    column.iter().next().flatten()
}

#[test]
fn the_first_password_is_sent_once_and_only_if_it_was_asked_for() {
    // admin and access, the pair of the catalogue.
    let right = "Basic YWRtaW46YWNjZXNz";
    for (at, password, asked, expected) in [
        (6, right, false, None),
        (7, right, true, Some(true)),
        (8, "Basic bmV2ZXI6bmV2ZXI=", true, Some(false)),
    ] {
        let plan =
            if asked { Plan::default().with(Packet::DefaultPassword) } else { Plan::default() };
        let (seen, heard) = swept(Kind::guarded(password), at, plan);
        assert_eq!(setting(&seen, "default_password"), expected);
        let tries = heard.iter().filter(|one| classify::classify(one) == Ok("default-password"));
        assert_eq!(tries.count(), usize::from(asked));
    }
}

#[test]
fn whatever_it_does_ends_in_time_with_problems() {
    for (at, manner) in Manner::HOSTILE.into_iter().enumerate() {
        let started = Instant::now();
        let (seen, heard) = swept(Kind::with_pjl().all(manner), 20 + at as u8, Plan::default());
        let took = started.elapsed();
        assert!(took < Duration::from_secs(14), "{manner:?} took {took:?}");
        assert!(rows(&seen, "problems") > 0, "{manner:?}");
        assert!(seen.sent <= MOST_SENT && seen.received < 17 << 20, "{manner:?}");
        assert!(total(&heard) <= MOST_SENT, "{manner:?}");
        assert_eq!(rows(&seen, "printer_devices"), 1);
    }
}

/// The rest of the printer is looked at although one service goes wrong.
#[test]
fn one_hostile_service_costs_what_it_tells_alone() {
    for (at, service) in double::SERVICES.iter().enumerate() {
        let mut kind = Kind::with_pjl();
        kind.manners.insert(service, Manner::Noise);
        let (seen, heard) = swept(kind, 40 + at as u8, Plan::default());
        assert!(seen.reached, "{service}");
        let others = heard.iter().filter(|one| one.service != *service && !one.bytes.is_empty());
        let others: BTreeSet<_> = others.map(|one| one.service).collect();
        assert!(others.len() >= 3, "{service}: {others:?}");
    }
}
