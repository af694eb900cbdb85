//! Any bytes as a page of OData 4.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    _ = grip_odata::fuzz::v4_page(bytes);
});
