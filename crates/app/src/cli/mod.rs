//! The commands: serve, demo, packs, audit, certificates, settings.
mod audit;
mod certificate;
mod connector;
mod evidence;
mod gateway;
mod grant;
mod import;
mod openapi;
mod pack;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use platform::clock::Clock;
use platform::config::Config;
use platform::error::{Error, Result};

use crate::demo;
use crate::doors::Doors;
use crate::logging;
use crate::serve::Server;
use crate::wiring::{App, open_platform};

/// One integrated digital-government platform.
#[derive(Parser)]
#[command(name = "tongban", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a deployment.
    Serve(ServeArgs),
    /// Make the fictional demo city (once) and serve it.
    Demo(DemoArgs),
    /// Publish a deployment's documents.
    Pack(pack::PackArgs),
    /// Try the documents of departments' own systems.
    Connector(connector::ConnectorArgs),
    /// Officials and their sign-in.
    Official(pack::OfficialArgs),
    /// Check the audit log offline.
    Audit(audit::AuditArgs),
    /// Check a certificate file offline.
    Certificate(certificate::CertificateArgs),
    /// Certificates, keys and the federation of the gateway.
    Gateway(gateway::GatewayArgs),
    /// Check the evidence of a call offline.
    Evidence(evidence::EvidenceArgs),
    /// Check a grant's document offline.
    Grant(grant::GrantArgs),
    /// Load records into a register.
    Registry(import::RegistryArgs),
    /// Write the descriptions of the JSON APIs (OpenAPI) into a folder.
    Openapi(openapi::OpenapiArgs),
    /// Read the settings and say what is wrong with them.
    Config(ConfigArgs),
}

/// Where the data is and where to listen.
#[derive(Args, Clone)]
pub struct ServeArgs {
    /// Settings file (config.default.toml explains every key).
    #[arg(long)]
    config: Option<PathBuf>,
    /// Folder for files, keys and the SQLite database.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Address and port; port 0 takes any free one.
    #[arg(long)]
    listen: Option<String>,
    /// postgres://… or the path of an SQLite file.
    #[arg(long)]
    database: Option<String>,
}

#[derive(Args, Clone)]
pub struct DemoArgs {
    #[command(flatten)]
    pub serve: ServeArgs,
    /// How many residents the city has.
    #[arg(long, default_value_t = 100_000)]
    pub residents: u32,
    /// The city's seed: the same seed makes the same city.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Make a second city in another province besides, federated with the first, and fetch a fact across.
    #[arg(long)]
    pub two_cities: bool,
    /// Make the city and stop.
    #[arg(long)]
    pub seed_only: bool,
}

#[derive(Args)]
struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Exit 0 when the settings can be used.
    Check(ServeArgs),
}

impl ServeArgs {
    /// File, then environment, then flags.
    pub fn settings(&self) -> Result<Config> {
        let mut config = Config::load(self.config.as_deref(), std::env::vars()).map_err(Error::Internal)?;
        if let Some(dir) = &self.data {
            config.data.dir.clone_from(dir);
        }
        if let Some(listen) = &self.listen {
            config.http.listen.clone_from(listen);
        }
        if let Some(url) = &self.database {
            config.database.url.clone_from(url);
        }
        Ok(config)
    }
}

/// Parses, runs, and says in one line what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    main_from(std::env::args_os())
}

/// As `main`, with the program's name and arguments given.
#[must_use]
pub fn main_from(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = Cli::parse_from(args);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Error::from(error)),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &Error) -> ExitCode {
    eprintln!("tongban: {}", words_of(error));
    ExitCode::from(2)
}

/// The sentence for whoever typed the command, without the kind of error that pages and logs sort by.
fn words_of(error: &Error) -> String {
    match error {
        Error::Internal(words) | Error::Unavailable(words) => words.clone(),
        other => other.to_string(),
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(args) => serve(args.settings()?).await,
        Command::Demo(args) => demo::run(&args).await,
        Command::Pack(args) => pack::run(args).await,
        Command::Connector(args) => connector::run(args).await,
        Command::Official(args) => pack::official(args).await,
        Command::Audit(args) => audit::run(args).await,
        Command::Certificate(args) => certificate::run(&args),
        Command::Gateway(args) => gateway::run(args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Grant(args) => grant::run(&args),
        Command::Registry(args) => import::run(args).await,
        Command::Openapi(args) => openapi::run(&args),
        Command::Config(ConfigArgs { command: ConfigCommand::Check(args) }) => {
            let warnings = args.settings()?.warnings();
            warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            println!("settings: ok");
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn serve(mut config: Config) -> Result<ExitCode> {
    logging::begin(&config.log);
    config.warnings().iter().for_each(|warning| tracing::warn!("{warning}"));
    let server = Server::bind(&config.http.listen).await?;
    set_public_address(&mut config, &server);
    let platform = open_platform(config, Clock::World).await?;
    let app = App::open(&platform).await?;
    println!("http://{}", server.address);
    let doors = Doors::bind(&platform).await?;
    for (door, address) in doors.addresses()? {
        println!("gateway for {door}: {address}");
    }
    server.run(app, doors).await?;
    Ok(ExitCode::SUCCESS)
}

/// Links and QR codes lead where people reach the site; without a setting, to the address listened on.
pub fn set_public_address(config: &mut Config, server: &Server) {
    if config.http.public_address.is_empty() {
        config.http.public_address = format!("http://{}", server.address);
    }
}

/// A file's text, or a message that names it.
fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::Internal(format!("{}: {e}", path.display())))
}
