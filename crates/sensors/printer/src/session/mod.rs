//! Sessions of TLS 1.2 and 1.3 under which questions travel, by rustls.
//!
//! What is older is seen by `look::tls`, which reads the beginning of a handshake alone; nothing is asked under it.

mod verifier;

use std::sync::{Arc, LazyLock};

use rustls::{
    ClientConfig, ClientConnection, StreamOwned,
    client::Resumption,
    crypto::ring,
    pki_types::{IpAddr, ServerName},
};

use crate::{http::HttpError, look::Context, plan::Packet, wire::Line};

pub type Session<'a> = StreamOwned<ClientConnection, Line<'a>>;

/// Nothing of one printer is kept for the next.
static CONFIG: LazyLock<Result<Arc<ClientConfig>, String>> = LazyLock::new(|| {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| e.to_string())?;
    let verifier = Arc::new(verifier::AnyCertificate);
    let mut config =
        builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
});

/// Opens a session at a port; what is sent over it counts as `packet`.
pub fn open<'a>(
    context: &Context<'a>,
    port: u16,
    packet: Packet,
) -> Result<Session<'a>, HttpError> {
    let config = CONFIG.clone().map_err(HttpError::Tls)?;
    let mut line = context.wire.line(port, Packet::TlsSession).map_err(HttpError::Wire)?;
    let name = server_name(context);
    let client = ClientConnection::new(config, name);
    let mut client = client.map_err(|error| HttpError::Tls(error.to_string()))?;
    while client.is_handshaking() {
        client.complete_io(&mut line).map_err(HttpError::of)?;
    }
    line.turn_to(packet);
    Ok(StreamOwned::new(client, line))
}

/// The name where there is one, so that a printer with several certificates shows the right one.
fn server_name(context: &Context) -> ServerName<'static> {
    let named = ServerName::try_from(context.target.host.clone());
    named.unwrap_or_else(|_| ServerName::IpAddress(IpAddr::from(context.wire.address())))
}
