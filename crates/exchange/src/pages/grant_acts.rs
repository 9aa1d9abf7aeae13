//! What each side can do with a grant: narrow, revoke, delegate, ask for a renewal.
use axum::http::StatusCode;
use axum::response::Response;
use platform::form::Form;
use platform::page;
use platform::policy::Action;
use platform::{Ctx, FieldError, Result};

use super::act::{Act, Acted};
use super::form::{after, day, last_day, narrower};
use super::grant::{Whole, ending_parties, provider_of, show, whole};
use super::request::optional;
use crate::Exchange;
use crate::actions::change::{self, Delegating};
use crate::actions::request::{ask, renewal};
use crate::model::request::{LONGEST_WORDS, revocation, written};
use crate::store::Readers;

impl Acted for Whole {
    const PAGE: &'static str = "/exchange/grants/";

    async fn find(exchange: &Exchange, ctx: &Ctx, id: &str) -> Result<(Self, Readers)> {
        whole(exchange, ctx, id).await
    }

    fn begin(&self, ctx: &Ctx, form: &mut Form, sent: &str) {
        let terms = &self.kept.terms;
        if sent != "narrow" {
            terms.fields.iter().for_each(|field| form.put("narrow-fields", field));
            terms.matters.iter().for_each(|matter| form.put("narrow-matters", matter));
        }
        if sent != "delegate" {
            terms.matters.iter().for_each(|matter| form.put("delegate-matters", matter));
        }
        if let Some(to) = terms.to {
            let last = last_day(to, ctx.zone());
            ["narrow", "delegate"]
                .iter()
                .filter(|name| **name != sent)
                .for_each(|name| form.put_day(&format!("{name}-to"), last));
        }
    }

    async fn again(&self, exchange: &Exchange, ctx: &Ctx, form: Form) -> Result<Response> {
        page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &show(exchange, ctx, self, form))
    }
}

pub async fn narrow(act: Act<Whole>) -> Result<Response> {
    let kept = &act.on.kept;
    let grant = act.allow(Action::GrantDecide, &[&provider_of(&act.exchange, kept)])?;
    let terms = narrower(&act.posted, "narrow-", &kept.terms, act.ctx.zone());
    let words = written("narrow-words", act.posted.get("narrow-words"), LONGEST_WORDS);
    let to = match (terms, words) {
        (Ok(terms), Ok(_)) if terms == kept.terms => {
            return act.again(&[FieldError::new("narrow-fields", "exchange-terms-same")]).await;
        }
        (Ok(terms), Ok(words)) => (terms, words),
        (terms, words) => {
            let errors = terms.err().into_iter().flatten().chain(words.err());
            return act.again(&errors.collect::<Vec<_>>()).await;
        }
    };
    act.write(grant, move |tx, by| change::narrow(tx, &by.acting, &by.readers, &by.id, to)).await?;
    act.back()
}

pub async fn revoke(act: Act<Whole>) -> Result<Response> {
    let parties = ending_parties(&provider_of(&act.exchange, &act.on.kept), &act.on);
    let grant = act.allow(Action::GrantDecide, &parties.iter().map(String::as_str).collect::<Vec<_>>())?;
    let typed = [act.posted.get("revoke-basis"), act.posted.get("revoke-words")];
    let reason = match revocation("revoke-", typed) {
        Ok(reason) => reason,
        Err(errors) => return act.again(&errors).await,
    };
    act.write(grant, move |tx, by| change::revoke(tx, &by.acting, &by.readers, &by.id, &reason)).await?;
    act.back()
}

pub async fn delegate(act: Act<Whole>) -> Result<Response> {
    let kept = &act.on.kept;
    let grant = act.allow(Action::GrantDecide, &[&kept.consumer])?;
    let to = act.posted.get("delegate-office").to_owned();
    let known = to != kept.consumer && act.exchange.parts().directory.organisations().find(&to).is_some();
    let office = if known { Ok(to) } else { Err(FieldError::new("delegate-office", "exchange-delegate-office-none")) };
    let terms = narrower(&act.posted, "delegate-", &kept.terms, act.ctx.zone());
    let words = optional("delegate-words", act.posted.get("delegate-words"));
    let to = match (office, terms, words) {
        (Ok(to), Ok(terms), Ok(words)) => Delegating { to, terms, words },
        (office, terms, words) => {
            let errors = office.err().into_iter().chain(terms.err().into_iter().flatten()).chain(words.err());
            return act.again(&errors.collect::<Vec<_>>()).await;
        }
    };
    let made = act.write(grant, move |tx, by| change::delegate(tx, &by.acting, &by.readers, &by.id, &to)).await?;
    page::see_other(&format!("{}{made}", Whole::PAGE))
}

/// Asks to go on with the grant; what is shared without condition is renewed at once.
pub async fn renew(act: Act<Whole>) -> Result<Response> {
    let kept = &act.on.kept;
    let grant = act.allow(Action::GrantAsk, &[&kept.consumer])?;
    let to =
        day(&act.posted, "renew-to").and_then(|to| to.ok_or_else(|| FieldError::new("renew-to", "exchange-day-none")));
    let zone = act.ctx.zone();
    let longest = act.exchange.parts().grants.longest_days;
    let last = act.ctx.today().saturating_add(time::Duration::days(i64::from(longest)));
    let to = to.and_then(|to| match after(to, zone) {
        end if kept.terms.to.is_none_or(|now| end <= now) => Err(FieldError::new("renew-to", "exchange-renew-shorter")),
        _ if to > last => Err(FieldError::new("renew-to", "exchange-request-to-far").with("days", longest)),
        end => Ok(end),
    });
    let words = optional("renew-words", act.posted.get("renew-words"));
    let asking = match (to, words) {
        (Ok(to), Ok(words)) => renewal(kept, act.ctx.now(), to, words)?,
        (to, words) => return act.again(&to.err().into_iter().chain(words.err()).collect::<Vec<_>>()).await,
    };
    let request = act.write(grant, move |tx, by| ask(tx, &by.acting, &asking)).await?;
    page::see_other(&format!("/exchange/requests/{request}"))
}
