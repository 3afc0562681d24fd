//! What holds of every command set, tried on its model: faults of chance, a cut of the power at each command, a journal that cannot
//! be kept.

use leaksweep_facts::certificate::{Level, Medium};

use crate::{
    device::Device,
    method::{Failure, Hardware, Leaves, Offer, Told},
    model::{Bench, Character, Fault, Lie, Model, Witness},
};

pub const BYTES: usize = 1 << 17;

/// Bytes that are data: none of them is what any technique leaves.
pub fn data() -> Vec<u8> {
    (0..BYTES).map(|at| (at % 251) as u8 | 0x40).collect()
}

pub fn medium(bus: &str) -> Medium {
    Medium { bus: bus.into(), kind: "unknown".into(), ..Medium::default() }
}

/// An offer that has nothing but its method, as a journal gives it back.
pub fn named(method: &'static str) -> Offer {
    Offer {
        method,
        level: Level::None,
        reason: String::new(),
        commands: Vec::new(),
        takes: None,
        leaves: Leaves::Anything,
        rank: 0,
    }
}

pub fn look<M: Model + Send>(hardware: &dyn Hardware, bus: &str, bench: &Bench<M>) -> Told {
    hardware.look(bench, &mut medium(bus))
}

pub fn offer<'a>(told: &'a Told, method: &str) -> &'a Offer {
    let found = told.offers.iter().find(|offer| offer.method == method);
    found.unwrap_or_else(|| panic!("{method} is not offered: {:?}", told.denials))
}

pub fn denied<'a>(told: &'a Told, method: &str) -> &'a crate::method::Denial {
    let found = told.denials.iter().find(|denial| denial.method == method);
    found.unwrap_or_else(|| panic!("{method} is not denied"))
}

/// A stream of numbers that look like chance.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

pub fn character(chance: &mut Chance) -> Character {
    Character {
        lie: [Lie::None, Lie::None, Lie::Nothing, Lie::Half][chance.below(4) as usize],
        fails_at: (chance.below(4) == 0).then(|| chance.below(0x1_0000) as u16),
        takes: std::time::Duration::from_secs(1 + chance.below(4000)),
        stuck: chance.below(16) == 0,
    }
}

/// Up to twenty of them: an operation that never ends is asked after thousands of times, and must be given up some day.
pub fn faults(seed: u64) -> impl FnMut(u64) -> Fault + Send + 'static {
    let mut chance = Chance::new(seed ^ 0xFA17);
    let often = [8, 20, 60, u64::MAX][chance.below(4) as usize];
    let mut left = 20;
    move |_| match chance.below(often) {
        0 if left > 0 => {
            left -= 1;
            let faults =
                [Fault::CutBefore, Fault::CutAfter, Fault::Error, Fault::Lost, Fault::NoWay];
            faults[chance.below(5) as usize]
        }
        _ => Fault::None,
    }
}

/// Runs a method again and again, as a person does after each power cut, until it ends. It is Ok only if the device itself said in
/// this run or one of those before it that everything is done; and where it did not lie, no byte of the data is left.
pub fn never_better_than_it_is<M: Model + Send + 'static>(
    hardware: &dyn Hardware,
    methods: &[&'static str],
    model: impl Fn(Character) -> M,
) {
    let mut outcomes = [0; 2];
    for seed in 0..1000 {
        let mut chance = Chance::new(seed);
        let character = character(&mut chance);
        let method = methods[chance.below(methods.len() as u64) as usize];
        let mut bench = Bench::new(model(character), data()).with_faults(faults(seed));
        let ended = until_it_ends(hardware, method, &mut bench);
        let completed = bench.model(|model| model.completed());
        outcomes[usize::from(ended)] += 1;
        if !ended {
            continue;
        }
        assert!(completed > 0, "seed {seed}: {method} is Ok, but the device never said so");
        let same = bench.memory().iter().zip(data()).filter(|(is, was)| **is == *was).count();
        assert!(
            character.lie != Lie::None || same * 50 < BYTES,
            "seed {seed}: {method} left {same} bytes"
        );
    }
    assert!(outcomes.iter().all(|count| *count > 50), "one-sided: {outcomes:?}");
}

fn until_it_ends<M: Model + Send>(
    hardware: &dyn Hardware,
    method: &'static str,
    bench: &mut Bench<M>,
) -> bool {
    for _ in 0..30 {
        match hardware.run(&named(method), bench, &mut Witness::default()) {
            Ok(()) => return true,
            Err(Failure::Gone) => bench.power_on(),
            Err(_) => return false,
        }
    }
    false
}

/// The power goes at each command in turn, before and after the device has seen it; run again, it ends well.
pub fn goes_on_after_a_cut_anywhere<M: Model + Send + 'static>(
    hardware: &dyn Hardware,
    method: &'static str,
    model: impl Fn() -> M,
) {
    let mut whole = Bench::new(model(), data());
    hardware.run(&named(method), &mut whole, &mut Witness::default()).unwrap();
    let commands = whole.sent().len() as u64;
    for at in 0..commands {
        for fault in [Fault::CutBefore, Fault::CutAfter] {
            let faults = move |now| if now == at { fault } else { Fault::None };
            let mut bench = Bench::new(model(), data()).with_faults(faults);
            let run =
                |bench: &mut Bench<M>| hardware.run(&named(method), bench, &mut Witness::default());
            let cut = run(&mut bench);
            assert!(matches!(cut, Err(Failure::Gone)), "{method}, {fault:?} at {at}: {cut:?}");
            bench.power_on();
            let again = run(&mut bench);
            assert!(again.is_ok(), "{method}, {fault:?} at {at}: {again:?}");
            let same = bench.memory().iter().zip(data()).filter(|(is, was)| **is == *was).count();
            assert!(same * 50 < BYTES, "{method}, {fault:?} at {at}: {same} bytes are left");
        }
    }
}

/// Nothing that changes the medium is sent before the journal is on disk.
pub fn nothing_without_a_journal<M: Model + Send>(
    hardware: &dyn Hardware,
    method: &'static str,
    model: M,
) {
    let mut bench = Bench::new(model, data());
    let mut witness = Witness { no_journal: true, ..Witness::default() };
    let ended = hardware.run(&named(method), &mut bench, &mut witness);
    assert!(matches!(ended, Err(Failure::Journal(_))), "{method}: {ended:?}");
    bench.wait(std::time::Duration::from_secs(1_000_000));
    assert_eq!(bench.model(|model| model.completed()), 0);
    assert!(bench.memory() == data(), "{method}");
}
