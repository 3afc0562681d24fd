//! Messages of SNMP as bytes: read and written here, and nowhere else.

pub mod ber;
pub mod community;
pub mod pdu;
pub mod user;

pub use ber::Damage;
pub use pdu::{Answer, Kind, Question};

#[cfg(test)]
mod tests;
