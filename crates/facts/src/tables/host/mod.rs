//! What the host sensor observes of a machine, live or on a mounted disk.

mod accounts;
mod applications;
mod autostarts;
mod boot;
mod changes;
mod contradictions;
mod extensions;
mod files;
mod network;
mod packages;
mod processes;
mod readers;
mod remote;
mod rights;
mod services;
mod sessions;
mod system;
mod usb;

pub use accounts::{Group, Membership, User};
pub use applications::{BrowserPolicy, Container, EditorExtension, WebFile};
pub use autostarts::Autostart;
pub use boot::{BootFile, BootOption, Module};
pub use changes::Change;
pub use contradictions::Contradiction;
pub use extensions::BrowserExtension;
pub use files::{File, Mount};
pub use network::{Interface, Socket};
pub use packages::Package;
pub use processes::Process;
pub use readers::Reader;
pub use remote::{RemoteSetting, RemoteSign, RemoteTool};
pub use rights::{LibraryRule, PamRule, Right, SshKey};
pub use services::Service;
pub use sessions::{Agent, Login, LoginLog, Session};
pub use system::System;
pub use usb::UsbDevice;
