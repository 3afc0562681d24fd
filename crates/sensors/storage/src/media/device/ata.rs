//! Whether an ATA disk has more bytes behind its visible end: a host-protected area, an accessible maximum below the native one, or a
//! device configuration overlay. Asks with commands that only read; answers are parsed here, and asked for in `passthrough`.

use std::fs::File;

use leaksweep_formats::ata::Identify;

use super::{
    super::about::About,
    passthrough::{Answer, Command, ask},
};

const IDENTIFY_DEVICE: u8 = 0xEC;
const READ_NATIVE_MAX: u8 = 0xF8;
const READ_NATIVE_MAX_WIDE: u8 = 0x27;
const ACCESSIBLE_MAXIMUM: u8 = 0x78;
const CONFIGURATION: u8 = 0xB1;
const CONFIGURATION_IDENTIFY: u8 = 0xC2;

/// Where page 89h is missing: old kernels, and bridges of USB that pass commands through.
pub fn identify(device: &File, bus: Option<&str>) -> Option<Identify> {
    if !matches!(bus, Some("ata" | "usb")) {
        return None;
    }
    let answer = ask(device, Command { command: IDENTIFY_DEVICE, ..Command::reading() })?;
    Identify::new(&answer.data)
}

pub fn hidden(device: &File, identify: &Identify, about: &mut About) {
    let native = native_maximum(device, identify);
    let overlay = overlay_maximum(device, identify);
    report(identify, native, overlay, about);
}

/// Sectors that the disk had without a protected area.
fn native_maximum(device: &File, identify: &Identify) -> Option<u64> {
    let command = match () {
        () if identify.has_accessible_maximum() => ACCESSIBLE_MAXIMUM,
        () if !identify.has_protected_area() => return None,
        () if identify.wide() => READ_NATIVE_MAX_WIDE,
        () => READ_NATIVE_MAX,
    };
    let wide = command != READ_NATIVE_MAX;
    let answer = ask(device, Command { command, wide, device: 0x40, ..Command::plain() })?;
    last_sector(&answer, wide)?.checked_add(1)
}

/// Sectors that the disk had without an overlay.
fn overlay_maximum(device: &File, identify: &Identify) -> Option<u64> {
    if !identify.has_overlay() {
        return None;
    }
    let features = CONFIGURATION_IDENTIFY;
    let answer = ask(device, Command { command: CONFIGURATION, features, ..Command::reading() })?;
    configuration_maximum(&answer.data)
}

/// The last sector's number in the registers that came back.
fn last_sector(answer: &Answer, wide: bool) -> Option<u64> {
    // Error and device fault.
    if answer.status & 0x21 != 0 {
        return None;
    }
    let last = match wide {
        true => answer.sector,
        false => (answer.sector & 0x00FF_FFFF) | u64::from(answer.device & 0x0F) << 24,
    };
    (last != 0).then_some(last)
}

/// Words 3 to 6 of DEVICE CONFIGURATION IDENTIFY are the last sector's number; the sum of all bytes is zero.
fn configuration_maximum(block: &[u8; 512]) -> Option<u64> {
    let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let last = u64::from_le_bytes(block[6..14].try_into().ok()?);
    (block[510] == 0xA5 && sum == 0 && last != 0).then(|| last.checked_add(1)).flatten()
}

fn report(identify: &Identify, native: Option<u64>, overlay: Option<u64>, about: &mut About) {
    let visible = identify.sectors();
    let behind = |all: Option<u64>| all.map(|all| all.saturating_sub(visible));
    let known = behind(native).max(behind(overlay));
    about.hidden_bytes = known.map(|sectors| sectors.saturating_mul(identify.sector()));
    if behind(native).is_some_and(|sectors| sectors > 0) {
        about.notes.add("a host-protected area lies behind the visible end");
    }
    if overlay.is_some_and(|all| all > native.unwrap_or(visible)) {
        about.notes.add("a device configuration overlay makes it look smaller");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::about::Form;

    use super::*;
    use leaksweep_formats::ata::sample::synthetic;

    /// Synthetic: no real disk told it.
    fn configuration(last: u64) -> [u8; 512] {
        let mut block = [0; 512];
        block[6..14].copy_from_slice(&last.to_le_bytes());
        block[510] = 0xA5;
        let sum = block[..511].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        block[511] = 0_u8.wrapping_sub(sum);
        block
    }

    #[test]
    fn hidden_sectors_are_what_lies_behind_the_visible_ones() {
        let identify = Identify::new(&synthetic(|_| {})).unwrap();
        let visible = identify.sectors();
        for (native, overlay, hidden, notes) in [
            (None, None, None, 0),
            (Some(visible), None, Some(0), 0),
            (Some(visible + 8), None, Some(4096), 1),
            (Some(visible), Some(visible + 16), Some(8192), 1),
            (Some(visible + 8), Some(visible + 16), Some(8192), 2),
            (Some(visible - 1), Some(1), Some(0), 0),
        ] {
            let mut about = About::new(Form::Device, 0);
            report(&identify, native, overlay, &mut about);
            assert_eq!(about.hidden_bytes, hidden, "{native:?} {overlay:?}");
            let text = about.notes.text().unwrap_or_default();
            assert_eq!(
                text.matches("visible end").count() + text.matches("overlay").count(),
                notes
            );
        }
    }

    #[test]
    fn answers_are_believed_only_where_they_hold() {
        assert_eq!(configuration_maximum(&configuration(1000)), Some(1001));
        assert_eq!(configuration_maximum(&configuration(u64::MAX)), None);
        let mut wrong = configuration(1000);
        wrong[100] = 1;
        assert_eq!(configuration_maximum(&wrong), None);
        assert_eq!(configuration_maximum(&[0; 512]), None);
        let answer = |status, sector, device| Answer { data: [0; 512], status, sector, device };
        assert_eq!(
            last_sector(&answer(0x50, 0x0123_4567_89AB, 0x40), true),
            Some(0x0123_4567_89AB)
        );
        assert_eq!(last_sector(&answer(0x50, 0xFF12_3456, 0x4F), false), Some(0x0F12_3456));
        assert_eq!(last_sector(&answer(0x51, 77, 0), true), None);
    }
}
