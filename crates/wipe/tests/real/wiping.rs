//! A wipe from the plan to the certificate, whose journal and manifest outlive it.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use leaksweep_facts::certificate::{Certificate, Medium, Paper, Tool};
pub use leaksweep_formats::chance::noise;
use leaksweep_wipe::{
    Pulse,
    device::Device,
    hardware,
    journal::Keeper,
    overwrite::Scheme,
    plan::Plan,
    run::{RunError, Wipe, Wish},
};

#[derive(Default)]
pub struct Memory(Mutex<Option<Vec<u8>>>);

impl Keeper for Memory {
    fn left(&self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn keep(&self, content: &[u8]) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(content.to_vec());
        Ok(())
    }
}

pub struct Wiping {
    pub wish: Wish,
    /// None: the strongest that is offered.
    pub method: Option<&'static str>,
    journal: Memory,
    manifest: Memory,
}

impl Wiping {
    pub fn new(scheme: &str, manifest: bool, method: Option<&'static str>) -> Self {
        let scheme = Scheme::parse(scheme).unwrap();
        let wish = Wish { scheme, manifest: Some(manifest), sample: None, every: Duration::ZERO };
        Self { wish, method, journal: Memory::default(), manifest: Memory::default() }
    }

    pub fn run(&self, device: &mut dyn Device) -> Result<Certificate, RunError> {
        let medium = Medium {
            serial: Some("LOOP".into()),
            kind: "unknown".into(),
            bus: "loop".into(),
            bytes: device.bytes(),
            sector: device.sector(),
            ..Medium::default()
        };
        let hardware = hardware::of("loop", None);
        let plan = Plan::make(device, medium, &hardware, &self.wish.scheme);
        let attempts = plan.attempts(self.method).unwrap();
        let tool = Tool {
            name: "leaksweep".into(),
            version: "0".into(),
            machine: "test".into(),
            machine_serial: None,
        };
        Wipe {
            device,
            hardware: &hardware,
            plan: &plan,
            attempts: &attempts,
            wish: &self.wish,
            keeper: &self.journal,
            manifests: &self.manifest,
            teller: &(),
            pulse: &Pulse::default(),
            tool,
            paper: Paper::default(),
            swept: None,
        }
        .run()
    }
}

/// Places of sectors that hold what they held.
pub fn left(old: &[u8], now: &[u8]) -> Vec<usize> {
    let sectors = old.chunks(512).zip(now.chunks(512)).enumerate();
    sectors.filter(|(_, (old, now))| old == now).map(|(number, _)| number * 512).collect()
}
