//! What an NVMe controller offers, and why not more.

use leaksweep_facts::certificate::{Level, Medium};

use super::{
    Action, Erase, FORMAT, SANITIZE, commands, exchange, identify::Controller, log::SanitizeLog,
    methods, target::Target,
};
use crate::{
    device::Device,
    hardware::{rank, text},
    method::{Denial, Leaves, Offer, Told},
};

pub fn tell(device: &dyn Device, controller: &Controller, medium: &mut Medium) -> Told {
    identity(controller, medium);
    if !controller.holds_data() {
        let reason = "it is a controller of NVMe that holds no data";
        let denials = text::denials(&methods(), reason, None);
        return Told { denials, ..Told::default() };
    }
    let log = exchange::sanitize_log(device).ok();
    let namespaces = exchange::namespaces(device, controller).unwrap_or_default();
    let mut told = Told { under_way: under_way(log.as_ref()), ..Told::default() };
    for (method, action) in SANITIZE {
        match sanitize(controller, log.as_ref(), &namespaces, method, action) {
            Ok(offer) => told.offers.push(offer),
            Err(denial) => told.denials.push(denial),
        }
    }
    for (method, erase) in FORMAT {
        match format(device, controller, &namespaces, method, erase) {
            Ok(offer) => told.offers.push(offer),
            Err(denial) => told.denials.push(denial),
        }
    }
    told.unreached = unreached(controller);
    told
}

fn identity(controller: &Controller, medium: &mut Medium) {
    // What the kernel said of it stays: it is what the user knows the medium by.
    let fill = |place: &mut Option<String>, told: &Option<String>| {
        if place.is_none() {
            *place = told.clone();
        }
    };
    fill(&mut medium.model, &controller.model);
    fill(&mut medium.serial, &controller.serial);
    fill(&mut medium.firmware, &controller.firmware);
    if medium.kind.is_empty() || medium.kind == "unknown" {
        "flash".clone_into(&mut medium.kind);
    }
}

fn under_way(log: Option<&SanitizeLog>) -> Option<&'static str> {
    let log = log.filter(|log| log.going())?;
    let of = |action| SANITIZE.iter().find(|(_, other)| *other == action).map(|(name, _)| *name);
    Some(log.action().and_then(of).unwrap_or("nvme-sanitize"))
}

fn sanitize(
    controller: &Controller,
    log: Option<&SanitizeLog>,
    namespaces: &[u32],
    method: &'static str,
    action: Action,
) -> Result<Offer, Denial> {
    if !controller.knows(action) {
        let reason =
            format!("the controller does not offer it (SANICAP {:08X}h)", controller.sanitize);
        return Err(text::denial(method, reason, None));
    }
    let Some(log) = log else {
        let reason = "the controller does not tell its sanitize log, so the end could not be seen";
        return Err(text::denial(method, reason, None));
    };
    let (rank, why) = match action {
        Action::Block => {
            (rank::SANITIZE_BLOCK, "erases every block of flash, spare and retired ones too")
        }
        Action::Crypto => (
            rank::SANITIZE_CRYPTO,
            "changes the key of everything that was stored; the controller says by offering it that it encrypts all of that",
        ),
        Action::Overwrite => (
            rank::SANITIZE_OVERWRITE,
            "overwrites every place of the medium, those too that no host can address",
        ),
    };
    let keeps = controller.keeps_mapped();
    let words = commands::sanitize(action, true, keeps);
    Ok(Offer {
        method,
        level: Level::Purge,
        reason: format!("Sanitize {why}{}", all_of(namespaces)),
        commands: vec![
            commands::shown("Sanitize", &words),
            commands::shown("Get Log Page 81h, until it says the end", &commands::sanitize_log()),
        ],
        takes: log.takes(action, keeps),
        leaves: Leaves::Anything,
        rank,
    })
}

fn all_of(namespaces: &[u32]) -> String {
    match namespaces.len() {
        0 | 1 => String::new(),
        count => format!("; it clears all {count} namespaces, not this one alone"),
    }
}

fn format(
    device: &dyn Device,
    controller: &Controller,
    namespaces: &[u32],
    method: &'static str,
    erase: Erase,
) -> Result<Offer, Denial> {
    let no = |reason: &str| Err(text::denial(method, reason, None));
    if !controller.formats {
        return no("the controller does not offer Format NVM");
    }
    if erase == Erase::Crypto && !controller.formats_crypto() {
        return no("the controller does not offer crypto erase with Format NVM");
    }
    let target = match Target::find(device, controller, namespaces) {
        Ok(target) => target,
        Err(reason) => return no(&reason.to_string()),
    };
    let reason = format!(
        "Format NVM need not reach spare and retired blocks, keeps no record of its end and does not go on after a power cut: \
         counted as Clear{}",
        if target.every { all_of(namespaces) } else { String::new() }
    );
    let words = commands::format(target.number, target.format, erase);
    Ok(Offer {
        method,
        level: Level::Clear,
        reason,
        commands: vec![commands::shown("Format NVM", &words)],
        takes: None,
        leaves: Leaves::Anything,
        rank: if erase == Erase::UserData { rank::FORMAT } else { rank::FORMAT_CRYPTO },
    })
}

fn unreached(controller: &Controller) -> Vec<String> {
    let mut unreached = Vec::new();
    if controller.protected_blocks > 0 {
        let count = controller.protected_blocks;
        unreached.push(format!("replay-protected memory ({count} targets) keeps what it holds"));
    }
    unreached
}
