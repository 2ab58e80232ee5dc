//! The adapters behind the application's ports, one room for each kind of outside: databases, mail servers, payment
//! gateways, cryptography, files, and the system itself. Nothing here decides a rule of the shop.

pub mod cache;
pub mod crypto;
pub mod mail;
pub mod media;
pub mod payment;
pub mod social;
pub mod sql;
pub mod system;
pub mod webhooks;
