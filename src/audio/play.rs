pub fn play_file(_: &std::path::Path, _: crate::types::Seconds, _: &crate::speech::StopSignal) -> Result<(), super::DecodeError> { Ok(()) }
