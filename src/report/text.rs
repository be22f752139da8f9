//! The transcript as plain text.
use crate::types::Transcript;
/// x
pub fn render(_t: &Transcript) -> String {
    String::new()
}
