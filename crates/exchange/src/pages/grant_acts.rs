//! What each side can do with a grant: narrow, revoke, delegate, ask for a renewal.
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::page::{self, Shell};
use platform::policy::{Action, Grant, On};
use platform::posted::Posted;
use platform::{Ctx, FieldError, Result};

use super::form::{Form, after, day, narrower};
use super::grant::{Whole, ending_parties, provider_of, show, whole};
use super::request::optional;
use crate::Exchange;
use crate::actions::change::{self, Delegating};
use crate::actions::record::Acting;
use crate::actions::request::{ask, renewal};
use crate::model::request::{LONGEST_WORDS, revocation, written};

fn back(id: &str) -> Result<Response> {
    page::see_other(&format!("/exchange/grants/{id}"))
}

/// One act on a grant, on its way.
struct Act {
    exchange: Exchange,
    ctx: Ctx,
    posted: Posted,
    whole: Whole,
}

impl Act {
    async fn begin(exchange: Exchange, ctx: Ctx, id: &str, posted: Posted) -> Result<Self> {
        let whole = whole(&exchange, &ctx, id).await?;
        Ok(Self { exchange, ctx, posted, whole })
    }

    fn allow(&self, action: Action, parties: &[&str]) -> Result<Grant> {
        self.ctx.allow(action, &On::at(parties))
    }

    fn acting(&self) -> Acting {
        Acting { exchange: self.exchange.clone(), ctx: self.ctx.clone() }
    }

    /// The page again, with what is wrong.
    fn again(&self, errors: &[FieldError]) -> Result<Response> {
        let form = Form::sent(&self.posted, &Shell::new(&self.ctx), errors);
        page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &show(&self.exchange, &self.ctx, &self.whole, form))
    }
}

pub async fn narrow(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let act = Act::begin(exchange, ctx, &id, posted).await?;
    let provider = provider_of(&act.exchange, &act.whole.kept);
    let grant = act.allow(Action::GrantDecide, &[&provider])?;
    let terms = narrower(&act.posted, "narrow-", &act.whole.kept.terms, act.ctx.zone());
    let words = written("narrow-words", act.posted.get("narrow-words"), LONGEST_WORDS);
    let by = match (terms, words) {
        (Ok(terms), Ok(_)) if terms == act.whole.kept.terms => {
            return act.again(&[FieldError::new("narrow-fields", "exchange-terms-same")]);
        }
        (Ok(terms), Ok(words)) => (terms, words),
        (terms, words) => {
            let errors: Vec<FieldError> = terms.err().into_iter().flatten().chain(words.err()).collect();
            return act.again(&errors);
        }
    };
    let (acting, readers, key) = (act.acting(), act.whole.readers.clone(), id.clone());
    act.ctx.db().write(grant, move |tx| change::narrow(tx, &acting, &readers, &key, by)).await?;
    back(&id)
}

pub async fn revoke(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let act = Act::begin(exchange, ctx, &id, posted).await?;
    let parties = ending_parties(&provider_of(&act.exchange, &act.whole.kept), &act.whole);
    let grant = act.allow(Action::GrantDecide, &parties.iter().map(String::as_str).collect::<Vec<_>>())?;
    let typed = [act.posted.get("revoke-basis"), act.posted.get("revoke-words")];
    let reason = match revocation("revoke-", typed) {
        Ok(reason) => reason,
        Err(errors) => return act.again(&errors),
    };
    let (acting, readers, key) = (act.acting(), act.whole.readers.clone(), id.clone());
    act.ctx.db().write(grant, move |tx| change::revoke(tx, &acting, &readers, &key, &reason)).await?;
    back(&id)
}

pub async fn delegate(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let act = Act::begin(exchange, ctx, &id, posted).await?;
    let kept = &act.whole.kept;
    let grant = act.allow(Action::GrantDecide, &[&kept.consumer])?;
    let to = act.posted.get("delegate-office").to_owned();
    let known = to != kept.consumer && act.exchange.parts().directory.organisations().find(&to).is_some();
    let office = if known { Ok(to) } else { Err(FieldError::new("delegate-office", "exchange-delegate-office-none")) };
    let terms = narrower(&act.posted, "delegate-", &kept.terms, act.ctx.zone());
    let words = optional("delegate-words", act.posted.get("delegate-words"));
    let by = match (office, terms, words) {
        (Ok(to), Ok(terms), Ok(words)) => Delegating { to, terms, words },
        (office, terms, words) => {
            let errors = office.err().into_iter().chain(terms.err().into_iter().flatten()).chain(words.err());
            return act.again(&errors.collect::<Vec<_>>());
        }
    };
    let (acting, readers, key) = (act.acting(), act.whole.readers.clone(), id.clone());
    let made = act.ctx.db().write(grant, move |tx| change::delegate(tx, &acting, &readers, &key, &by)).await?;
    back(&made)
}

/// Asks to go on with the grant; what is shared without condition is renewed at once.
pub async fn renew(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let act = Act::begin(exchange, ctx, &id, posted).await?;
    let kept = &act.whole.kept;
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
        (to, words) => return act.again(&to.err().into_iter().chain(words.err()).collect::<Vec<_>>()),
    };
    let acting = act.acting();
    let request = act.ctx.db().write(grant, move |tx| ask(tx, &acting, &asking)).await?;
    page::see_other(&format!("/exchange/requests/{request}"))
}
