//! Findings to text: terminal, JSON, captions. Pure: every renderer returns a `String`.
