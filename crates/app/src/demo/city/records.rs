//! The registers' records: one JSON text for each subject and resource, made one at a time.

use serde::Serialize;
use time::Date;

use super::City;

/// One record as a register gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Key of the catalogue entry (`packs/demo/registers/<key>.yaml`).
    pub resource: &'static str,
    /// Resident ID number (18) or credit code (18).
    pub subject: String,
    /// Day of which the data speaks.
    pub as_of: Date,
    /// A JSON object with the fields of the catalogue entry; fields that are not required may be missing.
    pub data: String,
}

/// The resources, in the order in which [`City::records`] gives them.
pub const RESOURCES: [&str; 9] = [
    "population",
    "residence",
    "social-insurance",
    "disability",
    "education",
    "real-estate",
    "enterprise",
    "food-staff",
    "credit",
];

impl City {
    /// Every record of every register, one resource after another in the order of [`RESOURCES`]; each subject has at
    /// most one record a resource. Nothing is kept: 100,000 residents make about 360,000 records.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        RESOURCES.into_iter().flat_map(|resource| self.records_of(resource))
    }

    /// The records of one register; none for an unknown key.
    pub fn records_of(&self, resource: &'static str) -> Box<dyn Iterator<Item = Record> + '_> {
        type OfPerson = fn(&City, usize) -> Option<(Date, String)>;
        let of_person: OfPerson = match resource {
            "population" => City::population,
            "residence" => City::residence,
            "social-insurance" => City::social_insurance,
            "disability" => City::disability_certificate,
            "education" => City::education,
            "real-estate" => City::real_estate,
            "food-staff" => City::food_staff,
            "enterprise" => return Box::new(self.enterprise_records()),
            "credit" => return Box::new(self.credit_records()),
            _ => return Box::new(std::iter::empty()),
        };
        Box::new((0..self.persons.len()).filter_map(move |index| {
            let (as_of, data) = of_person(self, index)?;
            Some(Record { resource, subject: self.id(index).to_owned(), as_of, data })
        }))
    }
}

/// Our own structs of text and numbers have no key or value that JSON cannot hold.
pub(super) fn text(record: &impl Serialize) -> String {
    serde_json::to_string(record).expect("plain fields")
}
