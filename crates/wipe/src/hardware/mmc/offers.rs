//! What a chip of eMMC offers, and what none of it reaches.

use std::time::Duration;

use leaksweep_facts::certificate::{Level, Medium};

use super::{ERASE, METHODS, SANITIZE, SECURE_ERASE, ext_csd::ExtendedCsd};
use crate::{
    device::Device,
    hardware::{rank, text},
    method::{Leaves, Offer, Told},
};

pub fn tell(device: &dyn Device, card: &ExtendedCsd, medium: &mut Medium) -> Told {
    medium.firmware = medium.firmware.take().or(card.firmware.clone());
    "flash".clone_into(&mut medium.kind);
    let mut told = Told { unreached: unreached(card), ..Told::default() };
    if device.bytes() != card.bytes() {
        let reason = "the device is not the whole user area of the chip";
        told.denials = text::denials(&METHODS, reason, None);
        return told;
    }
    if card.sanitizes {
        told.offers.push(offer(card, SANITIZE));
    } else {
        told.denials.push(text::denial(SANITIZE, "the chip does not know SANITIZE", None));
    }
    if card.erases_securely {
        told.offers.push(offer(card, SECURE_ERASE));
    } else {
        told.denials.push(text::denial(SECURE_ERASE, "the chip does not know secure erase", None));
    }
    told.offers.push(offer(card, ERASE));
    told
}

fn offer(card: &ExtendedCsd, method: &'static str) -> Offer {
    let last = card.bytes().saturating_sub(1);
    let last = card.address(last).unwrap_or(u32::MAX);
    let erase = |argument: &str| {
        format!(
            "CMD35 00000000h, CMD36 {last:08X}h, CMD38 {argument}, in stretches of erase groups"
        )
    };
    let (level, rank, commands, reason) = match method {
        SANITIZE => (
            Level::Purge,
            rank::ERASE_AND_SANITIZE,
            vec![erase("00000000h"), "CMD6 03A50100h (SANITIZE_START)".into()],
            "ERASE unmaps the user area, and SANITIZE then removes the data of everything unmapped",
        ),
        SECURE_ERASE => (
            Level::Clear,
            rank::SECURE_ERASE,
            vec![erase("80000000h")],
            "secure erase was taken out of the standard, and copies that the chip made earlier need not be reached: counted as Clear",
        ),
        _ => (
            Level::Clear,
            rank::ERASE,
            vec![erase("00000000h")],
            "ERASE only unmaps: the cells may keep what they held",
        ),
    };
    let groups = card.bytes() / card.group.unwrap_or(512 << 10);
    let most = card.takes(groups, method == SECURE_ERASE);
    Offer {
        method,
        level,
        reason: reason.into(),
        commands,
        takes: (card.group.is_some() && most < Duration::from_secs(24 * 3600)).then_some(most),
        leaves: if card.erased_is_ones { Leaves::Anything } else { Leaves::Zeros },
        rank,
    }
}

fn unreached(card: &ExtendedCsd) -> Vec<String> {
    let mut unreached = Vec::new();
    if card.boot != 0 {
        unreached
            .push(format!("two boot partitions of {} bytes each keep what they hold", card.boot));
    }
    for (number, bytes) in card.general.iter().enumerate().filter(|(_, bytes)| **bytes != 0) {
        let number = number + 1;
        unreached.push(format!(
            "general purpose partition {number} of {bytes} bytes keeps what it holds"
        ));
    }
    if card.protected != 0 {
        let bytes = card.protected;
        unreached.push(format!("replay-protected memory of {bytes} bytes keeps what it holds"));
    }
    unreached
}
