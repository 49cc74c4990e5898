use std::fmt;

use blob::{BlobError, Bucket};
use bytes::Bytes;
use futures::future::BoxFuture;

/// Where large responses are stored.
///
/// A trait, so that the linker leaves S3 out of a function that has no bucket.
pub trait Bodies: fmt::Debug + Send + Sync {
    /// Writes a body, replacing any with its name.
    fn put<'a>(&'a self, name: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<(), BlobError>>;

    /// Reads a body of at most `max` bytes.
    fn get<'a>(&'a self, name: &'a str, max: u64) -> BoxFuture<'a, Result<Bytes, BlobError>>;
}

impl Bodies for Bucket {
    fn put<'a>(&'a self, name: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<(), BlobError>> {
        Box::pin(self.put(name, "application/octet-stream", body))
    }

    fn get<'a>(&'a self, name: &'a str, max: u64) -> BoxFuture<'a, Result<Bytes, BlobError>> {
        Box::pin(async move { Ok(self.get(name, max).await?.body) })
    }
}
