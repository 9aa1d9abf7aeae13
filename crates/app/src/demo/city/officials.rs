//! The officials: the fixed ones, then the departments' and the counties' branches' by role.

use std::collections::HashSet;

use super::City;
use super::cast::OfficialRow;
use super::chance::{Chance, Purpose};
use super::places::Office;

/// Somebody who works for an organisation, with one role in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Official {
    /// `surname.given.sign-of-the-office`, as in `wang.min.ms`; unique.
    pub login: String,
    pub name: String,
    /// Key of the organisation.
    pub org: String,
    /// Keys of the branches where the official holds the same post.
    pub branches: Vec<String>,
    /// clerk, reviewer, decider, auditor or administrator, as the policy table names them.
    pub role: String,
    /// Six digits: the city or the county that the organisation serves.
    pub division: String,
}

/// Roles in the order in which posts are filled: first every city department, then every branch.
const CITY_ROLES: [&str; 4] = ["clerk", "decider", "reviewer", "clerk"];
const COUNTY_ROLES: [&str; 3] = ["clerk", "decider", "reviewer"];

impl City {
    /// As many as configured, never fewer than the fixed ones, which come first. Small cities fill the city's posts
    /// before the counties'; beyond all posts there are more clerks.
    pub fn officials(&self) -> Vec<Official> {
        let mut officials: Vec<Official> = self.cast.officials.iter().map(|row| self.fixed_official(row)).collect();
        let mut logins: HashSet<String> = officials.iter().map(|o| o.login.clone()).collect();
        let posts = self.posts();
        let count = self.config.officials as usize;
        for (index, (office, role)) in posts.iter().chain(self.more_clerks().iter().cycle()).enumerate() {
            if officials.len() >= count {
                break;
            }
            let official = self.appoint(index as u64, office, role, &mut logins);
            officials.push(official);
        }
        officials
    }

    pub(super) fn fixed_official(&self, row: &OfficialRow) -> Official {
        Official {
            login: row.login.clone(),
            name: row.name.clone(),
            org: row.org.clone(),
            branches: row.counties.iter().map(|county| format!("{}@{county}", row.org)).collect(),
            role: row.role.clone(),
            division: self.division_of(&row.org),
        }
    }

    fn posts(&self) -> Vec<(&Office, &'static str)> {
        let departments = self.places.offices.iter().filter(|o| o.is_department);
        let (city, branches): (Vec<_>, Vec<_>) = departments.partition(|o| !o.key.contains('@'));
        let city = CITY_ROLES.iter().flat_map(|role| city.iter().map(|office| (*office, *role)));
        let branches = COUNTY_ROLES.iter().flat_map(|role| branches.iter().map(|office| (*office, *role)));
        city.chain(branches).collect()
    }

    fn more_clerks(&self) -> Vec<(&Office, &'static str)> {
        self.places.offices.iter().map(|office| (office, "clerk")).collect()
    }

    fn appoint(&self, index: u64, office: &Office, role: &str, logins: &mut HashSet<String>) -> Official {
        let mut chance = Chance::new(self.config.seed, Purpose::Official, index);
        let surname = self.words.surname_lottery.draw(&mut chance).unwrap_or(0);
        let surname = &self.words.surnames[surname];
        let given = chance.pick(&self.words.officials);
        let stem = format!("{}.{}", surname.1, given.1);
        let mut login = format!("{stem}.{}", office.sign);
        let mut more = 2;
        while !logins.insert(login.clone()) {
            login = format!("{stem}{more}.{}", office.sign);
            more += 1;
        }
        Official {
            login,
            name: format!("{}{}", surname.0, given.0),
            org: office.key.clone(),
            branches: Vec::new(),
            role: role.to_owned(),
            division: office.division.clone(),
        }
    }

    fn division_of(&self, org: &str) -> String {
        self.places.office(org).map(|index| self.places.offices[index].division.clone()).unwrap_or_default()
    }
}
