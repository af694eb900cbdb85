//! Any bytes as a file that others are in.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    _ = grip_envelope::fuzz(bytes);
});
