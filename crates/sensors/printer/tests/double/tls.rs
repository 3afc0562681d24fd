//! The double's web server under TLS, by rustls, with a certificate that OpenSSL made and signed with its own key.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    process::Command,
    sync::{Arc, LazyLock},
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// None where there is no OpenSSL: then a double has no TLS.
static CONFIG: LazyLock<Option<Arc<ServerConfig>>> = LazyLock::new(config);

fn config() -> Option<Arc<ServerConfig>> {
    let openssl = leaksweep_peers::need("openssl")?;
    let folder = tempfile::tempdir().ok()?;
    let path = |name: &str| folder.path().join(name);
    let run = |arguments: &[&str]| {
        let output = Command::new(&openssl).args(arguments).current_dir(folder.path()).output();
        assert!(output.unwrap().status.success());
    };
    run(&[
        "req",
        "-x509",
        "-nodes",
        "-days",
        "9",
        "-newkey",
        "rsa:2048",
        "-subj",
        "/CN=double",
        "-keyout",
        "k.pem",
        "-outform",
        "DER",
        "-out",
        "c.der",
    ]);
    run(&["pkcs8", "-topk8", "-nocrypt", "-in", "k.pem", "-outform", "DER", "-out", "k.der"]);
    let chain = vec![CertificateDer::from(std::fs::read(path("c.der")).unwrap())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(std::fs::read(path("k.der")).unwrap()));
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    Some(Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).unwrap()))
}

pub fn is_there() -> bool {
    CONFIG.is_some()
}

/// A session over a connection, of which every byte that came is kept.
pub type Session = StreamOwned<ServerConnection, Kept>;

pub fn session(stream: TcpStream) -> Session {
    let config = CONFIG.clone().expect("a double without TLS has no port for it");
    let server = ServerConnection::new(config).unwrap();
    StreamOwned::new(server, Kept { stream, got: Vec::new() })
}

pub struct Kept {
    pub stream: TcpStream,
    pub got: Vec<u8>,
}

impl Read for Kept {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.stream.read(into)?;
        self.got.extend_from_slice(&into[..got]);
        Ok(got)
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
