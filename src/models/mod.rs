//! The catalog of Whisper models, their files, and the checks before one is loaded.
