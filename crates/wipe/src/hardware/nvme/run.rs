//! Carries Sanitize and Format NVM out to their ends.

use std::time::Duration;

use super::{
    commands::{self, Action, Erase},
    exchange,
    identify::Controller,
    log::{SanitizeLog, Status},
    target::Target,
};
use crate::{
    device::{CommandError, Data, Device, Set},
    hardware::{
        LONG, ask, failure,
        follow::{State, follow},
    },
    method::{Failure, Watch},
};

const BEGINNING: Duration = Duration::from_secs(120);

pub fn sanitize(action: Action, device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    let controller = exchange::controller(device).map_err(|error| failure("Identify", error))?;
    watch.committed()?;
    let before = exchange::sanitize_log(device).map_err(|error| failure("sanitize log", error))?;
    if before.going() {
        watch.log("a sanitize operation is under way already and is followed".into());
        let ended = to_the_end(before.action(), device, watch);
        if before.action() == Some(action) {
            return ended;
        }
        ended?;
    }
    begin(action, &controller, device, watch)?;
    to_the_end(Some(action), device, watch)
}

fn begin(
    action: Action,
    controller: &Controller,
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    let before = exchange::sanitize_log(device).map_err(|error| failure("sanitize log", error))?;
    // After a failure in restricted mode, only a restricted operation is taken.
    let unrestricted = before.status != Status::Failed || before.unrestricted();
    let words = commands::sanitize(action, unrestricted, controller.keeps_mapped());
    watch.log(commands::shown("Sanitize", &words));
    let answer = ask(device, Set::Nvme(words), Data::None, BEGINNING)
        .map_err(|error| failure("Sanitize", error))?;
    exchange::succeeded(answer.status).map_err(|error| failure("Sanitize", error))?;
    device.wait(Duration::from_secs(1));
    Ok(())
}

/// Follows the operation that is under way. One that fails is left, so that the device takes other commands again.
fn to_the_end(
    action: Option<Action>,
    device: &dyn Device,
    watch: &mut dyn Watch,
) -> Result<(), Failure> {
    let mut newest = None;
    let ended = follow(device, watch, |device| {
        let log = exchange::sanitize_log(device)?;
        let state = state(&log, action);
        newest = Some(log);
        Ok(state)
    });
    let failed = newest.filter(|log| log.status == Status::Failed);
    if let (Err(Failure::Failed(_)), Some(log)) = (&ended, failed) {
        leave_failure(&log, device, watch);
    }
    ended
}

fn state(log: &SanitizeLog, action: Option<Action>) -> State {
    let said = log.said();
    match log.status {
        Status::Going => State::Going(log.progress),
        Status::Completed | Status::CompletedUnmapped if log.action() == action => {
            State::Done(said)
        }
        Status::Completed | Status::CompletedUnmapped => {
            State::Failed(format!("the log speaks of another operation: {said}"))
        }
        Status::Never | Status::Failed | Status::Unknown(_) => State::Failed(said),
    }
}

fn leave_failure(log: &SanitizeLog, device: &dyn Device, watch: &mut dyn Watch) {
    if !log.unrestricted() {
        watch.log("only another sanitize operation ends the failure mode".into());
        return;
    }
    let words = commands::exit_failure_mode();
    let answer = ask(device, Set::Nvme(words), Data::None, BEGINNING);
    watch.log(match answer.and_then(|answer| exchange::succeeded(answer.status)) {
        Ok(()) => "the failure mode was left; what was stored may be readable".into(),
        Err(error) => format!("the failure mode could not be left: {error}"),
    });
}

pub fn format(erase: Erase, device: &dyn Device, watch: &mut dyn Watch) -> Result<(), Failure> {
    let identify = |error: CommandError| failure("Identify", error);
    let controller = exchange::controller(device).map_err(identify)?;
    let namespaces = exchange::namespaces(device, &controller).map_err(identify)?;
    watch.committed()?;
    if let Ok(log) = exchange::sanitize_log(device)
        && log.going()
    {
        watch.log("a sanitize operation is under way already and is followed".into());
        to_the_end(log.action(), device, watch)?;
    }
    let target = Target::find(device, &controller, &namespaces)?;
    let words = commands::format(target.number, target.format, erase);
    watch.log(commands::shown("Format NVM", &words));
    let answer = ask(device, Set::Nvme(words), Data::None, LONG)
        .map_err(|error| failure("Format NVM", error))?;
    watch.log(format!("Format NVM: {}", exchange::said(answer.status)));
    exchange::succeeded(answer.status).map_err(|error| failure("Format NVM", error))
}
