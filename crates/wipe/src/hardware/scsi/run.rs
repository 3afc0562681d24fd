//! Carries SANITIZE and FORMAT UNIT out to their ends. A sanitize operation goes on by itself after a power cut; a format does not.

use std::time::Duration;

use super::{
    answers::{self, Supported},
    commands::{self, Action, Block, SANITIZE},
    exchange,
    state::{self, Doing},
};
use crate::{
    device::{Data, Device},
    hardware::{
        SHORT, failure,
        follow::{State, follow},
        text,
    },
    method::{Failure, Watch},
};

const BEGINNING: Duration = Duration::from_secs(120);

pub fn sanitize(action: Action, device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    watch.committed()?;
    if settle(device, watch)? == Some(Before::Sanitized) && any_is_enough(action, device) {
        return Ok(());
    }
    begin(&commands::sanitize(action), commands::sanitize_parameters(action), device, watch)?;
    to_the_end(device, watch)
}

pub fn format(device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    watch.committed()?;
    settle(device, watch)?;
    let capacity = exchange::read(device, &commands::read_capacity());
    let protection = capacity.map(|bytes| answers::protection(&bytes)).unwrap_or_default();
    let parameters = commands::format_parameters(protection);
    begin(&commands::format_unit(protection), &parameters, device, watch)?;
    to_the_end(device, watch)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Sanitized,
    Formatted,
}

/// Follows what is under way already.
fn settle(device: &dyn Device, watch: &mut dyn Watch) -> Result<Option<Before>, Failure> {
    let doing = state::ask(device).map_err(|error| failure("REQUEST SENSE", error))?;
    let before = match doing {
        Doing::Sanitize(_) => Before::Sanitized,
        Doing::Format(_) => Before::Formatted,
        Doing::SanitizeFailed(said) | Doing::FormatFailed(said) => {
            watch.log(format!("as it was found: {said}"));
            return Ok(None);
        }
        Doing::Nothing => return Ok(None),
    };
    watch.log(match before {
        Before::Sanitized => "a sanitize operation is under way already and is followed".into(),
        Before::Formatted => "a format is under way already and is followed".into(),
    });
    to_the_end(device, watch)?;
    Ok(Some(before))
}

/// A disk does not say which operation goes on. For block erase, any is as good where the disk knows no change of keys; an overwrite
/// must leave zeros.
fn any_is_enough(action: Action, device: &dyn Device) -> bool {
    let lacks = |other: Action| {
        exchange::supported(device, SANITIZE, Some(other.number())) == Supported::No
    };
    match action {
        Action::Crypto => true,
        Action::Block => lacks(Action::Crypto),
        Action::Overwrite => lacks(Action::Crypto) && lacks(Action::Block),
    }
}

fn begin(
    block: &Block,
    parameters: &[u8],
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    watch.log(shown(block, parameters));
    let data = if parameters.is_empty() { Data::None } else { Data::Out(parameters) };
    exchange::done(device, block, data, BEGINNING).map_err(|error| failure(block.name, error))?;
    device.wait(Duration::from_secs(1));
    Ok(())
}

pub fn shown(block: &Block, parameters: &[u8]) -> String {
    let sent = format!("{}: {}", block.name, text::hexadecimal(block.bytes()));
    match parameters {
        [] => sent,
        parameters => format!("{sent}; parameters {}", text::hexadecimal(parameters)),
    }
}

fn to_the_end(device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    let mut failed = false;
    let ended = follow(device, watch, |device| {
        let doing = state::ask(device)?;
        failed = matches!(doing, Doing::SanitizeFailed(_));
        Ok::<State, _>(doing.state())
    });
    if failed {
        let left = exchange::done(device, &commands::exit_failure_mode(), Data::None, SHORT);
        watch.log(match left {
            Ok(()) => "the failure mode was left; what was stored may be readable".into(),
            Err(error) => format!("the failure mode could not be left: {error}"),
        });
    }
    ended
}
