//! What an ATA disk offers, and why not more.

use std::time::Duration;

use leaksweep_facts::certificate::{Level, Medium};
use leaksweep_formats::ata::{Identify, Security};

use super::{
    Action, SANITIZE, SECURITY,
    commands::{self, AtaCommand, ERASE_PREPARE, ERASE_UNIT, SANITIZE_STATUS, SET_PASSWORD},
    exchange::Refused,
    hidden, methods,
    password::Password,
    sanitize::{self, Status},
};
use crate::{
    device::Device,
    hardware::{rank, text},
    method::{Denial, Leaves, Offer, Told},
};

const WAKE: &str =
    "suspend the machine and wake it, or power the disk off and on while the machine runs";
const GIVE_PASSWORD: &str = "give the password with --ata-password";

pub fn deaf(refused: &Refused, bus: &str) -> Told {
    let bridge = bus == "usb";
    let who = if bridge {
        "the USB bridge passes no ATA commands through"
    } else {
        "the disk answers no IDENTIFY DEVICE"
    };
    let hint = bridge.then_some("connect the disk to a SATA port");
    Told {
        denials: text::denials(&methods(), &format!("{who}: {refused}"), hint),
        ..Told::default()
    }
}

pub fn tell(
    password: Option<Password>,
    device: &dyn Device,
    identify: &Identify,
    medium: &mut Medium,
) -> Told {
    identity(identify, medium);
    medium.hidden_before = hidden::behind(device, identify).or(medium.hidden_before);
    let mut told = Told::default();
    let status = identify.sanitize().map(|_| sanitize::status(device));
    if let Some(Ok(now)) = &status
        && matches!(now.status, Status::Going(_))
    {
        told.under_way = Some("ata-sanitize");
    }
    for (method, action) in SANITIZE {
        let found = usable(identify, &status, action, password.is_some())
            .map_err(|(reason, hint)| text::denial(method, reason, hint));
        sort(found.map(|()| offer_sanitize(identify, method, action)), &mut told);
    }
    for (method, enhanced) in SECURITY {
        let found = open(identify, enhanced, password.is_some())
            .map_err(|(reason, hint)| text::denial(method, reason, hint));
        sort(found.map(|security| offer_erase(&security, method, enhanced)), &mut told);
    }
    told
}

fn sort(found: Result<Offer, Denial>, told: &mut Told) {
    match found {
        Ok(offer) => told.offers.push(offer),
        Err(denial) => told.denials.push(denial),
    }
}

fn identity(identify: &Identify, medium: &mut Medium) {
    // What the kernel said of it stays: it is what the user knows the medium by.
    let fill = |place: &mut Option<String>, told: Option<String>| {
        if place.is_none() {
            *place = told;
        }
    };
    fill(&mut medium.model, identify.model());
    fill(&mut medium.serial, identify.serial());
    fill(&mut medium.firmware, identify.firmware());
    match identify.rotating() {
        Some(true) => "hard disk".clone_into(&mut medium.kind),
        Some(false) => "flash".clone_into(&mut medium.kind),
        None => {}
    }
    medium.password = identify.security().map(|security| {
        let state = match security {
            Security { locked: true, .. } => "locked",
            Security { frozen: true, .. } => "frozen",
            Security { set: true, .. } => "set",
            _ => "none",
        };
        state.to_owned()
    });
}

type Why = (String, Option<&'static str>);

fn usable(
    identify: &Identify,
    status: &Option<Result<sanitize::Told, Refused>>,
    action: Action,
    password: bool,
) -> Result<(), Why> {
    let ways = identify.sanitize().ok_or(("the disk does not know SANITIZE".into(), None))?;
    let known = match action {
        Action::Block => ways.block,
        Action::Crypto => ways.crypto,
        Action::Overwrite => ways.overwrite,
    };
    if !known {
        return Err(("the disk knows SANITIZE, but not in this way".into(), None));
    }
    if identify.security().is_some_and(|security| security.locked) && !password {
        return Err(("the disk is locked with a password".into(), Some(GIVE_PASSWORD)));
    }
    match status {
        Some(Ok(now)) if now.frozen => Err(("sanitizing is frozen".into(), Some(WAKE))),
        Some(Ok(_)) => Ok(()),
        Some(Err(refused)) => Err((format!("the disk does not tell its state: {refused}"), None)),
        None => Err(("the disk does not tell its state".into(), None)),
    }
}

fn offer_sanitize(identify: &Identify, method: &'static str, action: Action) -> Offer {
    let (level, rank, why) = match action {
        Action::Block => (
            Level::Purge,
            rank::SANITIZE_BLOCK,
            "SANITIZE erases every block of user data, those too that are spare or retired",
        ),
        Action::Crypto if identify.encrypts_all() => (
            Level::Purge,
            rank::SANITIZE_CRYPTO,
            "SANITIZE changes the key, and the disk says that it encrypts all user data",
        ),
        Action::Crypto => (
            Level::Clear,
            rank::SANITIZE_CRYPTO_UNSURE,
            "SANITIZE changes the key, but the disk does not say that it encrypts all user data: counted as Clear",
        ),
        Action::Overwrite => (
            Level::Purge,
            rank::SANITIZE_OVERWRITE,
            "SANITIZE overwrites all user data, those places too that no host can address",
        ),
    };
    let commands = vec![
        shown(&commands::sanitize(action)),
        format!("{}, until it says the end", shown(&SANITIZE_STATUS)),
    ];
    let leaves = if action == Action::Overwrite { Leaves::Zeros } else { Leaves::Anything };
    Offer { method, level, reason: why.into(), commands, takes: None, leaves, rank }
}

fn open(identify: &Identify, enhanced: bool, password: bool) -> Result<Security, Why> {
    let security = identify.security().ok_or(("the disk knows no Security Erase".into(), None))?;
    if enhanced && !security.enhanced {
        return Err(("the disk does not know the enhanced erase".into(), None));
    }
    if security.frozen {
        return Err(("the disk is frozen: it takes no command of security".into(), Some(WAKE)));
    }
    if security.expired {
        let reason = "too many wrong passwords were given".into();
        return Err((reason, Some("power the disk off and on")));
    }
    if security.set && !password {
        let state = if security.locked { "locked with" } else { "protected by" };
        return Err((format!("the disk is {state} a password"), Some(GIVE_PASSWORD)));
    }
    Ok(security)
}

fn offer_erase(security: &Security, method: &'static str, enhanced: bool) -> Offer {
    let minutes = if enhanced { security.enhanced_minutes } else { security.minutes };
    let reason = match enhanced {
        true => {
            "the enhanced erase covers reallocated sectors by the standard, but with a pattern and in a way that the maker chooses, \
             and no state proves its end: counted as Clear"
        }
        false => {
            "the erase need not cover reallocated sectors, and no state proves its end: counted as Clear"
        }
    };
    let mut commands = vec![shown(&ERASE_PREPARE), shown(&ERASE_UNIT)];
    if !security.set {
        commands.insert(0, format!("{}, the password `leaksweep`", shown(&SET_PASSWORD)));
    }
    Offer {
        method,
        level: Level::Clear,
        reason: reason.into(),
        commands,
        takes: minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        leaves: Leaves::Anything,
        rank: if enhanced { rank::SECURITY_ERASE_ENHANCED } else { rank::SECURITY_ERASE },
    }
}

fn shown(command: &AtaCommand) -> String {
    format!("{}: {}", command.name, text::hexadecimal(&command.block()))
}
