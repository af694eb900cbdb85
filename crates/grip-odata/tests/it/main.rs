//! Integration tests: saved tables, a real server on this machine, and any bytes at all.

mod download;
mod iv3;
mod properties;
mod saved;
mod server;
mod shapes;
