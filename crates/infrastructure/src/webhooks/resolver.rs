//! Looking names up by ourselves: the connection goes to the very addresses that were checked. A name that leads elsewhere a
//! moment later (DNS rebinding) changes nothing, since nobody looks it up again.

use domain::webhooks::AddressRule;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

/// Where a name leads.
pub type Found = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// Looks names up.
pub trait Lookup: Send + Sync {
    /// All addresses of a name.
    fn lookup(&self, name: String) -> Found;
}

/// As the system does.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> Found {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("the name leads nowhere")]
pub struct NameNotFound;

/// The name leads to an address that nothing is sent to.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that nothing is sent to")]
pub struct Forbidden;

/// Looks names up, and lets through only addresses that may be sent to.
pub struct CheckedResolver {
    pub lookup: Arc<dyn Lookup>,
    pub addresses: AddressRule,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, addresses) = (self.lookup.lookup(name.as_str().to_owned()), self.addresses.clone());
        Box::pin(async move {
            let found = found.await.map_err(|_| NameNotFound)?;
            if found.is_empty() {
                return Err(NameNotFound.into());
            }
            // One that is not allowed among others is no accident: none is taken.
            if !found.iter().all(|address| addresses.permits(*address)) {
                return Err(Forbidden.into());
            }
            let all: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(all)
        })
    }
}
