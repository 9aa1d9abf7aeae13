//! The vocabulary of names, addresses and firms, read from `words.yaml`.

use serde::Deserialize;

use super::chance::Lottery;

#[derive(Deserialize)]
pub(super) struct Words {
    pub surnames: Vec<Surname>,
    pub given: Vec<Cohort>,
    pub officials: Vec<(String, String)>,
    pub roads: Vec<String>,
    pub brands: [Vec<String>; 2],
    pub sectors: Vec<Sector>,
    pub forms: Forms,
    pub kinds: Kinds,
    pub schools: Schools,
    pub dwelling: Dwelling,
    pub title: Title,
    pub listed: Vec<String>,
    pub origins: Vec<String>,
    #[serde(skip)]
    pub surname_lottery: Lottery,
}

/// Name, spelling for sign-in names, weight.
#[derive(Deserialize)]
pub(super) struct Surname(pub String, pub String, pub u32);

/// Characters of given names of those born from a year on.
#[derive(Deserialize)]
pub(super) struct Cohort {
    pub from: i32,
    pub single: u32,
    pub male: Vec<String>,
    pub female: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Sector {
    pub key: String,
    pub industry: String,
    pub scope: String,
    pub company: String,
    pub traders: Vec<String>,
    pub food: bool,
    pub weight: u32,
    pub capital: [i32; 2],
}

#[derive(Deserialize)]
pub(super) struct Forms {
    pub company: String,
    pub cooperative: String,
}

#[derive(Deserialize)]
pub(super) struct Kinds {
    pub company: String,
    pub sole: String,
    pub trader: String,
    pub cooperative: String,
}

#[derive(Deserialize)]
pub(super) struct Schools {
    pub primary: Vec<String>,
    pub junior: Vec<String>,
    pub senior: Vec<String>,
    pub vocational: Vec<String>,
    pub associate: Vec<String>,
    pub bachelor: Vec<String>,
    pub master: Vec<String>,
    pub doctor: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Dwelling {
    pub number: String,
    pub building: String,
    pub room: String,
    pub group: String,
}

#[derive(Deserialize)]
pub(super) struct Title {
    pub province: String,
    pub middle: String,
    pub end: String,
}

impl Words {
    pub(super) fn read() -> Result<Self, String> {
        let mut words: Self =
            serde_norway::from_str(include_str!("words.yaml")).map_err(|e| format!("words.yaml: {e}"))?;
        words.surname_lottery = Lottery::new(words.surnames.iter().map(|s| s.2));
        Ok(words)
    }

    /// The cohort of a year of birth.
    pub(super) fn cohort(&self, year: i32) -> usize {
        self.given.iter().rposition(|c| c.from <= year).unwrap_or(0)
    }
}
