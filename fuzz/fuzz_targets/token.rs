#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| crmlink_fuzz::token(data));
