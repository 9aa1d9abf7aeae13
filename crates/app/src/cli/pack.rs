//! `tongban pack load` and `tongban official add`: what a deployment needs before its first visitor.
use std::io::BufRead;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use directory::{Account, Holder, Official, OfficialId, OfficialPost, seed};
use platform::Ctx;
use platform::audit::Entry;
use platform::chance;
use platform::clock::Clock;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::policy::{Action, On, Post, Role};

use crate::packs;
use crate::wiring::{App, open_platform};

#[derive(Args)]
pub struct PackArgs {
    #[command(subcommand)]
    command: PackCommand,
}

#[derive(Subcommand)]
enum PackCommand {
    /// Check and publish the documents of a folder laid out like packs/demo. A changed item needs a new version.
    Load {
        #[command(flatten)]
        serve: super::ServeArgs,
        folder: PathBuf,
    },
}

pub async fn run(args: PackArgs) -> Result<ExitCode> {
    let PackCommand::Load { serve, folder } = args.command;
    let documents = packs::read(&folder)?;
    let platform = open_platform(serve.settings()?, Clock::World).await?;
    let ctx = Ctx::system(&platform, "pack.load");
    packs::publish(&ctx, &documents).await?;
    let app = App::open(&platform).await.map_err(|error| published_only(&error))?;
    packs::give_grants(&ctx, &app).await?;
    platform::audit::log::seal_all(&platform).await?;
    println!("{} documents published, {} items offered", documents.len(), app.hall.items().current().len());
    println!("servers that run take them up when they are started again");
    Ok(ExitCode::SUCCESS)
}

/// The documents are right, but this machine's settings do not fit them yet.
fn published_only(error: &Error) -> Error {
    Error::Internal(format!(
        "the documents are published, but with these settings the program could not start: {}. Mend that, then load again \
         with the --config, --data and environment of the program itself",
        super::words_of(error)
    ))
}

#[derive(Args)]
pub struct OfficialArgs {
    #[command(subcommand)]
    command: OfficialCommand,
}

#[derive(Subcommand)]
enum OfficialCommand {
    /// Add an official who can sign in; the password is read from standard input.
    Add {
        #[command(flatten)]
        serve: super::ServeArgs,
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        /// role@office, for example clerk@civil-affairs; may be given several times.
        #[arg(long = "post", required = true)]
        posts: Vec<String>,
    },
}

pub async fn official(args: OfficialArgs) -> Result<ExitCode> {
    let OfficialCommand::Add { serve, login, name, posts } = args.command;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.chars().count() < 12 {
        return Err(Error::Internal("the password has at least 12 characters; give it on standard input".into()));
    }
    let platform = open_platform(serve.settings()?, Clock::World).await?;
    let app = App::open(&platform).await?;
    let ctx = Ctx::system(&platform, "official.add");
    let id: OfficialId = platform.ids().make(ctx.now());
    let posts = posts.iter().map(|post| post_of(&app, post)).collect::<Result<Vec<_>>>()?;
    let posts: Vec<OfficialPost> = posts.into_iter().map(|post| OfficialPost { official: id.clone(), post }).collect();
    let password = seed::password_hash(password, &chance::bytes::<16>(), &platform.config().sign_in)?;
    let account = Account { login, holder: Holder::Official(id.clone()), password };
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC)?;
    let write = move |tx: &mut Tx<'_>| {
        seed::insert_officials(tx, &[Official { id: id.clone(), name, active: true }])?;
        seed::insert_posts(tx, &posts)?;
        if seed::insert_accounts(tx, &[account])? == 0 {
            return Err(Error::Internal("this login exists already: choose another".into()));
        }
        tx.audited(Entry { event: "official.added", object: id.as_str(), ..Entry::default() }, ())
    };
    platform.db().write(grant, write).await?;
    println!("added");
    Ok(ExitCode::SUCCESS)
}

fn post_of(app: &App, text: &str) -> Result<Post> {
    let wrong = |what: &str| Error::Internal(format!("--post {text}: {what}"));
    let (role, office) = text.split_once('@').ok_or_else(|| wrong("write role@office"))?;
    let role =
        Role::from_name(role).ok_or_else(|| wrong("no such role; clerk, reviewer, decider, auditor, administrator"))?;
    if app.directory.organisations().find(office).is_none() {
        return Err(wrong("no such organisation in the loaded packs"));
    }
    Ok(Post { role, office: office.to_owned() })
}
