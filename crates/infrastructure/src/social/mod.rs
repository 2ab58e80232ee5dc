//! Providers by which people sign in: any that speaks OpenID Connect, and those that have only OAuth 2 and an API of their
//! own. What they answer is proven here; what it means for an account is not decided here.

mod client;
mod discovery;
mod facebook;
mod github;
mod http;
mod oauth2;
mod openid;

pub use client::{InvalidProvider, RegisteredClient};
pub use facebook::{FacebookAddresses, FacebookProvider};
pub use github::{GitHubAddresses, GitHubProvider};
pub use http::ProviderHttp;
pub use openid::{OpenIdFlavour, OpenIdProvider};
