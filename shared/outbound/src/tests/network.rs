//! Networks of tests, which record what is asked of them.

use std::future::{pending, ready};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::TcpStream;

use crate::network::{Dial, Network, Resolve};

/// What was asked of a network: names that were looked up, and addresses that were connected to.
#[derive(Clone, Default)]
pub(super) struct Asked {
    names: Arc<Mutex<Vec<String>>>,
    addresses: Arc<Mutex<Vec<SocketAddr>>>,
}

/// What becomes of connections, wherever they go.
#[derive(Clone, Copy)]
pub(super) enum Dialing {
    Refused,
    Unanswered,
    LeadsTo(SocketAddr),
}

impl Asked {
    /// The names that were looked up.
    pub(super) fn names(&self) -> Vec<String> {
        self.names.lock().unwrap().clone()
    }

    /// The addresses that were connected to.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.addresses.lock().unwrap().clone()
    }

    fn resolve(&self, sets: Vec<Vec<IpAddr>>) -> Resolve {
        let names = self.names.clone();
        Arc::new(move |name| {
            let mut names = names.lock().unwrap();
            let set = sets.get(names.len()).or(sets.last());
            names.push(name);
            Box::pin(ready(Ok(set.cloned().unwrap_or_default())))
        })
    }

    fn dial(&self, dialing: Dialing) -> Dial {
        let addresses = self.addresses.clone();
        Arc::new(move |address| {
            addresses.lock().unwrap().push(address);
            match dialing {
                Dialing::Refused => Box::pin(ready(Err(io::ErrorKind::ConnectionRefused.into()))),
                Dialing::Unanswered => Box::pin(pending()),
                Dialing::LeadsTo(server) => Box::pin(TcpStream::connect(server)),
            }
        })
    }
}

/// A network in which every name has the next of these sets of addresses at each look-up, and the last one from then on.
pub(super) fn network(sets: Vec<Vec<IpAddr>>, dialing: Dialing) -> (Network, Asked) {
    let asked = Asked::default();
    let network = Network {
        resolve: asked.resolve(sets),
        dial: asked.dial(dialing),
        ..Network::system()
    };
    (network, asked)
}

/// Sets of addresses.
pub(super) fn sets(texts: &[&[&str]]) -> Vec<Vec<IpAddr>> {
    let parsed = |set: &&[&str]| set.iter().map(|text| text.parse().unwrap()).collect();
    texts.iter().map(parsed).collect()
}
