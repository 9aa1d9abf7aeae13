//! `tongban demo`: makes the fictional city once, then serves it.
mod across;
mod cases;
pub mod city;
mod grants;
mod history;
mod keys;
mod people;
mod samples;
mod seeding;
pub mod sign_ins;
pub mod systems;
mod two_cities;

use std::process::ExitCode;

use platform::Ctx;
use platform::Platform;
use platform::clock::{Clock, SECOND};
use platform::config::Config;
use platform::error::{Error, Result};
use platform::policy::{Action, On};

use crate::cli::{DemoArgs, set_public_address};
use crate::doors::Doors;
use crate::logging;
use crate::serve::Server;
use crate::wiring::{App, open_platform};

pub use seeding::{Scale, seed};
use two_cities::{City, Federating};

/// Name of the site that the demo shows.
const SITE: [&str; 3] = ["云岭市政务服务", "雲嶺市政務服務", "Yunling City Services"];

pub async fn run(args: &DemoArgs) -> Result<ExitCode> {
    let mut config = args.serve.settings()?;
    let [hans, hant, en] = SITE.map(str::to_owned);
    config.site.name = platform::i18n::Text { zh_hans: hans, zh_hant: hant, en };
    if std::env::var_os("TONGBAN_LOG__LEVEL").is_none() {
        config.log.level = "warn".into();
    }
    for listen in [&mut config.gateway.listen, &mut config.gateway.peers_listen] {
        if listen.is_empty() {
            *listen = "127.0.0.1:0".into();
        }
    }
    let keys = keys::Keys::of(&mut config.govstack);
    let federating = args.two_cities.then(|| Federating::new(&config)).transpose()?;
    if let Some(federating) = &federating {
        federating.prepare_first(&mut config.gateway)?;
        config.connectors.addresses.insert(across::ADDRESS.into(), across::SERVICE.into());
    }
    logging::begin(&config.log);
    let server = Server::bind(&config.http.listen).await?;
    set_public_address(&mut config, &server);
    let data = config.data.dir.clone();
    let (mut platform, state) = open_city(config.clone()).await?;
    if state == State::Empty {
        let started = platform.clock().now();
        let scale = Scale::of(args.residents, args.seed);
        let city = seeding::make(&platform, scale, &mut |line| println!("{line}")).await?;
        println!("departments' own systems");
        systems::fill(&city, &data, &mut |line| println!("{line}")).await?;
        let seconds = (platform.clock().now().0 - started.0) as f64 / SECOND as f64;
        println!("the city is made ({seconds:.1} s)");
    } else {
        println!("the city in {} is used again; remove the folder to make a new one", data.display());
    }
    // Seeding alone leaves no process behind; the built-in registers hold the same records.
    let _systems = match args.seed_only {
        true => None,
        false => {
            let systems = systems::start(&data, &mut |line| println!("{line}")).await?;
            config.connectors.addresses.extend(systems.addresses().clone());
            drop(platform); // closes the file
            platform = open_platform(config.clone(), Clock::World).await?;
            Some(systems)
        }
    };
    let app = App::open(&platform).await?;
    let doors = Doors::bind(&platform).await?;
    sign_ins::tell(&server, (&doors, &keys), &data)?;
    if args.seed_only {
        platform::audit::log::seal_all(&platform).await?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(federating) = federating {
        let scale = Scale::of(args.residents.min(two_cities::RESIDENTS), 2);
        let first = City { app: &app, doors: &doors, hall: server.address };
        two_cities::begin(federating, first, (&config, scale)).await?;
    }
    server.run(app, doors).await?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    /// The making was broken off.
    Half,
    Whole,
}

/// The database, ready to be filled or already whole. A half-made city in our own SQLite file is made anew; a database
/// that somebody named is not ours to empty.
async fn open_city(config: Config) -> Result<(Platform, State)> {
    let platform = open_platform(config.clone(), Clock::World).await?;
    let state = state_of(&platform).await?;
    if state != State::Half {
        return Ok((platform, state));
    }
    if !config.database.url.is_empty() {
        let words = "the city in this database was not finished: empty the database and start again";
        return Err(Error::Internal(words.into()));
    }
    drop(platform); // closes the file
    for end in ["", "-wal", "-shm"] {
        let path = config.data.dir.join(format!("tongban.sqlite{end}"));
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    println!("the city was not finished last time: it is made anew");
    Ok((open_platform(config, Clock::World).await?, State::Empty))
}

async fn state_of(platform: &Platform) -> Result<State> {
    let ctx = Ctx::system(platform, "demo");
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
    let documents = platform.db().read(grant, |tx| platform::documents::list(tx, "")).await?;
    let whole = documents.iter().any(|document| document.path == "demo/done");
    Ok(if whole {
        State::Whole
    } else if documents.is_empty() {
        State::Empty
    } else {
        State::Half
    })
}
