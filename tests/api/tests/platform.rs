//! What holds for every call, and the machine around the API: manners, limits, hostile input, pages, mail, command line,
//! start and stop.

mod canaries;
mod command_line;
mod headers;
mod hostile_input;
mod idempotency;
mod life;
mod limits;
mod mail;
mod manners;
mod pages;
mod random_input;
