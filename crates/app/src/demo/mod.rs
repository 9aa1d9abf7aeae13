//! `tongban demo`: makes the fictional city once, then serves it.
mod cases;
pub mod city;
mod history;
mod people;
mod samples;
mod seeding;
pub mod sign_ins;

use std::process::ExitCode;

use platform::Ctx;
use platform::clock::{Clock, SECOND};
use platform::error::Result;
use platform::policy::{Action, On};

use crate::cli::{DemoArgs, set_public_address};
use crate::logging;
use crate::serve::Server;
use crate::wiring::{App, open_platform};

pub use seeding::{Scale, seed};

/// Name of the site that the demo shows.
const SITE: [&str; 3] = ["云岭市政务服务", "雲嶺市政務服務", "Yunling City Services"];

pub async fn run(args: &DemoArgs) -> Result<ExitCode> {
    let mut config = args.serve.settings()?;
    let [hans, hant, en] = SITE.map(str::to_owned);
    config.site.name = platform::i18n::Text { zh_hans: hans, zh_hant: hant, en };
    if std::env::var_os("TONGBAN_LOG__LEVEL").is_none() {
        config.log.level = "warn".into();
    }
    logging::begin(&config.log);
    let server = Server::bind(&config.http.listen).await?;
    set_public_address(&mut config, &server);
    let data = config.data.dir.clone();
    let platform = open_platform(config, Clock::World).await?;
    if is_empty(&platform).await? {
        let started = platform.clock().now();
        let scale = Scale::of(args.residents, args.seed);
        seed(&platform, scale, &mut |line| println!("{line}")).await?;
        let seconds = (platform.clock().now().0 - started.0) as f64 / SECOND as f64;
        println!("the city is made ({seconds:.1} s)");
    } else {
        println!("the city in {} is used again; remove the folder to make a new one", data.display());
    }
    let app = App::open(&platform).await?;
    sign_ins::tell(&server, &data)?;
    if args.seed_only {
        platform::audit::log::seal_all(&platform).await?;
        return Ok(ExitCode::SUCCESS);
    }
    server.run(app).await?;
    Ok(ExitCode::SUCCESS)
}

async fn is_empty(platform: &platform::Platform) -> Result<bool> {
    let ctx = Ctx::system(platform, "demo");
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
    let documents = platform.db().read(grant, |tx| platform::documents::list(tx, "demo/done")).await?;
    Ok(documents.is_empty())
}
