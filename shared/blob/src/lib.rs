#![doc = include_str!("../README.md")]

use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_types::SdkConfig;
use bytes::Bytes;
use types::Timestamp;

/// The project's one bucket. The client is made at the first call, since most requests need none.
#[derive(Clone, Debug)]
pub struct Bucket {
    config: Arc<SdkConfig>,
    client: Arc<OnceLock<Client>>,
    name: String,
}

/// An object's content and what identifies this version of it.
#[derive(Clone, Debug)]
pub struct Object {
    /// The content.
    pub body: Bytes,
    /// The version's entity tag.
    pub etag: Option<String>,
}

/// A failed call to the bucket.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no object under this key.
    #[error("no object under {0}")]
    NotFound(String),
    /// The object is larger than the caller allows.
    #[error("the object under {key} has {size} bytes; at most {max} are read")]
    TooLarge {
        /// The object's key.
        key: String,
        /// Its size in bytes.
        size: u64,
        /// The most that the caller allows.
        max: u64,
    },
    /// No usable response. A write may or may not have happened.
    #[error("the bucket gave no usable response")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Bucket {
    /// The bucket of this name. Makes no call.
    pub fn new(config: Arc<SdkConfig>, name: String) -> Self {
        Self {
            config,
            client: Arc::new(OnceLock::new()),
            name,
        }
    }

    /// Writes an object, replacing any under its key.
    pub async fn put(&self, key: &str, content_type: &str, body: Vec<u8>) -> Result<(), BlobError> {
        let put = self
            .client()
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type(content_type);
        // TLS and the SDK's checksum protect the content; signing its SHA-256 as well would be most of a bulk worker's hashing.
        put.body(body.into())
            .customize()
            .disable_payload_signing()
            .send()
            .await
            .map_err(|error| failed(key, error))?;
        Ok(())
    }

    /// Reads an object of at most `max` bytes.
    pub async fn get(&self, key: &str, max: u64) -> Result<Object, BlobError> {
        self.read(key, None, max).await
    }

    /// Reads a range of bytes of an object; fewer if the object ends within it.
    pub async fn get_range(&self, key: &str, bytes: Range<u64>) -> Result<Object, BlobError> {
        let max = bytes.end.saturating_sub(bytes.start);
        let range = format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1));
        self.read(key, Some(range), max).await
    }

    async fn read(&self, key: &str, range: Option<String>, max: u64) -> Result<Object, BlobError> {
        let get = self.client().get_object().bucket(&self.name).key(key);
        let response = get.set_range(range).send().await;
        let mut response = response.map_err(|error| failed(key, error))?;
        let size = response
            .content_length
            .and_then(|size| u64::try_from(size).ok())
            .unwrap_or(0);
        if size > max {
            return Err(BlobError::TooLarge {
                key: key.to_owned(),
                size,
                max,
            });
        }
        // Collected in one buffer of its size: `collect` holds a large object twice.
        let mut body = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        while let Some(part) = response
            .body
            .try_next()
            .await
            .map_err(|error| BlobError::Unavailable(error.into()))?
        {
            body.extend_from_slice(&part);
        }
        Ok(Object {
            body: body.into(),
            etag: response.e_tag,
        })
    }

    /// Deletes an object. It is no error if there is none.
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        let delete = self
            .client()
            .delete_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await;
        delete.map_err(|error| failed(key, error))?;
        Ok(())
    }

    /// A presigned URL that downloads an object as `file_name`, valid for `lifetime` from `now`. Makes no call.
    pub async fn presigned_url(
        &self,
        key: &str,
        file_name: &str,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<String, BlobError> {
        let presigning = PresigningConfig::builder()
            .start_time(now.into())
            .expires_in(lifetime)
            .build();
        let presigning = presigning.map_err(|error| BlobError::Unavailable(error.into()))?;
        let get = self
            .client()
            .get_object()
            .bucket(&self.name)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{file_name}\""));
        let presigned = get
            .presigned(presigning)
            .await
            .map_err(|error| failed(key, error))?;
        Ok(presigned.uri().to_owned())
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            // A service emulator has one host for all buckets.
            let path_style = self.config.endpoint_url().is_some();
            let config =
                aws_sdk_s3::config::Builder::from(&*self.config).force_path_style(path_style);
            Client::from_conf(config.build())
        })
    }
}

fn failed<E>(key: &str, error: SdkError<E>) -> BlobError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match error.code() {
        Some("NoSuchKey" | "NotFound") => BlobError::NotFound(key.to_owned()),
        _ => BlobError::Unavailable(error.into()),
    }
}
