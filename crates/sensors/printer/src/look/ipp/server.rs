//! The queues of a print server (CUPS), each a target of its own. Classes of queues are not listed.

use thiserror::Error;

use super::{
    attributes::Attributes,
    message::tag,
    talk::{self, Door, Refusal},
};
use crate::{
    Options, Scheme, Source, Target,
    look::Context,
    wire::{self, Wire},
};

/// The most queues of a server.
const MOST: usize = 5_000;

/// Why nobody knows which queues there are. Its [`QueueError::hint`] says what to do.
#[derive(Debug, Error)]
pub enum QueueError {
    #[error("no print server is named")]
    Unnamed,
    #[error("the name '{0}' has no address: {1}")]
    Unresolved(String, std::io::Error),
    #[error("{0} lists no queues: {1}")]
    Refused(String, String),
}

impl QueueError {
    pub fn hint(&self) -> &'static str {
        match self {
            QueueError::Unnamed => "cups://HOST names one, usb: this machine's own",
            QueueError::Unresolved(..) => "name it by its address",
            QueueError::Refused(..) => {
                "is it a print server, does it let this machine in, and is IPP at another port (--port ipp=PORT)?"
            }
        }
    }
}

/// The queues of the server that `options` names; of `usb:` those alone behind which a printer at a USB port stands.
pub fn queues(options: &Options) -> Result<Vec<Target>, QueueError> {
    let Source::Live(target) = &options.source else { return Err(QueueError::Unnamed) };
    let address = wire::resolve(&target.host)
        .map_err(|error| QueueError::Unresolved(target.host.clone(), error))?;
    let ports = options.ports.clone().named_by(target);
    let wire = Wire::new(address, ports, options.plan.clone(), options.patience);
    let context = Context { wire: &wire, target, options };
    let port = wire.ports().of("ipp");
    let told = talk::queues(&context, Door { port, tls: false }).or_else(|refusal| match refusal {
        Refusal::Tls => talk::queues(&context, Door { port, tls: true }),
        other => Err(other),
    });
    let refused = |why: String| QueueError::Refused(target.host.clone(), why);
    let message = told.map_err(|refusal| refused(refusal.to_string()))?.message;
    // Not found: a server without queues.
    if !message.went_well() && message.code != 0x0406 {
        return Err(refused(format!("status 0x{:04X}", message.code)));
    }
    let groups = message.of(tag::PRINTER).map(|group| Attributes(&group.attributes));
    Ok(groups.filter_map(|attributes| queue(target, attributes)).take(MOST).collect())
}

fn queue(server: &Target, attributes: Attributes) -> Option<Target> {
    let name = attributes.text("printer-name")?;
    if server.scheme == Scheme::Usb {
        let at_usb = attributes.text("device-uri")?.starts_with("usb:");
        return at_usb.then(|| Target { path: name.to_owned(), ..server.clone() });
    }
    let uri = attributes.text("printer-uri-supported");
    let path = uri.and_then(|uri| uri.split_once("://")?.1.split_once('/')).map(|(_, path)| path);
    let path = path.map_or_else(|| format!("/printers/{name}"), |path| format!("/{path}"));
    Some(server.queue(&path))
}
