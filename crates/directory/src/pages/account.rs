//! The own account: who one is here, for whom one may act, what posts one has, when one signed in.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::clock::Timestamp;
use platform::ids::Id;
use platform::page::{self, Shell};
use platform::policy::{Action, ActorKind, On, Party, Post};
use platform::{Ctx, Result};

use crate::Directory;
use crate::model::{Basis, Enterprise, Mandate, PersonId, SignIn, masked_number};
use crate::store;

struct MandateRow {
    name: String,
    uscc: String,
    /// Text keys: on what it rests, and whether it holds.
    basis: &'static str,
    state: &'static str,
    /// `ok` while it holds.
    tag: &'static str,
    from: String,
    /// The last day; empty while no end is set.
    to: String,
}

struct PostRow {
    office: String,
    role: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    s: Shell,
    name: String,
    /// Masked; empty for officials.
    number: String,
    acting_for: Option<Party>,
    mandates: Vec<MandateRow>,
    posts: Vec<PostRow>,
    sign_ins: Vec<SignIn>,
}

impl AccountPage {
    /// What stands between home and this page in the breadcrumb.
    fn above(&self) -> [(&str, &str); 0] {
        []
    }
}

pub(crate) async fn read(State(directory): State<Directory>, ctx: Ctx) -> Result<Response> {
    let grant = ctx.allow(Action::AccountRead, &On::owned_by(&ctx.actor.party().id))?;
    let owner = ctx.actor.id.clone();
    let (mandates, sign_ins) = ctx
        .db()
        .read(grant, move |tx| {
            let mandates = store::list_mandates(tx, &PersonId::from_text(owner.clone()))?;
            Ok((mandates, store::list_sign_ins(tx, &owner)?))
        })
        .await?;
    let is_person = ctx.actor.kind == ActorKind::Person;
    page::html(&AccountPage {
        s: Shell::new(&ctx),
        name: ctx.actor.name.clone(),
        number: if is_person { masked_number(&ctx.actor.subject, ctx.today()) } else { String::new() },
        acting_for: ctx.actor.acting_for.clone(),
        mandates: mandates.into_iter().map(|(mandate, enterprise)| mandate_row(&ctx, &mandate, enterprise)).collect(),
        posts: ctx.actor.posts.iter().map(|post| post_row(&directory, &ctx, post)).collect(),
        sign_ins,
    })
}

fn mandate_row(ctx: &Ctx, mandate: &Mandate, enterprise: Enterprise) -> MandateRow {
    let day = |at: Timestamp| page::day(ctx.lang(), at.date(ctx.zone()));
    let (tag, state) = if mandate.holds_at(ctx.now()) && enterprise.active {
        ("ok", "directory-mandate-holds")
    } else if mandate.from > ctx.now() {
        ("", "directory-mandate-later")
    } else {
        ("", "directory-mandate-over")
    };
    MandateRow {
        name: enterprise.name,
        uscc: enterprise.uscc,
        basis: match mandate.basis {
            Basis::LegalRepresentative => "directory-basis-legal-representative",
            Basis::WrittenAuthority => "directory-basis-written-authority",
        },
        state,
        tag,
        from: day(mandate.from),
        // `to` is the first instant after it.
        to: mandate.to.map_or_else(String::new, |to| day(to.plus(-1))),
    }
}

fn post_row(directory: &Directory, ctx: &Ctx, post: &Post) -> PostRow {
    let organisations = directory.organisations();
    PostRow {
        office: organisations.name(&post.office, ctx.lang()).to_owned(),
        role: ctx.t(&format!("directory-role-{}", post.role.name())).to_owned(), // keys: directory-role-*
    }
}
