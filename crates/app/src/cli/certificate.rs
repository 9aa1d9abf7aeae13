//! `tongban certificate verify`: a certificate file, with its proof, without a network.
use std::path::PathBuf;
use std::process::ExitCode;

use certificates::verify_offline;
use clap::{Args, Subcommand};
use platform::clock::Clock;
use platform::error::{Error, Result};

#[derive(Args)]
pub struct CertificateArgs {
    #[command(subcommand)]
    command: CertificateCommand,
}

#[derive(Subcommand)]
enum CertificateCommand {
    /// Check signature, dates and, when a proof is given, its place in the log.
    Verify {
        /// The certificate as downloaded (.jws).
        file: PathBuf,
        /// The proof as downloaded.
        #[arg(long)]
        proof: Option<PathBuf>,
        /// Public keys, as /.well-known/tongban/jwks.json serves them.
        #[arg(long)]
        keys: PathBuf,
        /// A file with the log's verifier key, as /log/key serves it.
        #[arg(long)]
        log_key: PathBuf,
    },
}

pub fn run(args: &CertificateArgs) -> Result<ExitCode> {
    let CertificateCommand::Verify { file, proof, keys, log_key } = &args.command;
    let jws = super::read_text(file)?;
    let proof = proof.as_deref().map(super::read_text).transpose()?;
    let keys: serde_json::Value = serde_json::from_str(&super::read_text(keys)?)?;
    let log_key = super::read_text(log_key)?;
    let today = Clock::World.now().date(time::UtcOffset::UTC);
    let verdict = verify_offline(jws.trim(), proof.as_deref(), &keys, log_key.trim(), today)
        .map_err(|e| Error::Internal(e.to_string()))?;
    for step in &verdict.steps {
        println!("{}: {}", step.check.slug(), step.outcome.slug());
    }
    if verdict.is_genuine() && verdict.is_in_force() {
        println!("genuine and in force; whether it was revoked since can only be seen online");
        return Ok(ExitCode::SUCCESS);
    }
    println!("not to be relied on");
    Ok(ExitCode::from(1))
}
