//! Who asks, in which language, when: handed down through every layer.
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use time::{Date, UtcOffset};

use crate::clock::Timestamp;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::i18n::{Lang, Text};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor, Grant, On};
use crate::session::Session;

/// What a page looks like: kept in cookies, never tied to a person.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    pub lang: Lang,
    /// `light`, `dark`, `contrast`, or empty for the device's own choice.
    pub theme: &'static str,
    /// `elder` or empty.
    pub mode: &'static str,
}

/// One request or one run of a job.
#[derive(Clone)]
pub struct Ctx {
    platform: Platform,
    pub actor: Arc<Actor>,
    pub look: Look,
    pub path: Arc<str>,
    pub request_id: Arc<str>,
    pub session: Option<Arc<Session>>,
    pub csrf: Arc<str>,
    pub unread: u32,
    now: Timestamp,
}

impl Ctx {
    /// For a request; the middleware in `http` fills the rest.
    #[must_use]
    pub fn new(platform: &Platform, actor: Actor) -> Self {
        Self {
            platform: platform.clone(),
            actor: Arc::new(actor),
            look: Look::default(),
            path: "/".into(),
            request_id: "".into(),
            session: None,
            csrf: "".into(),
            unread: 0,
            now: platform.clock().now(),
        }
    }

    /// For a job or a command; `name` stands in the audit log.
    #[must_use]
    pub fn system(platform: &Platform, name: &str) -> Self {
        Self::new(platform, Actor::system(name))
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    #[must_use]
    pub fn db(&self) -> &Db {
        self.platform.db()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    #[must_use]
    pub fn zone(&self) -> UtcOffset {
        self.platform.config().site.zone()
    }

    /// Today in the deployment's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date(self.zone())
    }

    #[must_use]
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// The only question that code asks of the policy.
    pub fn allow(&self, action: Action, on: &On<'_>) -> Result<Grant> {
        policy::allow(&self.actor, action, on)
    }

    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.platform.texts().get(self.look.lang, key)
    }

    #[must_use]
    pub fn tf(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.platform.texts().format(self.look.lang, key, args)
    }

    /// A text of a document in the language of the request.
    #[must_use]
    pub fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.look.lang)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::Internal("no context in this request".into()))
    }
}
