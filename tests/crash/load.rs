//! Applicants who send as fast as the server answers, until it answers no more.
use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use app::demo::sign_ins::PASSWORD;
use tests::wire::{Answer, Visitor};

use crate::server::Server;

const LOGINS: [&str; 6] = ["su.yunling", "he.anlan", "lu.yuanxing", "su.yunling", "he.anlan", "su.yunling"];

/// What the applicants know when the server is gone.
#[derive(Default)]
pub struct Outcome {
    pub requests: u64,
    /// Draft → case.
    pub acknowledged: BTreeMap<String, String>,
    of: Vec<Sent>,
}

/// A submission that was sent: by whom, which draft, and the case if an answer came.
#[derive(Clone)]
struct Sent {
    login: &'static str,
    draft: String,
    case: Option<String>,
}

impl Outcome {
    pub fn sent(&self) -> impl Iterator<Item = (&'static str, &str, Option<&str>)> {
        self.of.iter().map(|sent| (sent.login, sent.draft.as_str(), sent.case.as_deref()))
    }
}

/// Runs the load and kills the server at the given request.
pub fn run(server: Server, kill_at: u64) -> Outcome {
    let (tell, moments) = channel::<()>();
    let address = server.address.clone();
    let start = |login| {
        let (address, tell) = (address.clone(), tell.clone());
        thread::spawn(move || Applicant::new(&address, login, tell).run())
    };
    let applicants: Vec<_> = LOGINS.into_iter().map(start).collect();
    drop(tell);
    let mut requests = 0;
    while requests < kill_at && moments.recv().is_ok() {
        requests += 1;
    }
    assert_eq!(requests, kill_at, "the applicants gave up before the kill");
    server.kill();
    let of: Vec<Sent> = applicants.into_iter().flat_map(|applicant| applicant.join().unwrap()).collect();
    let pair = |sent: &Sent| sent.case.clone().map(|case| (sent.draft.clone(), case));
    Outcome { requests, acknowledged: of.iter().filter_map(pair).collect(), of }
}

struct Applicant {
    visitor: Visitor,
    login: &'static str,
    tell: Sender<()>,
    sent: Vec<Sent>,
}

impl Applicant {
    fn new(address: &str, login: &'static str, tell: Sender<()>) -> Self {
        Self { visitor: Visitor::at(address), login, tell, sent: Vec::new() }
    }

    /// Ends when the server does not answer any more.
    fn run(mut self) -> Vec<Sent> {
        if self.visitor.sign_in(self.login, PASSWORD).is_ok() {
            while self.apply().is_ok() {}
        }
        self.sent
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        // After the kill nobody listens any more.
        self.tell.send(()).ok();
        let answer = self.visitor.post(path, fields)?;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        Ok(answer)
    }

    fn apply(&mut self) -> io::Result<()> {
        let start = self.visitor.get("/items/senior-card/start")?;
        let once = start.body.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let once = once.expect("the form carries its key").to_owned();
        let begun = self.post("/items/senior-card/start", &[("once", &once)])?;
        let draft = begun.header("location").split('/').nth(3).unwrap().to_owned();
        let page = |key: &str| format!("/my/drafts/{draft}/pages/{key}");
        self.post(&page("emergency"), &[("has-emergency-contact", "no")])?;
        self.post(&page("declaration"), &[("declaration", "yes")])?;
        self.sent.push(Sent { login: self.login, draft: draft.clone(), case: None });
        let receipt = self.post(&format!("/my/drafts/{draft}/submit"), &[])?;
        let case = receipt.header("location").split('/').nth(3).unwrap().to_owned();
        if let Some(sent) = self.sent.last_mut() {
            sent.case = Some(case);
        }
        Ok(())
    }
}
