#![doc = include_str!("../README.md")]

use aws_sdk_kms::Client;
use aws_smithy_types::Blob;
use aws_types::SdkConfig;
use bytes::Bytes;

/// A KMS key that seals texts of up to 4,096 bytes.
#[derive(Clone, Debug)]
pub struct Seal {
    client: Client,
    key: String,
}

/// A text was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// KMS gave no usable response. It refuses what was sealed for another context in the same way.
    #[error("KMS gave no usable response")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored is no sealed text.
    #[error("a sealed text is malformed")]
    Malformed,
}

impl Seal {
    /// The key of this id or ARN. Makes no call.
    pub fn new(config: &SdkConfig, key: String) -> Self {
        Self {
            client: Client::new(config),
            key,
        }
    }

    /// Seals a text for `context`, name and value, without which it cannot be opened. One call.
    pub async fn seal(&self, context: (&str, &str), text: &str) -> Result<Bytes, SealError> {
        let call = self.client.encrypt().key_id(&self.key);
        let sealed = call
            .encryption_context(context.0, context.1)
            .plaintext(Blob::new(text))
            .send()
            .await
            .map_err(|error| SealError::Unavailable(error.into()))?;
        let blob = sealed.ciphertext_blob.ok_or(SealError::Malformed)?;
        Ok(Bytes::from(blob.into_inner()))
    }

    /// Opens what was sealed for the same context. One call.
    pub async fn open(&self, context: (&str, &str), sealed: &Bytes) -> Result<String, SealError> {
        let call = self.client.decrypt().key_id(&self.key);
        let opened = call
            .encryption_context(context.0, context.1)
            .ciphertext_blob(Blob::new(sealed.clone()))
            .send()
            .await
            .map_err(|error| SealError::Unavailable(error.into()))?;
        let text = opened.plaintext.ok_or(SealError::Malformed)?;
        String::from_utf8(text.into_inner()).map_err(|_| SealError::Malformed)
    }
}
