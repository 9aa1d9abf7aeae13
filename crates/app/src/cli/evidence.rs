//! `tongban evidence verify`: whether a bundle proves a call, offline: no database, no network, no trust in who handed it out.
use std::path::PathBuf;
use std::process::ExitCode;

use ::gateway::evidence::Evidence;
use clap::{Args, Subcommand};
use platform::clock::Timestamp;
use platform::error::Result;

use super::read_text;

#[derive(Args)]
pub struct EvidenceArgs {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Subcommand)]
enum EvidenceCommand {
    /// Exit 0 when every signature of the bundle holds, 1 when one does not.
    Verify {
        /// The bundle, as `GET /asic?queryId=…` of a gateway gives it.
        file: PathBuf,
        /// Thumbprint of a key that you trust, from the federation document or the gateway's own publication; may be
        /// given more than once. Without it the keys are printed for you to compare.
        #[arg(long = "key")]
        keys: Vec<String>,
    },
}

pub fn run(args: &EvidenceArgs) -> Result<ExitCode> {
    let EvidenceCommand::Verify { file, keys } = &args.command;
    let verdict = Evidence::parse(&read_text(file)?).and_then(|bundle| Ok((bundle.verify()?, bundle)));
    let (proven, bundle) = match verdict {
        Ok(verdict) => verdict,
        Err(fault) => {
            println!("not proven: {fault}");
            return Ok(ExitCode::FAILURE);
        }
    };
    println!(
        "message {}, from the log of {}; names, status and size are as that log tells them,",
        bundle.message_id, bundle.server
    );
    println!("the signatures below cover the hash of the message, its number and the time:");
    for line in &bundle.lines {
        let status = line.status.map_or_else(String::new, |status| format!(", status {status}"));
        println!("  {} by {} of {} ({} bytes{status})", line.part, line.client, line.service, line.size);
    }
    let mut trusted = true;
    for (key, created, part) in &proven.signatures {
        let known = keys.is_empty() || keys.contains(key);
        trusted &= known;
        let at = Timestamp(created * 1_000_000).rfc3339(time::UtcOffset::UTC);
        println!("  {} signed the {part} at {at}{}", key, if known { "" } else { " (a key that you did not name)" });
    }
    if !trusted {
        println!("not proven: the signatures hold, but not all keys are ones that you trust");
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "{}",
        if keys.is_empty() {
            "the signatures hold; compare the keys with those that the gateways publish"
        } else {
            "proven"
        }
    );
    Ok(ExitCode::SUCCESS)
}
