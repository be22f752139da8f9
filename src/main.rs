//! Parses, runs, prints the error with its hint, and chooses the exit code.

fn main() {}
