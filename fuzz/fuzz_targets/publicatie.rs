//! A description of a published table, and any bytes as that table.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    _ = grip_import::fuzz::check_publicatie(bytes);
});
