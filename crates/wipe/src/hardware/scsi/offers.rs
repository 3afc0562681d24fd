//! What a disk of SCSI offers, and why not more.

use leaksweep_facts::certificate::{Level, Medium};

use super::{
    Action, FORMAT, SANITIZE,
    answers::{self, Inquiry, Supported},
    commands::{self, FORMAT_UNIT, Protection},
    exchange,
    run::shown,
    state::{self, Doing},
};
use crate::{
    device::Device,
    hardware::{rank, text},
    method::{Denial, Leaves, Offer, Told},
};

pub fn tell(device: &dyn Device, inquiry: &Inquiry, medium: &mut Medium) -> Told {
    let mut told = Told { under_way: under_way(device), ..Told::default() };
    identity(device, inquiry, medium, &mut told.unreached);
    for (method, action) in SANITIZE {
        match sanitize(device, method, action) {
            Ok(offer) => told.offers.push(offer),
            Err(denial) => told.denials.push(denial),
        }
    }
    match format(device, &medium.bus) {
        Ok(offer) => told.offers.push(offer),
        Err(denial) => told.denials.push(denial),
    }
    told
}

fn under_way(device: &dyn Device) -> Option<&'static str> {
    match state::ask(device) {
        Ok(Doing::Sanitize(_)) => Some("scsi-sanitize"),
        Ok(Doing::Format(_)) => Some(FORMAT),
        _ => None,
    }
}

fn identity(
    device: &dyn Device,
    inquiry: &Inquiry,
    medium: &mut Medium,
    unreached: &mut Vec<String>,
) {
    // What the kernel said of it stays: it is what the user knows the medium by.
    let fill = |place: &mut Option<String>, told: Option<String>| {
        if place.is_none() {
            *place = told;
        }
    };
    fill(&mut medium.maker, inquiry.maker.clone());
    fill(&mut medium.model, inquiry.model.clone());
    fill(&mut medium.firmware, inquiry.firmware.clone());
    let pages = exchange::read(device, &commands::page(0x00)).unwrap_or_default();
    let pages = answers::page(&pages, 0x00).unwrap_or_default();
    let read = |page: u8| {
        let known = pages.contains(&page);
        known.then(|| exchange::read(device, &commands::page(page)).ok()).flatten()
    };
    fill(&mut medium.serial, read(0x80).and_then(|bytes| answers::serial(&bytes)));
    match read(0xB1).and_then(|bytes| answers::rotates(&bytes)) {
        Some(true) => "hard disk".clone_into(&mut medium.kind),
        Some(false) => "flash".clone_into(&mut medium.kind),
        None => {}
    }
    if read(0xB2).is_some_and(|bytes| answers::thin(&bytes)) {
        unreached.push("the disk is provisioned thinly: what stores it cannot be told".into());
    }
}

fn sanitize(device: &dyn Device, method: &'static str, action: Action) -> Result<Offer, Denial> {
    let why_not = match exchange::supported(device, commands::SANITIZE, Some(action.number())) {
        Supported::Yes => None,
        Supported::No => Some("the disk says that it does not know it"),
        Supported::Unknown => Some("the disk does not say whether it knows it"),
    };
    if let Some(reason) = why_not {
        return Err(text::denial(method, reason, None));
    }
    let (level, rank, reason) = match action {
        Action::Block => (
            Level::Purge,
            rank::SANITIZE_BLOCK,
            "SANITIZE erases every block, those too that no host can address",
        ),
        Action::Overwrite => (
            Level::Purge,
            rank::SANITIZE_OVERWRITE,
            "SANITIZE overwrites all of the medium, those places too that no host can address",
        ),
        Action::Crypto => (
            Level::Clear,
            rank::SANITIZE_CRYPTO_UNSURE,
            "SANITIZE changes the key, but a disk of SCSI cannot say that it encrypts all user data: counted as Clear",
        ),
    };
    let leaves = if action == Action::Overwrite { Leaves::Zeros } else { Leaves::Anything };
    let commands = vec![
        shown(&commands::sanitize(action), commands::sanitize_parameters(action)),
        format!("{}, until it says the end", shown(&commands::request_sense(), &[])),
    ];
    Ok(Offer { method, level, reason: reason.into(), commands, takes: None, leaves, rank })
}

/// Every disk of SCSI must know FORMAT UNIT; of what stands behind a bridge, only what says so is believed to.
fn format(device: &dyn Device, bus: &str) -> Result<Offer, Denial> {
    let reason = match exchange::supported(device, FORMAT_UNIT, None) {
        Supported::No => Some("the disk says that it does not know it"),
        Supported::Unknown if bus != "scsi" => Some("the disk does not say whether it knows it"),
        Supported::Yes | Supported::Unknown => None,
    };
    if let Some(reason) = reason {
        return Err(text::denial(FORMAT, reason, None));
    }
    let capacity = exchange::read(device, &commands::read_capacity());
    let protection: Protection =
        capacity.map(|bytes| answers::protection(&bytes)).unwrap_or_default();
    Ok(Offer {
        method: FORMAT,
        level: Level::Clear,
        reason: "FORMAT UNIT writes zeros to what can be addressed; reassigned blocks need not be reached: counted as Clear".into(),
        commands: vec![shown(
            &commands::format_unit(protection),
            &commands::format_parameters(protection),
        )],
        takes: None,
        leaves: Leaves::Zeros,
        rank: rank::FORMAT,
    })
}
