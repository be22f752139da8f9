//! Any bytes are read as a transcript, whatever their ending, or refused; nothing panics and nothing hangs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for name in ["talk.txt", "talk.json"] {
        let _ = greenroom::transcripts::read(bytes, name);
    }
});
