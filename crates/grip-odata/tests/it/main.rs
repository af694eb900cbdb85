//! Integration tests: saved tables, a real server on this machine, and any bytes at all.

#[cfg(any())]
mod download;
mod iv3;
mod properties;
mod saved;
#[cfg(any())]
mod server;
mod shapes;
