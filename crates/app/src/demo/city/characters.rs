//! The fixed people of the walkthroughs, as sign-ins and tests name them.

use super::City;
use super::officials::Official;

/// A fixed resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Character {
    /// What `characters.yaml` calls them.
    pub key: String,
    pub id_number: String,
    pub name: String,
    pub romanised: String,
    pub mobile: String,
}

/// A fixed firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firm {
    pub uscc: String,
    pub name: String,
}

/// Everybody whom a walkthrough needs, whatever the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters {
    /// 67 on 21 November 2026; registered elsewhere, living in Qingxi for 14 months: the senior card and the permit.
    pub senior: Character,
    /// 29; registered elsewhere, living and working in Wangchuan for 14 months: the permit.
    pub newcomer: Character,
    /// 34, registered in Qingxi: agent of the restaurant, too young for the senior card.
    pub agent: Character,
    /// Legal representative of the restaurant.
    pub representative: Character,
    /// Legal representative of the newcomer's employer.
    pub workshop_owner: Character,
    /// Applies for the food business licence.
    pub restaurant: Firm,
    /// The newcomer's employer.
    pub workshop: Firm,
    pub card_clerk: Official,
    pub permit_clerk: Official,
    pub permit_decider: Official,
    pub licence_reviewer: Official,
    pub licence_inspector: Official,
    pub licence_decider: Official,
    pub health_reviewer: Official,
    pub auditor: Official,
    pub administrator: Official,
}

impl City {
    pub fn characters(&self) -> Characters {
        Characters {
            senior: self.character("senior"),
            newcomer: self.character("newcomer"),
            agent: self.character("agent"),
            representative: self.character("representative"),
            workshop_owner: self.character("workshop-owner"),
            restaurant: self.firm("restaurant"),
            workshop: self.firm("workshop"),
            card_clerk: self.official("card-clerk"),
            permit_clerk: self.official("permit-clerk"),
            permit_decider: self.official("permit-decider"),
            licence_reviewer: self.official("licence-reviewer"),
            licence_inspector: self.official("licence-inspector"),
            licence_decider: self.official("licence-decider"),
            health_reviewer: self.official("health-reviewer"),
            auditor: self.official("auditor"),
            administrator: self.official("administrator"),
        }
    }

    fn character(&self, key: &str) -> Character {
        let fixed = self.cast.people.iter().find(|p| p.key == key).expect("stands in characters.yaml");
        Character {
            key: key.to_owned(),
            id_number: fixed.id.as_str().to_owned(),
            name: fixed.name.clone(),
            romanised: fixed.romanised.clone(),
            mobile: fixed.mobile.clone(),
        }
    }

    fn firm(&self, key: &str) -> Firm {
        let index = self.cast.company_keys.iter().position(|k| k == key).expect("stands in characters.yaml");
        let company = &self.companies[index];
        Firm { uscc: company.uscc.as_str().to_owned(), name: company.name.clone() }
    }

    fn official(&self, key: &str) -> Official {
        let row = self.cast.officials.iter().find(|o| o.key == key).expect("stands in characters.yaml");
        self.fixed_official(row)
    }
}
