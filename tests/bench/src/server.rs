//! A listener on a free port of the loopback, with a thread for each connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::Result;

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

/// What HTTP can be spoken over.
pub trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

impl Server {
    /// Hands each connection to `serve`. A connection that breaks is the end of it alone: clients are killed at will.
    pub fn start(serve: impl Fn(TcpStream) -> Result<()> + Clone + Send + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server = Self {
            address: listener.local_addr()?,
            closed: Arc::default(),
        };
        let closed = server.closed.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if closed.load(Ordering::Relaxed) {
                    break;
                }
                let serve = serve.clone();
                thread::spawn(move || -> Result<()> {
                    let stream = stream?;
                    stream.set_nodelay(true)?;
                    serve(stream)
                });
            }
        });
        Ok(server)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect(self.address);
    }
}
