//! Certificates like DynamoDB's: a leaf below an intermediate below a root, TLS 1.3, made anew for each run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What a server and its clients need.
#[derive(Clone, Debug)]
pub struct Tls {
    /// For the server.
    pub server: Arc<ServerConfig>,
    /// The root alone, in PEM.
    pub root: PathBuf,
    /// The root among those of this machine: what a client that reads the system's certificates has to read.
    pub roots: PathBuf,
}

/// Where Linux distributions keep the certificates that they trust.
const SYSTEM: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

impl Tls {
    /// For `localhost`, with the roots in files of this folder.
    pub fn new(folder: &Path) -> Result<Self> {
        let (root_key, middle_key, leaf_key) = (
            KeyPair::generate()?,
            KeyPair::generate()?,
            KeyPair::generate()?,
        );
        let root_params = authority("Bench Root");
        let root = root_params.self_signed(&root_key)?;
        let root_issuer = Issuer::new(root_params, root_key);
        let middle_params = authority("Bench Intermediate");
        let middle = middle_params.signed_by(&middle_key, &root_issuer)?;
        let middle_issuer = Issuer::new(middle_params, middle_key);
        let leaf = CertificateParams::new(["localhost".to_owned()])?
            .signed_by(&leaf_key, &middle_issuer)?;

        let chain = vec![leaf.der().clone(), middle.der().clone()];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];

        let system = SYSTEM.iter().find_map(|path| fs::read_to_string(path).ok());
        let tls = Self {
            server: Arc::new(server),
            root: folder.join("root.pem"),
            roots: folder.join("roots.pem"),
        };
        fs::write(&tls.root, root.pem())?;
        fs::write(&tls.roots, root.pem() + &system.unwrap_or_default())?;
        Ok(tls)
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}
