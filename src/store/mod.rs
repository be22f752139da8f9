//! A folder per session, written as things happen; plain files are the truth.
