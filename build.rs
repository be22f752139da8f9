//! Builds again when a file of the content has changed: `include_dir!` does not tell cargo which files it has read.
#![allow(clippy::print_stdout)]

fn main() {
    println!("cargo::rerun-if-changed=content");
}
