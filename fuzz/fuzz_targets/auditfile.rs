//! Any bytes as an audit file.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    _ = grip_import::fuzz::read_xaf(bytes);
});
