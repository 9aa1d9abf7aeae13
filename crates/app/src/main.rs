//! The program `tongban`: one binary, one database, one process.
use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::main()
}
