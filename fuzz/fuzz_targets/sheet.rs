//! A kind, a mapping, and any bytes as a file to be read with them.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    _ = grip_import::fuzz::read_with_mapping(bytes);
});
