//! Parses, runs, prints the error with its hint, and chooses the exit code.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
