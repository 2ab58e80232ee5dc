//! What of a request and its answer may lie in the database: a digest under a key of the shop, and a sealed text. A plain
//! digest of a login's body would let whoever has the database try passwords faster than bcrypt does.

use crate::crypto::SecretKey;
use application::RepositoryError;
use application::idempotency::{KeyedRequest, StoredAnswer};
use application::identity::ports::SecretBox;
use std::sync::Arc;

/// Makes requests and answers fit to be stored.
#[derive(Clone)]
pub struct AnswerSeal {
    answers: Arc<dyn SecretBox>,
    fingerprints: SecretKey,
}

impl AnswerSeal {
    /// Answers are sealed by this box, fingerprints digested under this key.
    #[must_use]
    pub fn new(answers: Arc<dyn SecretBox>, fingerprints: SecretKey) -> Self {
        Self { answers, fingerprints }
    }

    /// The fingerprint as it is stored.
    pub(super) fn fingerprint(&self, request: &KeyedRequest) -> String {
        hex::encode(self.fingerprints.digest(&[request.fingerprint.as_bytes()]))
    }

    /// The answer as it is stored, but for its status: its headers in one line of JSON, and its body behind it. It opens for
    /// its own key alone.
    pub(super) fn seal(&self, request: &KeyedRequest, answer: &StoredAnswer) -> Result<Vec<u8>, RepositoryError> {
        let mut content = serde_json::to_vec(&answer.headers).map_err(RepositoryError::unavailable)?;
        content.push(b'\n');
        content.extend_from_slice(&answer.body);
        let sealed = self.answers.seal(&context(request), &content).map_err(RepositoryError::unavailable)?;
        Ok(sealed.into_bytes())
    }

    /// The headers and the body again.
    pub(super) fn open(&self, request: &KeyedRequest, sealed: &[u8]) -> Result<(Headers, Vec<u8>), RepositoryError> {
        let sealed = std::str::from_utf8(sealed).map_err(RepositoryError::unavailable)?;
        let content = self.answers.open(&context(request), sealed).map_err(RepositoryError::unavailable)?;
        let mut parts = content.splitn(2, |byte| *byte == b'\n');
        let headers = serde_json::from_slice(parts.next().unwrap_or_default()).map_err(RepositoryError::unavailable)?;
        Ok((headers, parts.next().unwrap_or_default().to_vec()))
    }
}

/// Names and values, in their order.
type Headers = Vec<(String, String)>;

/// Whose answer to what; the length keeps the parts apart.
fn context(request: &KeyedRequest) -> Vec<u8> {
    format!("idempotency {} {} {}", request.caller.len(), request.caller, request.key).into_bytes()
}
