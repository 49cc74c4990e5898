use blob::Bucket;

use crate::TestApp;

/// The maximum size of a test's objects, in bytes.
const MOST_BYTES: u64 = 100_000_000;

impl TestApp {
    /// The bucket of this app.
    pub fn bucket(&self) -> Bucket {
        Bucket::new(self.aws.clone(), self.env.required("BUCKET").unwrap())
    }

    /// An object as text, with CRLF converted to LF.
    pub async fn object(&self, key: &str) -> String {
        let object = self.bucket().get(key, MOST_BYTES).await.unwrap();
        let text = String::from_utf8(object.body.to_vec()).unwrap();
        text.replace("\r\n", "\n")
    }

    /// The keys of the objects under a prefix.
    pub async fn objects(&self, prefix: &str) -> Vec<String> {
        let config = aws_sdk_s3::config::Builder::from(&*self.aws).force_path_style(true);
        let listed = aws_sdk_s3::Client::from_conf(config.build())
            .list_objects_v2()
            .bucket(self.env.required("BUCKET").unwrap())
            .prefix(prefix)
            .send()
            .await
            .unwrap();
        let keys = listed.contents().iter().filter_map(|object| object.key());
        keys.map(str::to_owned).collect()
    }
}
