//! Every table that this version knows. A sensor fills them, a check asks them; both find the
//! definition here, on the ground floor, because neither may see the other.

pub mod catalogue;
pub mod host;
mod page;
pub mod policy;
pub mod printer;
mod problems;
pub mod storage;

pub use page::page;
pub use problems::ProblemRow;

use crate::{Table, TableDef};

/// The explicit list: a new table is its struct and one line here.
pub const ALL: &[TableDef] = &[
    ProblemRow::DEF,
    host::System::DEF,
    host::Package::DEF,
    host::Process::DEF,
    host::Socket::DEF,
    host::Service::DEF,
    host::User::DEF,
    host::Group::DEF,
    host::Membership::DEF,
    host::Interface::DEF,
    host::Mount::DEF,
    host::File::DEF,
    host::RemoteTool::DEF,
    host::RemoteSign::DEF,
    host::RemoteSetting::DEF,
    host::UsbDevice::DEF,
    host::BrowserExtension::DEF,
    host::Autostart::DEF,
    host::Right::DEF,
    host::PamRule::DEF,
    host::SshKey::DEF,
    host::LibraryRule::DEF,
    host::Module::DEF,
    host::BootOption::DEF,
    host::BootFile::DEF,
    host::Session::DEF,
    host::Login::DEF,
    host::LoginLog::DEF,
    host::Agent::DEF,
    host::Reader::DEF,
    host::BpfObject::DEF,
    host::Contradiction::DEF,
    host::Container::DEF,
    host::EditorExtension::DEF,
    host::BrowserPolicy::DEF,
    host::WebFile::DEF,
    host::Change::DEF,
    storage::Medium::DEF,
    storage::Partition::DEF,
    storage::Extent::DEF,
    storage::Artifact::DEF,
    storage::Preview::DEF,
    storage::Setting::DEF,
    storage::Mark::DEF,
    storage::KnownDocument::DEF,
    storage::Certificate::DEF,
    storage::Custody::DEF,
    printer::Device::DEF,
    printer::Service::DEF,
    printer::Certificate::DEF,
    printer::Store::DEF,
    printer::Part::DEF,
    printer::Channel::DEF,
    printer::Job::DEF,
    printer::Page::DEF,
    printer::Setting::DEF,
    printer::Answer::DEF,
    printer::Look::DEF,
    printer::Statement::DEF,
];

/// What the engine itself offers to checks beside the facts.
pub const ENGINE: &[TableDef] = &[
    policy::Target::DEF,
    policy::Zone::DEF,
    policy::Listener::DEF,
    policy::RemoteTool::DEF,
    policy::LogInHours::DEF,
    policy::Administrator::DEF,
    policy::PrinterFirmware::DEF,
    policy::Publisher::DEF,
    policy::Vendor::DEF,
    policy::Origin::DEF,
    policy::ExceptionRow::DEF,
    catalogue::RemoteTool::DEF,
    catalogue::RemoteMark::DEF,
    catalogue::Store::DEF,
    catalogue::PrinterFlaw::DEF,
];

/// A table of facts or of the engine.
pub fn find(name: &str) -> Option<&'static TableDef> {
    ALL.iter().chain(ENGINE).find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_say_their_sensor() {
        for (at, table) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.name != table.name), "{}", table.name);
            assert!(
                table.name.ends_with('s')
                    || ["host_system", "storage_media", "storage_custody"].contains(&table.name),
                "{}",
                table.name
            );
            assert!(!table.doc.trim().is_empty(), "{}", table.name);
        }
    }

    #[test]
    fn every_column_is_documented_and_named_once() {
        for table in ALL.iter().chain(ENGINE) {
            let columns: Vec<_> = table.all_columns().collect();
            for (at, column) in columns.iter().enumerate() {
                assert!(column.doc.trim().len() > 3, "{}.{}", table.name, column.name);
                assert!(columns[..at].iter().all(|other| other.name != column.name));
            }
        }
    }
}
