//! The table: everything that can be done, and who may, in which relation to the thing.
use super::Role;

/// How the caller must stand to the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
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
    OperationRead,
    EventRead,
    EventCall,
    EventDesk,
    EventAsk,
    EventDecide,
    EventResend,
    EventKeep,
}

impl Action {
    pub const ALL: [Self; 55] = [
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
        Self::OperationRead,
        Self::EventRead,
        Self::EventCall,
        Self::EventDesk,
        Self::EventAsk,
        Self::EventDecide,
        Self::EventResend,
        Self::EventKeep,
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
            Self::OperationRead => "operation.read",
            Self::EventRead => "event.read",
            Self::EventCall => "event.call",
            Self::EventDesk => "event.desk",
            Self::EventAsk => "event.ask",
            Self::EventDecide => "event.decide",
            Self::EventResend => "event.resend",
            Self::EventKeep => "event.keep",
        }
    }

    /// Who may, and how they must stand to the thing. Roles not named may not.
    #[rustfmt::skip]
    pub(super) fn rules(self) -> &'static [(Relation, &'static [Role])] {
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
            Self::OperationRead => &[(Any, &[Administrator, Auditor])],
            Self::JobsRead | Self::JobsRetry => &[(Any, &[Administrator, System])],
            Self::AuditRead => &[(Any, &[Auditor])],
            // Calls of programs carry a token of their own, which the action checks.
            Self::EventRead | Self::EventCall => &[(Any, &Role::ALL)],
            Self::EventDesk => &[(Office, &[Clerk, Reviewer, Decider]), (Any, &[Administrator])],
            Self::EventAsk => &[(Office, &[Clerk, Decider])],
            Self::EventDecide => &[(Office, &[Decider])],
            Self::EventResend => &[(Office, &[Clerk, Decider]), (Any, &[Administrator])],
            Self::EventKeep => &[(Any, &[System])],
        }
    }

    /// Whether the role could ever do this: the first gate at a route.
    #[must_use]
    pub fn open_to(self, role: Role) -> bool {
        self.rules().iter().any(|(_, roles)| roles.contains(&role))
    }
}
