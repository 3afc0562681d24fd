//! Five hundred printers in one process, and one alone: how long it takes. Not run by itself; see `bench/printers`.

mod double;

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use double::{Double, Kind};
use leaksweep_printer::{Crew, Options, Source, Target, many};

const PRINTERS: u16 = 500;

fn addresses() -> Vec<Ipv4Addr> {
    (0..PRINTERS).map(|at| Ipv4Addr::new(127, 78, (at / 250) as u8, (at % 250) as u8 + 1)).collect()
}

fn options(double: &Double, addresses: &[Ipv4Addr]) -> Vec<Options> {
    let of = |address: &Ipv4Addr| {
        let target = Target::parse(&address.to_string()).unwrap();
        Options { ports: double.ports.clone(), ..Options::new(Source::Live(target)) }
    };
    addresses.iter().map(of).collect()
}

fn measured(at_once: usize, options: &[Options]) -> Duration {
    let started = Instant::now();
    let seen = many(&Crew::new(at_once), options);
    let took = started.elapsed();
    let most = seen.iter().map(|seen| seen.sent).max().unwrap();
    let reached = seen.iter().filter(|seen| seen.reached).count();
    println!("{} printers, {at_once} at once: {took:.1?}, at most {most} bytes to one", seen.len());
    assert_eq!(reached, options.len());
    took
}

#[test]
#[ignore = "a measurement"]
fn five_hundred_printers_and_one() {
    let addresses = addresses();
    let double = Double::street(&addresses, Kind::with_pjl());
    let options = options(&double, &addresses);
    measured(1, &options[..1]);
    for at_once in [32, 128] {
        measured(at_once, &options);
    }
}
