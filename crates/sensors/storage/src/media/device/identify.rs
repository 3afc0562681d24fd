//! What IDENTIFY DEVICE tells of a medium.

use leaksweep_formats::ata::{Identify, Security};

use super::super::about::{About, Access};

pub fn tell(identify: &Identify, about: &mut About) {
    about.model = identify.model().or(about.model.take());
    about.serial = identify.serial().or(about.serial.take());
    about.firmware = identify.firmware().or(about.firmware.take());
    about.rotating = identify.rotating().or(about.rotating);
    let Some(security) = identify.security() else { return };
    about.password = Some(security.set);
    about.access = access(&security).unwrap_or(about.access);
    if security.locked {
        about.notes.add(match security.maximum {
            true => "locked; the master password at level maximum only allows to erase it",
            false => "locked; the user's or the master password opens it",
        });
    }
    if security.expired {
        about.notes.add("too many wrong passwords; switch it off and on");
    }
}

fn access(security: &Security) -> Option<Access> {
    match security {
        Security { locked: true, .. } => Some(Access::Locked),
        Security { frozen: true, .. } => Some(Access::Frozen),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::about::Form;
    use super::*;
    use leaksweep_formats::ata::sample::synthetic;

    fn told(change: impl FnOnce(&mut [u16; 256])) -> About {
        let mut about = About::new(Form::Device, 0);
        tell(&Identify::new(&synthetic(change)).unwrap(), &mut about);
        about
    }

    #[test]
    fn identity_is_told() {
        let about = told(|_| {});
        assert_eq!(about.model.as_deref(), Some("SYNTHETIC DISK"));
        assert_eq!(about.serial.as_deref(), Some("SER123"));
        assert_eq!(about.firmware.as_deref(), Some("FW1.0"));
        assert_eq!((about.rotating, about.password), (Some(true), None));
    }

    #[test]
    fn a_password_is_told_by_its_state() {
        for (security, access, password) in [
            (0, Access::Readable, None),
            (0b0_0001, Access::Readable, Some(false)),
            (0b0_0011, Access::Readable, Some(true)),
            (0b0_1001, Access::Frozen, Some(false)),
            (0b0_0111, Access::Locked, Some(true)),
            (0b0_1111, Access::Locked, Some(true)),
            (0b0_0110, Access::Readable, None),
        ] {
            let about = told(|words| words[128] = security);
            assert_eq!((about.access, about.password), (access, password), "{security:b}");
        }
    }
}
