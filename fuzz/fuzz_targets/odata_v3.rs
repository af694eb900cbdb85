//! Any bytes as a page of OData 3.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    _ = grip_odata::fuzz::v3_page(bytes);
});
