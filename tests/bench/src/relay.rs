//! Stands between clients and a service, with TLS or without: what is done with each request is its owner's.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

use anyhow::Result;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::http::{Connection, Message, connect};
use crate::server::{Server, Stream};

/// Relays until it is dropped.
#[derive(Debug)]
pub struct Relay(Server);

/// A relay that sees when its service has answered.
#[derive(Debug)]
pub struct Watch {
    relay: Relay,
    answered: Receiver<Instant>,
}

impl Relay {
    /// Encrypted if there is a configuration for it. `open` is called for each connection, and answers what has each of its
    /// requests answered.
    pub fn start<P>(
        tls: Option<Arc<ServerConfig>>,
        open: impl Fn() -> Result<P> + Clone + Send + 'static,
    ) -> Result<Self>
    where
        P: FnMut(&Message) -> Result<Message>,
    {
        let server = Server::start(move |stream: TcpStream| match &tls {
            None => serve(stream, open()?),
            Some(tls) => {
                let session = ServerConnection::new(tls.clone())?;
                serve(StreamOwned::new(session, stream), open()?)
            }
        })?;
        Ok(Self(server))
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.0.address().port()
    }
}

impl Watch {
    /// In front of an address. Each connection has one of its own to there.
    pub fn start(upstream: SocketAddr, tls: Option<Arc<ServerConfig>>) -> Result<Self> {
        let (sight, answered) = mpsc::channel();
        let relay = Relay::start(tls, move || {
            let sight = sight.clone();
            let mut upstream = connect(upstream)?;
            Ok(move |request: &Message| {
                upstream.send(&request.raw)?;
                let answer = upstream.answer()?;
                sight.send(Instant::now())?;
                Ok(answer)
            })
        })?;
        Ok(Self { relay, answered })
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.relay.port()
    }

    /// When the calls since the last time were answered.
    pub fn answered(&self) -> Vec<Instant> {
        self.answered.try_iter().collect()
    }
}

fn serve(stream: impl Stream, mut pass: impl FnMut(&Message) -> Result<Message>) -> Result<()> {
    let mut client = Connection::new(stream);
    while let Some(request) = client.request()? {
        client.send(&pass(&request)?.raw)?;
    }
    Ok(())
}
