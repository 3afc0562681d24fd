//! What the kernel tells of files that are opened, read and closed (fanotify, which only tells and keeps nobody waiting).
//! The folders of stores are watched; each event names the file and the process.

use std::{os::fd::AsRawFd, os::unix::ffi::OsStrExt, path::Path, time::Duration};

use nix::sys::fanotify::{EventFFlags, Fanotify, FanotifyEvent, InitFlags, MarkFlags, MaskFlags};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::fstat,
    io::Errno,
    process::getpid,
};

use crate::{
    machine::{Kernel, Machine},
    name,
    readers::{Found, Stores},
    root::{Failure, Root},
    tally::Tally,
};

/// So many are taken before anything else is done.
const BATCH: usize = 2000;

pub struct Events {
    group: Fanotify,
    /// Whether the kernel had more to tell than it could keep.
    pub lost: bool,
}

/// A process opened, read or closed what belongs to a store.
#[derive(Debug, PartialEq, Eq)]
pub struct Event {
    pub pid: i64,
    pub found: Found,
    pub access: &'static str,
}

impl Events {
    pub fn of(root: &Root, stores: &Stores, tally: &mut Tally) -> Result<Self, Failure> {
        let flags = InitFlags::FAN_CLASS_NOTIF | InitFlags::FAN_CLOEXEC | InitFlags::FAN_NONBLOCK;
        let of_files = EventFFlags::O_RDONLY
            | EventFFlags::O_CLOEXEC
            | EventFFlags::O_LARGEFILE
            | EventFFlags::O_NONBLOCK;
        let group = Fanotify::init(flags, of_files).map_err(failure)?;
        for folder in stores.folders().iter().filter(|folder| !folder.starts_with("/dev")) {
            if let Err(failure) = mark(&group, root, folder)
                && !failure.is_absence()
            {
                tally.add(&["times"], name::path(folder), failure);
            }
        }
        Ok(Self { group, lost: false })
    }

    /// What is told until `pause` is over, as soon as something is.
    pub fn wait(
        &mut self,
        machine: &Machine,
        kernel: &Kernel,
        stores: &Stores,
        pause: Duration,
    ) -> Vec<Event> {
        let pause = Timespec { tv_sec: 0, tv_nsec: i64::from(pause.subsec_nanos()) };
        let _ = poll(&mut [PollFd::new(&self.group, PollFlags::IN)], Some(&pause));
        let mut told: Vec<Event> = Vec::new();
        let mut taken = 0;
        while let Ok(events) = self.group.read_events() {
            taken += events.len();
            for event in &events {
                self.lost |= event.mask().contains(MaskFlags::FAN_Q_OVERFLOW);
                let new = one(machine, kernel, stores, event);
                told.extend(new.filter(|new| !told.contains(new)));
            }
            if events.is_empty() || taken > BATCH {
                break;
            }
        }
        told
    }
}

fn mark(group: &Fanotify, root: &Root, folder: &Path) -> Result<(), Failure> {
    let opened = root.folder(folder)?;
    let mask = MaskFlags::FAN_OPEN
        | MaskFlags::FAN_ACCESS
        | MaskFlags::FAN_CLOSE_WRITE
        | MaskFlags::FAN_CLOSE_NOWRITE
        | MaskFlags::FAN_EVENT_ON_CHILD;
    group.mark(MarkFlags::FAN_MARK_ADD, mask, &opened, None::<&Path>).map_err(failure)
}

fn one(
    machine: &Machine,
    kernel: &Kernel,
    stores: &Stores,
    event: &FanotifyEvent,
) -> Option<Event> {
    let pid = i64::from(event.pid());
    if pid == i64::from(getpid().as_raw_nonzero().get()) || !event.check_version() {
        return None;
    }
    let opened = event.fd()?;
    let path = kernel.proc.link(format!("self/fd/{}", opened.as_raw_fd())).unwrap_or_default();
    let stat = || Ok(fstat(opened)?);
    // Documents are no matter of the marked folders.
    let found = stores.look(&machine.root, path.as_os_str().as_bytes(), &stat, &|| None)?;
    let writes = event.mask().contains(MaskFlags::FAN_CLOSE_WRITE);
    let reads = event.mask().contains(MaskFlags::FAN_ACCESS);
    let access = match (reads, writes) {
        (true, true) => "both",
        (false, true) => "write",
        _ => "read",
    };
    Some(Event { pid, found, access })
}

fn failure(errno: nix::errno::Errno) -> Failure {
    Errno::from_raw_os_error(errno as i32).into()
}
