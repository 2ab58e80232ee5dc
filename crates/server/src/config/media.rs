//! Where pictures are kept.

use infrastructure::media::BucketSettings;
use serde::Deserialize;
use std::fmt;

/// Where pictures are kept.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// The bucket; empty for the folder `media` in the data folder.
    pub s3_bucket: String,
    /// The variables of the environment whose names begin with `AWS_`.
    #[serde(skip)]
    pub aws: Vec<(String, String)>,
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media").field("s3_bucket", &self.s3_bucket).finish_non_exhaustive()
    }
}

impl Media {
    /// The bucket, if there is one.
    #[must_use]
    pub fn bucket(&self) -> Option<BucketSettings> {
        let bucket = || BucketSettings { bucket: self.s3_bucket.clone(), aws: self.aws.clone() };
        (!self.s3_bucket.is_empty()).then(bucket)
    }

    /// What is wrong.
    pub fn faults(&self) -> Vec<String> {
        let has = |name: &str| self.aws.iter().any(|(key, _)| key == name);
        let (id, secret) = (has("AWS_ACCESS_KEY_ID"), has("AWS_SECRET_ACCESS_KEY"));
        let mut faults = Vec::new();
        if !self.s3_bucket.is_empty() && id != secret {
            faults.push("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: are set both or neither".to_owned());
        }
        faults
    }
}
