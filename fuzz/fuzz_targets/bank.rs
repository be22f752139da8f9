//! Any bytes are read as a bank to the last byte, or refused; nothing panics and nothing hangs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| greenroom::content::assert_invariants(bytes));
