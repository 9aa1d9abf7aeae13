//! `tongban demo --two-cities` as people meet it: the real program, over HTTP. A form is filled with what the other city
//! holds, the person reads that look there; a city that is away is named, what it said before stays, and it is found again.
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::cli::program;
use tests::html::{self, Element};
use tests::wire::Visitor;

const ITEM: &str = "medical-insurance-transfer";
const RESOURCE: &str = "medical-insurance-elsewhere";
/// What the second city holds, and the office that says so.
const PLACE: &str = "北原省长川市";
const OFFICE: &str = "医疗保障局";
/// `form-ask-unverified` in simplified Chinese.
const SILENT: &str = "暂时没有答复";
/// A busy machine takes its time; whatever takes so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program, and what it says.
struct Program {
    child: Child,
    lines: Receiver<String>,
}

impl Program {
    /// With cheap passwords and a quiet log.
    fn start(arguments: &[&str]) -> Self {
        let mut command = program(arguments);
        command.env("TONGBAN_SIGN_IN__ARGON2_KIB", "64").env("TONGBAN_SIGN_IN__ARGON2_ROUNDS", "1");
        command.env("TONGBAN_LOG__LEVEL", "error").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (say, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        // Read to its end: a full pipe would stop the program.
        std::thread::spawn(move || output.lines().map_while(Result::ok).for_each(|line| drop(say.send(line))));
        Self { child, lines }
    }

    /// The next line with these words.
    fn hears(&self, words: &str) -> String {
        let (end, mut told) = (Instant::now() + PATIENCE, String::new());
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => told += &format!("{line}\n"),
                Err(why) => panic!("never said {words:?} ({why}):\n{told}"),
            }
        }
    }

    /// SIGTERM, as an administrator stops it.
    fn stop(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let code = self.child.wait().unwrap();
        assert!(code.success(), "{code}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Also when a check fails: no program is left behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The value of `find` as soon as there is one.
fn until<T>(what: &str, mut find: impl FnMut() -> Result<T, String>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        match find() {
            Ok(found) => return found,
            Err(seen) => assert!(Instant::now() < end, "{what}: {seen}"),
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Somebody at a city's hall.
struct Person(Visitor);

impl Person {
    fn at(city: &str, demo: &Value, key: &str) -> Self {
        let all = demo["sign_ins"].as_array().unwrap();
        let one = all.iter().find(|one| one["key"] == key).unwrap();
        let mut visitor = Visitor::at(city);
        visitor.sign_in(one["login"].as_str().unwrap(), one["password"].as_str().unwrap()).unwrap();
        Self(visitor)
    }

    fn reads(&mut self, path: &str) -> String {
        let page = self.0.get(path).unwrap();
        assert_eq!(page.status, 200, "{path}\n{}", html::words(&page.body));
        page.body
    }

    /// Begins the application; the registers are asked now. The address of the page with the former place.
    fn begins(&mut self) -> String {
        let start = format!("/items/{ITEM}/start");
        let page = self.reads(&start);
        let once = html::elements(&page).into_iter().find(|e| e.attribute("name") == Some("once"));
        let once = once.unwrap().attribute("value").unwrap().to_owned();
        let answer = self.0.post(&start, &[("once", &once)]).unwrap();
        assert_eq!(answer.status, 303, "{}", html::words(&answer.body));
        let draft = answer.header("location").split("/pages/").next().unwrap().to_owned();
        assert!(draft.starts_with("/my/drafts/"), "{draft}");
        format!("{draft}/pages/from")
    }

    /// The former place as the form shows it.
    fn form(&mut self, path: &str) -> Shown {
        let page = self.reads(path);
        let all = html::elements(&page);
        let of_place = |e: &Element| e.attribute("id").is_some_and(|id| id.ends_with("from-place-source"));
        let at = all.iter().position(of_place).unwrap_or_else(|| panic!("no source: {}", html::words(&page)));
        let text = |e: &Element| html::words(html::inner(&page, e));
        let is_fixed = all[at - 1].has_class("lines");
        Shown { fixed: is_fixed.then(|| text(&all[at - 1])), source: text(&all[at]) }
    }

    /// Looks in the own trail, newest first.
    fn trail(&mut self) -> Vec<String> {
        let page = self.reads("/my/trail");
        let is_look = |e: &Element| e.attribute("id").is_some_and(|id| id.starts_with("trl_"));
        let looks = html::elements(&page).into_iter().filter(is_look);
        looks.map(|look| html::words(html::inner(&page, &look))).collect()
    }
}

/// A value of the form: what a register says and nobody may type over, and the words about where it comes from.
#[derive(Debug)]
struct Shown {
    fixed: Option<String>,
    source: String,
}

impl Shown {
    #[track_caller]
    fn assert_filled(&self) {
        assert_eq!(self.fixed.as_deref(), Some(PLACE), "{self:?}");
        assert!(self.source.contains(OFFICE) && !self.source.contains(SILENT), "the source is told: {self:?}");
    }

    #[track_caller]
    fn assert_away(&self) {
        assert!(self.fixed.is_none() && self.source.contains(SILENT), "who is silent is told: {self:?}");
    }
}

/// The two cities: their addresses, and how people sign in.
struct Cities {
    data: PathBuf,
    first: String,
    second: String,
    demo: Value,
}

impl Cities {
    /// Makes both and serves them in one program.
    fn made_in(data: PathBuf) -> (Program, Self) {
        let folder = data.to_str().unwrap();
        let arguments = ["demo", "--two-cities", "--residents", "500", "--listen", "127.0.0.1:0", "--data", folder];
        let program = Program::start(&arguments);
        let second = program.hears("the second city: http://");
        let second = second.split_once("http://").unwrap().1.trim().to_owned();
        assert!(program.hears("fetched from the second city").contains(PLACE));
        let demo: Value = serde_json::from_slice(&std::fs::read(data.join("demo.json")).unwrap()).unwrap();
        let first = demo["address"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        (program, Self { data, first, second, demo })
    }

    /// One of them by itself, with the settings that the demo left; its doors are open.
    fn serve(&self, name: &str) -> Program {
        let settings = self.data.join(format!("federation/{name}.toml"));
        let city = Program::start(&["serve", "--config", settings.to_str().unwrap()]);
        city.hears("gateway for other gateways");
        city
    }

    fn here(&self, key: &str) -> Person {
        Person::at(&self.first, &self.demo, key)
    }

    fn there(&self, key: &str) -> Person {
        Person::at(&self.second, &self.demo, key)
    }
}

#[test]
fn a_fact_comes_across_and_a_city_that_is_away_is_said_and_found_again() {
    let folder = tempfile::Builder::new().prefix("tongban-cities-").tempdir().unwrap();
    let (both, cities) = Cities::made_in(folder.path().join("data"));
    let looks = cities.there("newcomer").trail().len();
    let mut here = cities.here("newcomer");
    let kept = here.begins();
    here.form(&kept).assert_filled();
    assert!(here.trail()[0].contains("异地基本医疗保险参保凭证"), "{:?}", here.trail());
    assert_seen(&cities.there("newcomer").trail(), looks + 1);
    both.stop();

    let _first = cities.serve("first");
    what_was_told_stays_and_silence_is_told(&cities, &kept);
    let second = cities.serve("second");
    it_is_found_by_itself(&cities);
    assert_seen(&cities.there("newcomer").trail(), looks + 2);
    second.stop();
    it_goes_and_comes_again(&cities);
}

/// The first city alone.
fn what_was_told_stays_and_silence_is_told(cities: &Cities, kept: &str) {
    let mut here = cities.here("newcomer");
    here.form(kept).assert_filled();
    let asked = here.begins();
    here.form(&asked).assert_away();
    assert_failing(&mut cities.here("administrator"));
}

/// Nobody does anything at the first city.
fn it_is_found_by_itself(cities: &Cities) {
    let mut here = cities.here("newcomer");
    let shown = until("the form is filled again", || {
        let asked = here.begins();
        let shown = here.form(&asked);
        if shown.fixed.is_some() { Ok(shown) } else { Err(shown.source) }
    });
    shown.assert_filled();
}

/// The second city went while a line to it was open. What it told is remembered for who was asked about alone.
fn it_goes_and_comes_again(cities: &Cities) {
    let (mut here, mut other) = (cities.here("newcomer"), cities.here("resident"));
    let asked = here.begins();
    here.form(&asked).assert_filled();
    let asked = other.begins();
    other.form(&asked).assert_away();
    let _second = cities.serve("second");
    let words = until("the other one is answered", || {
        let asked = other.begins();
        let words = html::words(&other.reads(&asked));
        // Nothing is held about this person: an answer, and no words about a silent office.
        if words.contains(SILENT) { Err(words) } else { Ok(words) }
    });
    assert!(!words.contains(PLACE), "not this person's: {words}");
}

/// The trail of the person in the city that was asked: so many looks, the newest by the other city's office.
fn assert_seen(trail: &[String], count: usize) {
    assert_eq!(trail.len(), count, "{trail:?}");
    for words in [OFFICE, "医保", "缴费", "《基本医疗保险关系转移接续暂行办法》"] {
        assert!(trail[0].contains(words), "{words}: {}", trail[0]);
    }
}

/// The administrator's page says which source fails, and why.
fn assert_failing(administrator: &mut Person) {
    let page = administrator.reads("/admin/exchange");
    let rows = html::elements(&page).into_iter().filter(|e| e.name == "tr");
    let rows: Vec<String> = rows.map(|row| html::words(html::inner(&page, &row))).collect();
    let row = rows.iter().find(|row| row.contains(RESOURCE)).unwrap_or_else(|| panic!("{rows:?}"));
    assert!(row.contains("失败") && row.contains("network_error"), "{row}");
}
