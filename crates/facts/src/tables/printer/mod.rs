//! What the printer sensor observes of a printer from outside: a device on the network, or a queue of a print server.

mod devices;
mod papers;
mod services;
mod settings;

pub use devices::{Channel, Device, Job, Part, Store};
pub use papers::{Answer, Look, Statement};
pub use services::{Certificate, Page, Service};
pub use settings::Setting;
