//! Any bytes as what describes a table.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    grip_odata::fuzz::description(bytes);
});
