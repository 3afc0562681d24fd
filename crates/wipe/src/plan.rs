//! What would be done to a medium, by which commands, to which level, and why no more.

use std::time::Duration;

use leaksweep_facts::certificate::{Level, Medium};

use crate::{
    device::Device,
    hardware::rank,
    method::{Denial, Hardware, Leaves, Offer},
    overwrite::Scheme,
};

/// Its name in plans and certificates.
pub const OVERWRITE: &str = "overwrite";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub medium: Medium,
    /// The strongest first.
    pub ways: Vec<Way>,
    pub denials: Vec<Denial>,
    pub unreached: Vec<String>,
    /// A technique goes on in the device already.
    pub under_way: Option<&'static str>,
}

/// An offer, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub offer: Offer,
    /// Its place in the list of hardware; none is the overwrite.
    pub by: Option<usize>,
}

impl Plan {
    pub fn make(
        device: &dyn Device,
        mut medium: Medium,
        hardware: &[Box<dyn Hardware>],
        scheme: &Scheme,
    ) -> Self {
        let mut plan = Self {
            medium: medium.clone(),
            ways: Vec::new(),
            denials: Vec::new(),
            unreached: Vec::new(),
            under_way: None,
        };
        for (number, hardware) in hardware.iter().enumerate() {
            let told = hardware.look(device, &mut medium);
            plan.ways.extend(told.offers.into_iter().map(|offer| Way { offer, by: Some(number) }));
            plan.denials.extend(told.denials);
            plan.unreached.extend(told.unreached);
            plan.under_way = plan.under_way.or(told.under_way);
        }
        plan.ways.push(Way { offer: overwrite(&medium, scheme), by: None });
        if medium.kind != "hard disk" && medium.kind != "image" {
            plan.unreached.push(
                "blocks that the medium keeps for itself, and old copies in them: no address leads there".into(),
            );
        }
        plan.ways.sort_by_key(|way| std::cmp::Reverse((way.offer.level, way.offer.rank)));
        plan.medium = medium;
        plan
    }

    /// The ways to try, one after the other. A method that was named is tried alone.
    pub fn attempts(&self, named: Option<&str>) -> Result<Vec<Way>, String> {
        let Some(name) = named else { return Ok(self.ways.clone()) };
        let found = self.ways.iter().find(|way| way.offer.method == name);
        found.map(|way| vec![way.clone()]).ok_or_else(|| self.why_not(name))
    }

    fn why_not(&self, name: &str) -> String {
        match self.denials.iter().find(|denial| denial.method == name) {
            Some(denial) => denial.reason.clone(),
            None => {
                let names: Vec<&str> = self.ways.iter().map(|way| way.offer.method).collect();
                format!("this medium offers {}", names.join(", "))
            }
        }
    }
}

fn overwrite(medium: &Medium, scheme: &Scheme) -> Offer {
    let passes: Vec<String> = scheme.passes.iter().map(ToString::to_string).collect();
    let reason = match medium.kind.as_str() {
        "hard disk" => {
            "every address that the host reaches is written: Clear of NIST SP 800-88r2 and IEEE 2883-2022"
        }
        "image" => {
            "every byte of the file is written; what its file system keeps of it elsewhere is not known"
        }
        _ => {
            "every address that the host reaches is written, but blocks that the medium keeps for itself are not: Clear, \
             never Purge"
        }
    };
    Offer {
        method: OVERWRITE,
        level: Level::Clear,
        reason: reason.into(),
        commands: passes
            .iter()
            .map(|pass| format!("write {pass} to every byte, then flush"))
            .collect(),
        takes: speed(medium)
            .map(|rate| Duration::from_secs(medium.bytes / rate * scheme.passes.len() as u64)),
        leaves: Leaves::Zeros,
        rank: rank::OVERWRITE,
    }
}

/// Bytes a second that such media usually take.
fn speed(medium: &Medium) -> Option<u64> {
    match (medium.kind.as_str(), medium.bus.as_str()) {
        ("hard disk", "usb") => Some(100_000_000),
        ("hard disk", _) => Some(160_000_000),
        ("flash", "nvme") => Some(1_500_000_000),
        ("flash", "ata") => Some(400_000_000),
        ("flash", _) => Some(100_000_000),
        ("memory card", _) => Some(20_000_000),
        _ => None,
    }
}
