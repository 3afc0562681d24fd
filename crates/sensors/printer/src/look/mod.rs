//! The ways to look at a printer, one module each, in their order. A way that fails leaves a problem and the next one goes on.

pub(crate) mod elements;
pub(crate) mod escl;
mod greetings;
pub mod ipp;
pub(crate) mod lpd;
mod makers;
pub(crate) mod pages;
pub(crate) mod pjl;
mod reach;
pub(crate) mod snmp;
pub mod tls;
pub mod wsd;

use crate::{Options, Portrait, Recorded, Target, wire::Wire};

/// What a way of looking works with.
pub struct Context<'a> {
    pub wire: &'a Wire,
    pub target: &'a Target,
    pub options: &'a Options,
}

/// A way of looking.
type Look = fn(&Context, &mut Portrait);

/// The explicit list, in order: what is open, who it is, how it is set, what hangs on that.
const ALL: &[Look] = &[
    reach::look,
    greetings::look,
    tls::look,
    ipp::look,
    snmp::look,
    wsd::look,
    escl::look,
    pages::look,
    lpd::look,
    // Behind all that tell whether it speaks PJL.
    pjl::look,
];

pub fn all(context: &Context, portrait: &mut Portrait) {
    for look in ALL {
        look(context, portrait);
    }
}

/// What answers tell that the user brought.
pub fn recorded(recorded: &Recorded, portrait: &mut Portrait) {
    ipp::recorded(recorded, portrait);
    snmp::recorded(recorded, portrait);
}
