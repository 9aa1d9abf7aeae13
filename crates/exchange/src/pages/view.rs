//! A look and a question in the words of the reader's language.
use platform::clock::DAY;
use platform::page::Shell;
use platform::policy::ActorKind;
use platform::{Ctx, ids};

use super::labels::Labels;
use crate::Exchange;
use crate::model::look::{Hid, Look, Seen, basis_in};
use crate::model::question::Asked;

/// Fields of one resource; none when a page or file of the program was seen as a whole.
pub struct PartView {
    pub resource: String,
    pub fields: String,
    pub source: String,
}

pub struct LookView {
    pub id: String,
    pub who: String,
    pub when: String,
    pub datetime: String,
    pub parts: Vec<PartView>,
    pub purpose: String,
    /// Where the subject reads the case; empty when the look was for none of the hall, or for an office.
    pub case: String,
    /// Number of a case that another system keeps; for an office that of the hall too, which the page puts in.
    pub number: String,
    pub basis: String,
    /// Until when the law hid it, and on which provision; empty: it was shown from the beginning.
    pub hidden: String,
    pub own: bool,
    pub question_href: String,
    pub asked: Option<AskedView>,
}

pub struct AskedView {
    pub id: String,
    pub office: String,
    pub words: String,
    pub asked: String,
    pub due: String,
    pub late: bool,
    pub answer: Option<AnswerView>,
}

pub struct AnswerView {
    pub words: String,
    pub by: String,
    pub when: String,
    pub datetime: String,
}

/// Whether it is the identifier of a case of the hall, not a number that another system gave.
fn in_hall(case: &str) -> bool {
    ids::has_shape("case", case)
}

/// The user of another system, as it names them. A personal number is an official's own: its end tells two apart.
fn user(named: &str) -> String {
    let digits = named.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 15 { platform::mask::tail(named) } else { named.to_owned() }
}

/// Turns looks and questions into views.
pub struct Viewer<'a> {
    pub exchange: &'a Exchange,
    pub ctx: &'a Ctx,
    pub s: &'a Shell,
}

impl Viewer<'_> {
    pub fn look(&self, seen: &Seen) -> LookView {
        let look = &seen.look;
        let parts = self.exchange.parts();
        // The page of the case is the subject's own; an office has the case in its inbox.
        let by_subject = self.ctx.actor.kind == ActorKind::Person;
        LookView {
            id: look.id.clone(),
            who: self.who(look),
            when: self.s.moment(&look.at),
            datetime: self.s.datetime(&look.at),
            parts: look.fields.iter().map(|(resource, fields)| self.part(look, resource, fields)).collect(),
            purpose: self.purpose(look),
            case: look
                .case
                .as_deref()
                .filter(|case| by_subject && in_hall(case))
                .map(parts.cases.href)
                .unwrap_or_default(),
            number: look.case.clone().filter(|case| !in_hall(case)).unwrap_or_default(),
            basis: basis_in(self.ctx.lang(), &look.basis),
            hidden: seen.hidden.as_ref().map_or_else(String::new, |hid| self.hidden(look, hid)),
            own: look.is_own(),
            question_href: format!("/my/trail/{}/question", look.id),
            asked: seen.question.as_ref().map(|asked| self.asked(asked)),
        }
    }

    /// Nothing stays hidden beyond the limit, whatever was written.
    fn hidden(&self, look: &Look, hid: &Hid) -> String {
        let longest = self.exchange.platform().config().exchange.hidden_longest_days;
        let until = hid.until.min(look.at.plus(DAY * i64::from(longest)));
        let until = self.s.moment(&until);
        self.ctx.tf("exchange-look-hidden", &[("until", &until), ("basis", &basis_in(self.ctx.lang(), &hid.basis))])
    }

    fn labels(&self) -> Labels<'_> {
        Labels { exchange: self.exchange, ctx: self.ctx, s: self.s }
    }

    fn who(&self, look: &Look) -> String {
        let office = self.labels().office(look.answering());
        let args = [("office", office.as_str()), ("name", look.actor_name.as_str())];
        match look.actor_kind.as_str() {
            "person" if look.actor == self.ctx.actor.id => self.ctx.t("exchange-who-you").to_owned(),
            "person" => self.ctx.tf("exchange-who-agent", &args[1..]),
            "official" => self.ctx.tf("exchange-who-official", &args),
            _ if !look.actor.contains('/') => self.ctx.tf("exchange-who-system", &args[..1]),
            // An information system at the gateway; who sat before it, when it said so.
            _ if look.actor_name == look.actor => self.ctx.tf("exchange-who-outside", &args[..1]),
            _ => {
                let user = user(&look.actor_name);
                self.ctx.tf("exchange-who-outside-user", &[args[0], ("user", user.as_str())])
            }
        }
    }

    fn part(&self, look: &Look, resource: &str, fields: &[String]) -> PartView {
        let entry = self.exchange.registry().catalogue().get(resource);
        // A field that the catalogue no longer has is shown by its key: the look stays visible.
        let label = |key: &String| {
            let field = entry.and_then(|entry| entry.field(key));
            field.map_or_else(|| self.told(key), |field| self.ctx.text(&field.name).to_owned())
        };
        let comma = self.ctx.tf("exchange-comma", &[]);
        let what = format!("exchange-what-{resource}"); // keys: exchange-what-*
        PartView {
            resource: match entry {
                Some(entry) => self.ctx.text(&entry.name).to_owned(),
                None if self.ctx.platform().texts().has(&what) => self.ctx.t(&what).to_owned(),
                None => resource.to_owned(),
            },
            fields: fields.iter().map(label).collect::<Vec<_>>().join(&comma),
            source: look.source.get(resource).map_or_else(String::new, |key| self.labels().source(key)),
        }
    }

    /// That something happened, which an event told.
    fn told(&self, key: &str) -> String {
        let words = format!("exchange-told-{}", key.replace('.', "-")); // keys: exchange-told-*
        if self.ctx.platform().texts().has(&words) { self.ctx.t(&words).to_owned() } else { key.to_owned() }
    }

    /// The item's name, else what the purpose is called.
    fn purpose(&self, look: &Look) -> String {
        let item = look.item.as_deref().and_then(|item| self.exchange.parts().items.find(item));
        item.map_or_else(|| self.labels().purpose(&look.purpose), |name| self.ctx.text(&name).to_owned())
    }

    pub fn asked(&self, asked: &Asked) -> AskedView {
        AskedView {
            id: asked.id.clone(),
            office: self.labels().office(&asked.office),
            words: asked.words.clone(),
            asked: self.s.moment(&asked.asked_at),
            due: self.s.day(&asked.due),
            late: asked.is_late(self.ctx.today()),
            answer: asked.answer.as_ref().map(|answer| AnswerView {
                words: answer.words.clone(),
                by: answer.name.clone(),
                when: self.s.moment(&answer.at),
                datetime: self.s.datetime(&answer.at),
            }),
        }
    }
}
