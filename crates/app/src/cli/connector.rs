//! `tongban connector check`: asks every system of a pack about nobody, before anything is published.
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use ::connectors::{Asked, Document, Source, SubjectKind, Surroundings, SystemKind, WithoutAddress};
use clap::{Args, Subcommand};
use exchange::connector::fit;
use platform::clock::Clock;
use platform::config::Config;
use platform::error::{Error, Result};
use registry::{Resource, Subjects};

use crate::{connections, logging, packs};

/// Numbers that belong to nobody, as no division has the code 999999; right check digits. The person's ends with X, which
/// systems write in small or capital letters.
const PERSON: &str = "99999919000101004X";
const ENTERPRISE: &str = "11999999000000000Q";

#[derive(Args)]
pub struct ConnectorArgs {
    #[command(subcommand)]
    command: ConnectorCommand,
}

#[derive(Subcommand)]
enum ConnectorCommand {
    /// Ask each system of a pack about a number that is nobody's. Exit 0 when all answer, 1 when one does not.
    ///
    /// Shows that address, password, query and, when the department keeps a test record under that number, the mapping
    /// are right. No facts of a real person can be asked for this way. Neither reads nor changes the database.
    Check {
        #[command(flatten)]
        serve: super::ServeArgs,
        /// Only this resource; may be given several times.
        #[arg(long = "resource")]
        resources: Vec<String>,
        /// The pack, published or not yet.
        folder: PathBuf,
    },
}

pub async fn run(args: ConnectorArgs) -> Result<ExitCode> {
    let ConnectorCommand::Check { serve, resources, folder } = args.command;
    let config = serve.settings()?;
    logging::begin(&platform::config::Log { level: "error".into(), json: false, ..config.log.clone() });
    let documents = packs::read(&folder)?;
    let of = |prefix: &str| -> Vec<(&str, &str)> {
        let inside = documents.iter().filter(|document| document.path.starts_with(prefix));
        inside.map(|document| (document.path.as_str(), document.text.as_str())).collect()
    };
    let entries = of("registers/").into_iter().map(|(path, text)| Resource::parse(path, text).map(Arc::new));
    let entries: Vec<Arc<Resource>> = entries.collect::<std::result::Result<_, _>>().map_err(Error::Internal)?;
    let find = |key: &str| entries.iter().find(|entry| entry.key == key).cloned();
    let mut described = connections::check(of(connections::FOLDER).into_iter(), find).map_err(Error::Internal)?;
    if let Some(unknown) = resources.iter().find(|key| described.iter().all(|document| document.resource != **key)) {
        let words = format!("no document under {}connectors describes {unknown}", folder.join("").display());
        return Err(Error::Internal(words));
    }
    described.retain(|document| resources.is_empty() || resources.contains(&document.resource));
    let (mut answered, mut failed) = (0, 0);
    for document in &described {
        let Some(resource) = find(&document.resource) else { continue };
        let started = Instant::now();
        let (word, words) = match ask(document, &resource, &config).await {
            Outcome::Answered(words) => ("ok", words),
            Outcome::NotAsked(words) => ("-", words),
            Outcome::Failed(words) => ("FAILED", words),
        };
        let millis = started.elapsed().as_millis();
        println!("{:<20} {:<9} {word:<6} {words} ({millis} ms)", document.resource, document.kind().name());
        answered += usize::from(word == "ok");
        failed += usize::from(word == "FAILED");
    }
    println!("{answered} of {} systems asked answer", answered + failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What became of one system.
enum Outcome {
    Answered(String),
    NotAsked(String),
    Failed(String),
}

async fn ask(document: &Document, resource: &Resource, config: &Config) -> Outcome {
    let around = Surroundings { data: config.data.dir.clone(), addresses: config.connectors.addresses.clone() };
    match (around.missing(document), document.without_address) {
        (Some(name), WithoutAddress::Register) => {
            return Outcome::NotAsked(format!("without connectors.addresses.{name} the register answers"));
        }
        (Some(name), WithoutAddress::Refuse) => {
            let next = "in the settings file, and give --config";
            return Outcome::Failed(format!("has no address: set connectors.addresses.{name} {next}"));
        }
        (None, _) if document.kind() == SystemKind::Peer => {
            return Outcome::NotAsked("the running program asks it, through its gateway".into());
        }
        (None, _) => {}
    }
    let (kind, number) = match resource.subject {
        Subjects::Enterprise => (SubjectKind::Enterprise, ENTERPRISE),
        _ => (SubjectKind::Person, PERSON),
    };
    let source = match Source::open(document, &around, Clock::World) {
        Ok(source) => source,
        Err(why) => return Outcome::Failed(why),
    };
    let asked = Asked { number, kind, today: Clock::World.now().date(config.site.zone()) };
    let answer = source.ask(&asked).await;
    let remark = source.health().remark.map(|text| format!("; {text}")).unwrap_or_default();
    match answer {
        Err(error) => Outcome::Failed(format!("{}: {error}{remark}", error.code())),
        Ok(None) => Outcome::Answered(format!("nothing is held about {number}{remark}")),
        Ok(Some(answer)) => match fit(resource, answer.data) {
            Err(why) => Outcome::Failed(format!("the answer does not fit the catalogue entry: {why}")),
            Ok(data) => {
                let values: Vec<String> = data.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                let day = platform::clock::iso_date(answer.as_of);
                Outcome::Answered(format!("{number} on {day}: {}{remark}", values.join(", ")))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_true_and_nobodys() {
        let today = time::macros::date!(2026 - 11 - 20);
        assert_eq!(codes::ResidentId::parse(PERSON, today).unwrap().as_str(), PERSON);
        assert_eq!(codes::Uscc::parse(ENTERPRISE).unwrap().as_str(), ENTERPRISE);
    }

    /// What becomes of the demo pack's document when the department's file holds these rows.
    async fn asked(rows: &str) -> Outcome {
        let file = std::env::temp_dir().join(format!("tongban-check-{}.sqlite", codes_of(rows)));
        drop(std::fs::remove_file(&file));
        let columns = "aac147, aac031, aae140, aab998, aab069, aae030, aae201, aae041, aae036";
        let database = rusqlite::Connection::open(&file).unwrap();
        database.execute_batch(&format!("CREATE TABLE ac02 ({columns}); {rows}")).unwrap();
        let text = include_str!("../../../../packs/demo/connectors/social-insurance.yaml");
        let document = Document::parse("a.yaml", text).unwrap();
        let entry = include_str!("../../../../packs/demo/registers/social-insurance.yaml");
        let resource = Resource::parse("b.yaml", entry).unwrap();
        let mut config = Config::default();
        config.connectors.addresses.insert("social_insurance".into(), file.display().to_string());
        let outcome = ask(&document, &resource, &config).await;
        drop(std::fs::remove_file(&file));
        outcome
    }

    fn codes_of(rows: &str) -> String {
        seal::digest::to_hex(&seal::digest::sha256(rows.as_bytes()))[..16].to_owned()
    }

    fn row(number: &str, status: &str) -> String {
        format!(
            "INSERT INTO ac02 VALUES ('{number}', '{status}', '110', NULL, '', '201905', 12, '202610', '2026-11-01 08:00')"
        )
    }

    #[tokio::test]
    async fn a_test_record_stands_there_in_our_words_and_a_wrong_document_is_found_out() {
        let Outcome::Answered(words) = asked("").await else { panic!("an empty table answers") };
        assert!(words.starts_with("nothing is held"), "{words}");
        let Outcome::Answered(words) = asked(&row(PERSON, "1")).await else { panic!("the record fits") };
        assert!(words.contains("2026-11-01") && words.contains("status = \"paying\""), "{words}");
        let Outcome::Failed(words) = asked(&row(PERSON, "7")).await else { panic!("nobody named the code 7") };
        assert!(words.contains("aac031"), "{words}");
    }

    #[tokio::test]
    async fn without_an_address_the_register_answers() {
        let text = include_str!("../../../../packs/demo/connectors/credit.yaml");
        let document = Document::parse("a.yaml", text).unwrap();
        let entry = include_str!("../../../../packs/demo/registers/credit.yaml");
        let resource = Resource::parse("b.yaml", entry).unwrap();
        assert!(matches!(ask(&document, &resource, &Config::default()).await, Outcome::NotAsked(_)));
    }
}
