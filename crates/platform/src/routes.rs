//! The route table: each address with the action that it needs, so that none can be forgotten.
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::page;
use crate::policy::{Action, ActorKind};
use crate::stash;

/// A route as the authorisation test lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    pub method: &'static str,
    pub path: &'static str,
    pub action: Action,
}

/// Routes of one feature; joined in `app`.
pub struct Routes<S = ()> {
    router: Router<S>,
    list: Vec<RouteInfo>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self { router: Router::new(), list: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// A page or another thing to read.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("GET", path, action, get(handler))
    }

    /// A form that is sent.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("POST", path, action, post(handler))
    }

    fn add(mut self, method: &'static str, path: &'static str, action: Action, handler: MethodRouter<S>) -> Self {
        let gated = handler.layer(from_fn(move |request: Request, next: Next| gate(action, request, next)));
        self.router = self.router.route(path, gated);
        self.list.push(RouteInfo { method, path, action });
        self
    }

    #[must_use]
    pub fn with_state(self, state: S) -> Routes<()> {
        Routes { router: self.router.with_state(state), list: self.list }
    }
}

impl Routes<()> {
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    #[must_use]
    pub fn list(&self) -> &[RouteInfo] {
        &self.list
    }

    pub fn into_router(self) -> Router {
        self.router
    }
}

/// The first gate: may this role ever do this? The action itself asks again, about the very thing.
async fn gate(action: Action, request: Request, next: Next) -> Result<Response> {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let ctx = ctx.ok_or_else(|| Error::Internal("no context in this request".into()))?;
    if ctx.actor.roles().iter().any(|role| action.open_to(*role)) {
        return Ok(next.run(request).await);
    }
    if ctx.actor.kind != ActorKind::Anonymous {
        return Err(Error::Denied("error-denied-role"));
    }
    let back = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    if request.method() == Method::GET {
        return page::see_other(&format!("/sign-in?back={}", page::encode(&back)));
    }
    // A form sent after the session ended: keep what was typed, ask to sign in, then go on.
    match stash::keep(&ctx, &back, request).await? {
        Some(token) => page::see_other(&format!("/sign-in?back={}", page::encode(&format!("/resume/{token}")))),
        None => Err(Error::Denied("error-denied-sign-in")),
    }
}
