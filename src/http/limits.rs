//! How long a client may keep the service waiting. Pure values.
//!
//! Invariant: a body that is read whole is given up before the answer as a whole is, so that a client that stalls is told so.

use std::time::Duration;

/// How long a client may take for its part of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the opening of a connection, or the answer before, to the end of a request's headers. Also how long a connection is
    /// kept open between two requests.
    pub headers_within: Duration,
    /// For a body that is read whole.
    pub body_within: Duration,
    /// For the next part of a body that streams, such as a batch.
    pub silence_max: Duration,
    /// For reading the next part of what it is answered.
    pub unread_within: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            headers_within: Duration::from_secs(30),
            body_within: Duration::from_secs(20),
            silence_max: Duration::from_secs(30),
            unread_within: Duration::from_secs(120),
        }
    }
}
