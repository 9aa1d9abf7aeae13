//! `tongban audit verify`: the whole log of a database copy, offline.
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use platform::audit::verify::{Check, verify};
use platform::chance;
use platform::clock::Clock;
use platform::db::{Db, Location};
use platform::error::{Error, Result};
use platform::ids::IdMaker;
use seal::note::VerifierKey;

#[derive(Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check every row against the signed log; exit 1 and name what was altered.
    Verify {
        /// SQLite file or postgres://… ; a copy is best.
        #[arg(long)]
        database: String,
        /// The log's verifier key, as `/log/key` serves it. Keep it apart from the database.
        #[arg(long, conflicts_with = "key_file")]
        key: Option<String>,
        /// A file with that key.
        #[arg(long)]
        key_file: Option<PathBuf>,
        /// The size of a checkpoint kept elsewhere: the log must reach at least so far.
        #[arg(long, default_value_t = 0)]
        at_least: u64,
    },
}

pub async fn run(args: AuditArgs) -> Result<ExitCode> {
    let AuditCommand::Verify { database, key, key_file, at_least } = args.command;
    let text = match (key, key_file) {
        (Some(key), _) => key,
        (None, Some(path)) => super::read_text(&path)?,
        (None, None) => return Err(Error::Internal("give the log's key with --key or --key-file".into())),
    };
    let key = VerifierKey::parse(text.trim()).map_err(|e| Error::Internal(format!("the key: {e}")))?;
    if !database.starts_with("postgres") && !PathBuf::from(&database).exists() {
        return Err(Error::Internal(format!("{database}: there is no such file")));
    }
    let ids = Arc::new(IdMaker::new(chance::bytes()));
    let db = Db::open(&Location { url: &database, threads: 1 }, Clock::World, ids)?;
    let report = verify(&db, Check { key, at_least }).await?;
    println!(
        "{} sealed rows, {} checkpoints, {} rows not sealed yet",
        report.sealed, report.checkpoints, report.unsealed
    );
    report.findings.iter().for_each(|finding| println!("ALTERED: {finding}"));
    if report.findings.is_empty() {
        println!("intact: nothing was altered");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} findings", report.findings.len());
    Ok(ExitCode::from(1))
}
