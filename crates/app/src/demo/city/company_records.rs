//! The records about firms, and the list of the seriously dishonest.

use serde::Serialize;

use super::City;
use super::chance::{Chance, Purpose};
use super::model::{Company, Form, days_before, iso};
use super::records::{Record, text};

#[derive(Serialize)]
struct Enterprise<'a> {
    uscc: &'a str,
    name: &'a str,
    kind: &'a str,
    legal_representative: &'a str,
    legal_representative_id: &'a str,
    address: &'a str,
    division: &'a str,
    registered_capital_fen: i64,
    established_on: String,
    status: &'static str,
    industry: &'a str,
    business_scope: &'a str,
}

#[derive(Serialize)]
struct Credit<'a> {
    listed: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl City {
    pub(super) fn enterprise_records(&self) -> impl Iterator<Item = Record> + '_ {
        self.companies.iter().enumerate().map(|(index, company)| {
            let mut chance = Chance::new(self.config.seed, Purpose::AsOf, 1 << 40 | index as u64);
            let as_of = days_before(self.config.today, chance.below(500)).max(company.established);
            let data = self.enterprise(company);
            Record { resource: "enterprise", subject: company.uscc.as_str().to_owned(), as_of, data }
        })
    }

    fn enterprise(&self, company: &Company) -> String {
        let representative = company.representative as usize;
        let sector = &self.words.sectors[company.sector as usize];
        let kinds = &self.words.kinds;
        text(&Enterprise {
            uscc: company.uscc.as_str(),
            name: &company.name,
            kind: match company.form {
                Form::Company => &kinds.company,
                Form::Sole => &kinds.sole,
                Form::Trader => &kinds.trader,
                Form::Cooperative => &kinds.cooperative,
            },
            legal_representative: &self.name(representative),
            legal_representative_id: self.id(representative),
            address: &company.address,
            division: &self.places.communities[company.community as usize].code,
            registered_capital_fen: company.capital_fen,
            established_on: iso(company.established),
            status: company.standing.key(),
            industry: &sector.industry,
            business_scope: &sector.scope,
        })
    }

    /// One record for each firm, then one for each representative: `listed` 0 says that somebody looked.
    pub(super) fn credit_records(&self) -> impl Iterator<Item = Record> + '_ {
        let firms = self.companies.iter().enumerate();
        let firms = firms.map(|(index, company)| self.credit(company.uscc.as_str(), self.listed(index)));
        let representatives = self.persons.iter().enumerate().filter(|(_, person)| person.represents);
        firms.chain(representatives.map(|(index, _)| self.credit(self.id(index), self.listed_person(index))))
    }

    fn credit(&self, subject: &str, reason: Option<&str>) -> Record {
        let data = text(&Credit { listed: u8::from(reason.is_some()), reason });
        Record { resource: "credit", subject: subject.to_owned(), as_of: self.config.today, data }
    }

    /// The reason for which a firm is listed: 12 of 1000 are.
    fn listed(&self, company: usize) -> Option<&str> {
        let is_drawn = company >= self.cast.company_keys.len();
        is_drawn.then(|| self.drawn_reason(company as u64, 12)).flatten()
    }

    fn listed_person(&self, person: usize) -> Option<&str> {
        let is_drawn = self.fixed(person).is_none();
        is_drawn.then(|| self.drawn_reason(1 << 40 | person as u64, 4)).flatten()
    }

    fn drawn_reason(&self, stream: u64, per_mille: u32) -> Option<&str> {
        let mut chance = Chance::new(self.config.seed, Purpose::Credit, stream);
        chance.per_mille(per_mille).then(|| chance.pick(&self.words.listed).as_str())
    }
}
