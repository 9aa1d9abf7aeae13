//! Who may do what: one table. Code elsewhere says only `ctx.allow(Action, &on)`.
//!
//! Invariant: a `Grant` is built here alone, so no transaction begins without an answer from this table.
use std::fmt::Write;

use crate::error::{Error, Result};

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

/// How the caller must stand to the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// Any thing at all.
    Any,
    /// It belongs to the person or to the enterprise that the person acts for.
    Own,
    /// It lies with the office in which the official has the role.
    Office,
}

/// Everything that can be done. The name stands in the audit log and in the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    HallRead,
    SessionBegin,
    SessionEnd,
    AccountRead,
    DraftRead,
    DraftWrite,
    FileWrite,
    FileRead,
    CaseSubmit,
    CaseRead,
    CaseSupplement,
    CaseWithdraw,
    InboxRead,
    CaseAccept,
    CaseAsk,
    CaseReview,
    CaseDecide,
    CaseDecideByRule,
    FactFetch,
    TrailRead,
    TrailQuestion,
    TrailAnswer,
    TrailHide,
    TrailShow,
    GrantRead,
    GrantAsk,
    GrantDecide,
    GrantKeep,
    CertificateVerify,
    CertificateRead,
    CertificateIssue,
    CertificateRevoke,
    NoticeRead,
    CatalogueRead,
    CatalogueDesk,
    CatalogueSubmit,
    CatalogueApprove,
    CorrectionAsk,
    CorrectionAnswer,
    RegistryImport,
    PackLoad,
    JobsRead,
    JobsRetry,
    LogRead,
    AuditRead,
    MessageLog,
    MessageRead,
}

impl Action {
    pub const ALL: [Self; 47] = [
        Self::HallRead,
        Self::SessionBegin,
        Self::SessionEnd,
        Self::AccountRead,
        Self::DraftRead,
        Self::DraftWrite,
        Self::FileWrite,
        Self::FileRead,
        Self::CaseSubmit,
        Self::CaseRead,
        Self::CaseSupplement,
        Self::CaseWithdraw,
        Self::InboxRead,
        Self::CaseAccept,
        Self::CaseAsk,
        Self::CaseReview,
        Self::CaseDecide,
        Self::CaseDecideByRule,
        Self::FactFetch,
        Self::TrailRead,
        Self::TrailQuestion,
        Self::TrailAnswer,
        Self::TrailHide,
        Self::TrailShow,
        Self::GrantRead,
        Self::GrantAsk,
        Self::GrantDecide,
        Self::GrantKeep,
        Self::CertificateVerify,
        Self::CertificateRead,
        Self::CertificateIssue,
        Self::CertificateRevoke,
        Self::NoticeRead,
        Self::CatalogueRead,
        Self::CatalogueDesk,
        Self::CatalogueSubmit,
        Self::CatalogueApprove,
        Self::CorrectionAsk,
        Self::CorrectionAnswer,
        Self::RegistryImport,
        Self::PackLoad,
        Self::JobsRead,
        Self::JobsRetry,
        Self::LogRead,
        Self::AuditRead,
        Self::MessageLog,
        Self::MessageRead,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HallRead => "hall.read",
            Self::SessionBegin => "session.begin",
            Self::SessionEnd => "session.end",
            Self::AccountRead => "account.read",
            Self::DraftRead => "draft.read",
            Self::DraftWrite => "draft.write",
            Self::FileWrite => "file.write",
            Self::FileRead => "file.read",
            Self::CaseSubmit => "case.submit",
            Self::CaseRead => "case.read",
            Self::CaseSupplement => "case.supplement",
            Self::CaseWithdraw => "case.withdraw",
            Self::InboxRead => "inbox.read",
            Self::CaseAccept => "case.accept",
            Self::CaseAsk => "case.ask",
            Self::CaseReview => "case.review",
            Self::CaseDecide => "case.decide",
            Self::CaseDecideByRule => "case.decide-by-rule",
            Self::FactFetch => "fact.fetch",
            Self::TrailRead => "trail.read",
            Self::TrailQuestion => "trail.question",
            Self::TrailAnswer => "trail.answer",
            Self::TrailHide => "trail.hide",
            Self::TrailShow => "trail.show",
            Self::GrantRead => "grant.read",
            Self::GrantAsk => "grant.ask",
            Self::GrantDecide => "grant.decide",
            Self::GrantKeep => "grant.keep",
            Self::CertificateVerify => "certificate.verify",
            Self::CertificateRead => "certificate.read",
            Self::CertificateIssue => "certificate.issue",
            Self::CertificateRevoke => "certificate.revoke",
            Self::NoticeRead => "notice.read",
            Self::CatalogueRead => "catalogue.read",
            Self::CatalogueDesk => "catalogue.desk",
            Self::CatalogueSubmit => "catalogue.submit",
            Self::CatalogueApprove => "catalogue.approve",
            Self::CorrectionAsk => "correction.ask",
            Self::CorrectionAnswer => "correction.answer",
            Self::RegistryImport => "registry.import",
            Self::PackLoad => "pack.load",
            Self::JobsRead => "jobs.read",
            Self::JobsRetry => "jobs.retry",
            Self::LogRead => "log.read",
            Self::AuditRead => "audit.read",
            Self::MessageLog => "message.log",
            Self::MessageRead => "message.read",
        }
    }

    /// Who may, and how they must stand to the thing. Roles not named may not.
    #[rustfmt::skip]
    fn rules(self) -> &'static [(Relation, &'static [Role])] {
        use Relation::{Any, Office, Own};
        use Role::{Administrator, Agent, Auditor, Clerk, Decider, Resident, Reviewer, System};
        match self {
            Self::HallRead | Self::CertificateVerify | Self::CatalogueRead | Self::LogRead | Self::SessionBegin =>
                &[(Any, &Role::ALL)],
            Self::SessionEnd | Self::AccountRead | Self::NoticeRead =>
                &[(Own, &[Resident, Agent, Clerk, Reviewer, Decider, Auditor, Administrator])],
            Self::DraftRead | Self::DraftWrite | Self::FileWrite | Self::CaseSubmit | Self::CaseSupplement
            | Self::CaseWithdraw =>
                &[(Own, &[Resident, Agent])],
            Self::CaseRead | Self::FileRead | Self::CertificateRead =>
                &[(Own, &[Resident, Agent]), (Office, &[Clerk, Reviewer, Decider]), (Any, &[System])],
            Self::InboxRead | Self::TrailAnswer => &[(Office, &[Clerk, Reviewer, Decider])],
            Self::CaseAccept => &[(Office, &[Clerk])],
            Self::CaseAsk => &[(Office, &[Clerk, Reviewer])],
            Self::CaseReview => &[(Office, &[Reviewer])],
            Self::CaseDecide | Self::CertificateRevoke => &[(Office, &[Decider])],
            Self::CaseDecideByRule => &[(Any, &[System])],
            Self::CertificateIssue => &[(Office, &[Decider]), (Any, &[System])],
            Self::FactFetch =>
                &[(Own, &[Resident, Agent]), (Office, &[Clerk, Reviewer, Decider]), (Any, &[System])],
            // Personal trails are the person's own matter: an enterprise's agent sees the enterprise's.
            Self::TrailRead | Self::TrailQuestion => &[(Own, &[Resident, Agent])],
            // A look that the law hides for a time: whoever decides in the office answers for it.
            Self::TrailHide => &[(Office, &[Decider]), (Any, &[System])],
            // To an information system that shows it to the subject, by a right of its own.
            Self::TrailShow => &[(Any, &[System])],
            // An administrator sees all requests and grants, and decides none.
            Self::GrantRead => &[(Office, &[Clerk, Reviewer, Decider]), (Any, &[Administrator, System])],
            Self::GrantAsk => &[(Office, &[Clerk, Decider])],
            Self::GrantDecide => &[(Office, &[Decider])],
            Self::GrantKeep => &[(Any, &[System])],
            Self::CatalogueDesk => &[(Office, &[Clerk, Reviewer, Decider, Administrator])],
            Self::CatalogueSubmit | Self::CorrectionAnswer => &[(Office, &[Clerk, Reviewer, Decider])],
            // On the data office, which keeps the catalogue.
            Self::CatalogueApprove => &[(Office, &[Decider, Administrator])],
            Self::CorrectionAsk => &[(Own, &[Resident, Agent]), (Office, &[Clerk, Reviewer, Decider])],
            Self::RegistryImport | Self::PackLoad | Self::MessageLog => &[(Any, &[System])],
            Self::MessageRead => &[(Any, &[Auditor, System])],
            Self::JobsRead | Self::JobsRetry => &[(Any, &[Administrator, System])],
            Self::AuditRead => &[(Any, &[Auditor])],
        }
    }

    /// Whether the role could ever do this: the first gate at a route.
    #[must_use]
    pub fn open_to(self, role: Role) -> bool {
        self.rules().iter().any(|(_, roles)| roles.contains(&role))
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
