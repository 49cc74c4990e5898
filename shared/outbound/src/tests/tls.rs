//! Servers that speak TLS, with certificates of an authority that is made for the test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// Issues certificates. Networks of [`Authority::trusted`] believe it.
pub(super) struct Authority {
    root: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
pub(super) struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let (mut params, key) = (CertificateParams::default(), KeyPair::generate().unwrap());
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap().der().clone();
        let issuer = Issuer::new(params, key);
        Self { root, issuer }
    }

    /// The roots of a client that trusts it.
    pub(super) fn trusted(&self) -> Arc<dyn Fn() -> RootCertStore + Send + Sync> {
        let root = self.root.clone();
        Arc::new(move || {
            let mut roots = RootCertStore::empty();
            roots.add(root.clone()).unwrap();
            roots
        })
    }

    /// A certificate for names or addresses, valid from the first day of a year to that of another.
    pub(super) fn issue(&self, names: &[&str], (from, to): (i32, i32)) -> Identity {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Identity { certificate, key }
    }
}

impl Identity {
    /// One that is signed by itself, as an authority's is or not.
    pub(super) fn self_signed(name: &str, is_authority: bool) -> Self {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if is_authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { certificate, key }
    }
}

/// What a connection was about: the name in the TLS handshake, and the head of its request.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub(super) server_name: Option<String>,
    pub(super) head: String,
}

/// A server with a certificate, which responds 200 to one request a connection.
pub(super) struct TlsServer {
    pub(super) address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl TlsServer {
    pub(super) fn start(identity: &Identity) -> Self {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate.clone()], key)
            .unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let server = Self {
            address: listener.local_addr().unwrap(),
            arrived: Arc::default(),
        };
        let arrived = server.arrived.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(config.clone()).unwrap();
                serve(StreamOwned::new(connection, stream), &arrived);
            }
        });
        server
    }

    /// The requests since the last call of this function.
    pub(super) fn arrived(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.arrived.lock().unwrap())
    }
}

fn serve(mut stream: StreamOwned<ServerConnection, TcpStream>, arrived: &Mutex<Vec<Arrived>>) {
    let (mut head, mut buffer) = (Vec::new(), [0; 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(length) => head.extend_from_slice(&buffer[..length]),
        }
    }
    arrived.lock().unwrap().push(Arrived {
        server_name: stream.conn.server_name().map(str::to_owned),
        head: String::from_utf8(head).unwrap(),
    });
    let response = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let _gone = stream.write_all(response);
}
