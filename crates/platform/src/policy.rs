//! Who may do what: one table. Code elsewhere says only `ctx.allow(Action, &on)`.
//!
//! Invariant: a `Grant` is built here alone, so no transaction begins without an answer from this table.
mod action;

use std::fmt::Write;

use crate::error::{Error, Result};
pub use action::Action;
use action::Relation;

/// What a caller is at this moment. An official has a role in an office; a person may act for an enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Anonymous,
    Resident,
    Agent,
    Clerk,
    Reviewer,
    Decider,
    Auditor,
    Administrator,
    System,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::Anonymous,
        Self::Resident,
        Self::Agent,
        Self::Clerk,
        Self::Reviewer,
        Self::Decider,
        Self::Auditor,
        Self::Administrator,
        Self::System,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Resident => "resident",
            Self::Agent => "agent",
            Self::Clerk => "clerk",
            Self::Reviewer => "reviewer",
            Self::Decider => "decider",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::System => "system",
        }
    }

    /// A role of officials as documents and the database write it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The thing that something is done to: whose it is and with which office it lies.
#[derive(Debug, Clone, Copy, Default)]
pub struct On<'a> {
    pub owner: Option<&'a str>,
    pub offices: &'a [&'a str],
}

impl<'a> On<'a> {
    /// A thing that belongs to nobody in particular.
    pub const PUBLIC: On<'static> = On { owner: None, offices: &[] };

    #[must_use]
    pub fn owned_by(owner: &'a str) -> Self {
        Self { owner: Some(owner), offices: &[] }
    }

    #[must_use]
    pub fn at(offices: &'a [&'a str]) -> Self {
        Self { owner: None, offices }
    }
}

/// Who acts: kept small, as it is cloned into each grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub kind: ActorKind,
    /// `per_…`, `off_…`, a job's name; empty for the anonymous.
    pub id: String,
    pub name: String,
    /// What the registers know the person by (the resident ID number); empty for officials and jobs.
    pub subject: String,
    /// Roles of an official, each in an office.
    pub posts: Vec<Post>,
    /// The enterprise that the person acts for.
    pub acting_for: Option<Party>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    Anonymous,
    Person,
    Official,
    System,
}

impl ActorKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Person => "person",
            Self::Official => "official",
            Self::System => "system",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub role: Role,
    pub office: String,
}

/// A person or an enterprise that a case, a draft or a certificate can belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub id: String,
    pub name: String,
    /// The unified social credit code or the resident ID number.
    pub subject: String,
}

impl Actor {
    #[must_use]
    pub fn anonymous() -> Self {
        Self::plain(ActorKind::Anonymous, "", "")
    }

    /// A job or the program itself; `name` says which.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self::plain(ActorKind::System, name, name)
    }

    fn plain(kind: ActorKind, id: &str, name: &str) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            subject: String::new(),
            posts: Vec::new(),
            acting_for: None,
        }
    }

    /// For whom: the enterprise acted for, else the person.
    #[must_use]
    pub fn party(&self) -> Party {
        self.acting_for.clone().unwrap_or_else(|| Party {
            id: self.id.clone(),
            name: self.name.clone(),
            subject: self.subject.clone(),
        })
    }

    fn owner_id(&self) -> &str {
        self.acting_for.as_ref().map_or(&self.id, |party| &party.id)
    }

    /// The roles held now, for the gate at a route.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        match self.kind {
            ActorKind::Anonymous => vec![Role::Anonymous],
            ActorKind::System => vec![Role::System],
            ActorKind::Person if self.acting_for.is_some() => vec![Role::Agent],
            ActorKind::Person => vec![Role::Resident],
            ActorKind::Official => self.posts.iter().map(|post| post.role).collect(),
        }
    }

    #[must_use]
    pub fn offices(&self) -> Vec<&str> {
        let mut offices: Vec<&str> = self.posts.iter().map(|post| post.office.as_str()).collect();
        offices.sort_unstable();
        offices.dedup();
        offices
    }
}

/// Leave to do one thing, given by this table. Carried into the transaction and into the audit entry.
#[derive(Debug, Clone)]
pub struct Grant {
    pub(crate) action: &'static str,
    pub(crate) actor_kind: ActorKind,
    pub(crate) actor: String,
    pub(crate) on_behalf: Option<String>,
    pub(crate) office: Option<String>,
}

impl Grant {
    /// The platform's own book-keeping.
    pub(crate) fn platform() -> Self {
        let actor = String::from("platform");
        Self { action: "platform.keep", actor_kind: ActorKind::System, actor, on_behalf: None, office: None }
    }

    /// The office whose role carried the decision; None for residents and jobs.
    #[must_use]
    pub fn office(&self) -> Option<&str> {
        self.office.as_deref()
    }
}

/// The answer of the table. `Denied` says what to do next.
pub fn allow(actor: &Actor, action: Action, on: &On<'_>) -> Result<Grant> {
    let found = action.rules().iter().find_map(|(relation, roles)| fits(actor, *relation, roles, on));
    match found {
        Some(office) => Ok(Grant {
            action: action.name(),
            actor_kind: actor.kind,
            actor: actor.id.clone(),
            on_behalf: actor.acting_for.as_ref().map(|party| party.id.clone()),
            office,
        }),
        None if actor.kind == ActorKind::Anonymous => Err(Error::Denied("error-denied-sign-in")),
        None => Err(Error::Denied("error-denied-role")),
    }
}

/// `Some(office)` when one of the actor's roles stands in the relation to the thing.
fn fits(actor: &Actor, relation: Relation, roles: &[Role], on: &On<'_>) -> Option<Option<String>> {
    let held = actor.roles();
    match relation {
        Relation::Any => held.iter().any(|role| roles.contains(role)).then_some(None),
        Relation::Own => {
            let owns = on.owner == Some(actor.owner_id());
            (owns && held.iter().any(|role| roles.contains(role))).then_some(None)
        }
        Relation::Office => actor
            .posts
            .iter()
            .find(|post| roles.contains(&post.role) && on.offices.contains(&post.office.as_str()))
            .map(|post| Some(post.office.clone())),
    }
}

/// The role × action matrix as people read it: `·` never, `any`, `own`, `office`.
#[must_use]
pub fn matrix() -> String {
    let mut out = format!("{:<20}", "action");
    Role::ALL.iter().for_each(|role| write!(out, "{:<14}", role.name()).expect("writing to a String cannot fail"));
    for action in Action::ALL {
        write!(out, "\n{:<20}", action.name()).expect("writing to a String cannot fail");
        for role in Role::ALL {
            let cell = action.rules().iter().find(|(_, roles)| roles.contains(&role)).map_or("·", |(r, _)| match r {
                Relation::Any => "any",
                Relation::Own => "own",
                Relation::Office => "office",
            });
            write!(out, "{cell:<14}").expect("writing to a String cannot fail");
        }
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
