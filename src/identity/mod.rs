//! People, log-ins and roles: erasable, outside the log.

mod role;

pub use role::{Actor, Grant, GrantError, Role};
