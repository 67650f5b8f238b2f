//! The monitor, against a log over HTTP that is honest, broken or lying.

mod alarms;
mod fixture;
mod old_tiles;
