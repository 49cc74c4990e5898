//! A pass-through in front of DynamoDB, with TLS or without: counts the calls, and sees when one is answered.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Instant;

use anyhow::Result;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::http::{Connection, connect};
use crate::server::{Server, Stream};

/// Relays until it is dropped.
#[derive(Debug)]
pub struct Relay {
    server: Server,
    answered: Receiver<Instant>,
}

impl Relay {
    /// In front of an address; encrypted if there is a configuration for it.
    pub fn start(upstream: SocketAddr, tls: Option<Arc<ServerConfig>>) -> Result<Self> {
        let (sight, answered) = mpsc::channel();
        let server = Server::start(move |stream: TcpStream| match &tls {
            None => relay(stream, upstream, &sight),
            Some(tls) => {
                let session = ServerConnection::new(tls.clone())?;
                relay(StreamOwned::new(session, stream), upstream, &sight)
            }
        })?;
        Ok(Self { server, answered })
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.server.address().port()
    }

    /// When the calls since the last time were answered.
    pub fn answered(&self) -> Vec<Instant> {
        self.answered.try_iter().collect()
    }
}

fn relay(stream: impl Stream, upstream: SocketAddr, sight: &Sender<Instant>) -> Result<()> {
    let mut client = Connection::new(stream);
    let mut server = connect(upstream)?;
    while let Some(request) = client.request()? {
        server.send(&request.raw)?;
        let answer = server.answer()?;
        sight.send(Instant::now())?;
        client.send(&answer.raw)?;
    }
    Ok(())
}
