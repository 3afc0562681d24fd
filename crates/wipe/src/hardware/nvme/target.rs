//! Which namespace a format names, and what it is formatted to: the same as before.

use super::{
    commands::{EVERY_NAMESPACE, Format},
    exchange,
    identify::{Controller, Namespace},
};
use crate::{device::Device, hardware::failure, method::Failure};

pub struct Target {
    pub number: u32,
    pub every: bool,
    pub format: Format,
}

impl Target {
    /// The sentence says why none is sure.
    pub fn find(
        device: &dyn Device,
        controller: &Controller,
        namespaces: &[u32],
    ) -> Result<Self, Failure> {
        if controller.erases_every_namespace() && namespaces.len() > 1 {
            return Self::of_all(device, controller, namespaces);
        }
        let number = match (device.namespace(), namespaces) {
            (Some(number), _) if namespaces.contains(&number) => number,
            (None, [number]) => *number,
            _ => return unsure("which namespace this device is cannot be told"),
        };
        let namespace = told(device, number)?;
        if namespace.bytes() != device.bytes() {
            return unsure("the namespace has another size than the device");
        }
        Ok(Self { number, every: false, format: namespace.format })
    }

    fn of_all(
        device: &dyn Device,
        controller: &Controller,
        namespaces: &[u32],
    ) -> Result<Self, Failure> {
        if !controller.formats_by_broadcast() {
            return unsure("a format erases every namespace, but they cannot be named at once");
        }
        let format = |number: &u32| told(device, *number).map(|told| told.format);
        let formats: Result<Vec<Format>, Failure> = namespaces.iter().map(format).collect();
        match formats?.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => {
                Ok(Self { number: EVERY_NAMESPACE, every: true, format: *first })
            }
            _ => unsure("a format erases every namespace, and they have different formats"),
        }
    }
}

fn told(device: &dyn Device, number: u32) -> Result<Namespace, Failure> {
    exchange::namespace(device, number).map_err(|error| failure("Identify", error))
}

fn unsure<T>(why: &str) -> Result<T, Failure> {
    Err(Failure::Failed(why.into()))
}
