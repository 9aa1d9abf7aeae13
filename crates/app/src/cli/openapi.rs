//! `tongban openapi FOLDER`: writes the descriptions of our JSON APIs.
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use platform::error::Result;

use crate::openapi::documents;

#[derive(Args)]
pub struct OpenapiArgs {
    /// Where to; made when it does not exist.
    folder: PathBuf,
}

pub fn run(args: &OpenapiArgs) -> Result<ExitCode> {
    std::fs::create_dir_all(&args.folder)?;
    for (name, text) in documents() {
        std::fs::write(args.folder.join(name), text)?;
        println!("{}", args.folder.join(name).display());
    }
    Ok(ExitCode::SUCCESS)
}
