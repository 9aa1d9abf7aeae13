//! One act of a side on a request or a grant, as it was sent: who, on what, with which words.
use std::future::Future;

use axum::extract::{self, FromRequest, FromRequestParts, Path};
use axum::response::Response;
use platform::db::{Audited, Tx};
use platform::form::Form;
use platform::page::{self, Shell};
use platform::policy::{Action, Grant, On};
use platform::posted::Posted;
use platform::{Ctx, Error, FieldError, Result};

use crate::Exchange;
use crate::actions::record::Acting;
use crate::store::Readers;

/// What a side can act on, as its page shows it.
pub trait Acted: Sized + Send + Sync {
    /// Where its page stands, with the last slash.
    const PAGE: &'static str;

    /// The thing, when the official stands on one side of it.
    fn find(exchange: &Exchange, ctx: &Ctx, id: &str) -> impl Future<Output = Result<(Self, Readers)>> + Send;

    /// Puts in what stands in the forms of its page at first, but for the form whose names begin with `sent`.
    fn begin(&self, ctx: &Ctx, form: &mut Form, sent: &str);

    /// Its page with what was typed and what is wrong with it: status 422.
    fn again(&self, exchange: &Exchange, ctx: &Ctx, form: Form) -> impl Future<Output = Result<Response>> + Send;
}

pub struct Act<O> {
    pub exchange: Exchange,
    pub ctx: Ctx,
    pub posted: Posted,
    pub on: O,
    id: String,
    readers: Readers,
}

/// Who acts on which.
pub struct By {
    pub acting: Acting,
    pub readers: Readers,
    pub id: String,
}

impl<O: Acted> FromRequest<Exchange> for Act<O> {
    type Rejection = Error;

    async fn from_request(request: extract::Request, exchange: &Exchange) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, exchange).await?;
        let Path(id) = Path::<String>::from_request_parts(&mut parts, exchange).await.map_err(|_| Error::NotFound)?;
        let posted = Posted::from_request(extract::Request::from_parts(parts, body), exchange).await?;
        let (on, readers) = O::find(exchange, &ctx, &id).await?;
        Ok(Self { exchange: exchange.clone(), ctx, posted, on, id, readers })
    }
}

impl<O: Acted> Act<O> {
    pub fn allow(&self, action: Action, parties: &[&str]) -> Result<Grant> {
        self.ctx.allow(action, &On::at(parties))
    }

    pub fn acting(&self) -> Acting {
        Acting { exchange: self.exchange.clone(), ctx: self.ctx.clone() }
    }

    pub async fn write<T: Send + 'static>(
        &self,
        grant: Grant,
        does: impl FnOnce(&mut Tx<'_>, &By) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<T> {
        let by = By { acting: self.acting(), readers: self.readers.clone(), id: self.id.clone() };
        self.ctx.db().write(grant, move |tx| does(tx, &by)).await
    }

    pub fn back(&self) -> Result<Response> {
        page::see_other(&format!("{}{}", O::PAGE, self.id))
    }

    /// The page again, with what is wrong.
    pub async fn again(&self, errors: &[FieldError]) -> Result<Response> {
        let mut form = Form::sent(&self.posted, &Shell::new(&self.ctx), errors);
        let sent = errors.first().and_then(|error| error.field.split_once('-')).map_or("", |(prefix, _)| prefix);
        self.on.begin(&self.ctx, &mut form, sent);
        self.on.again(&self.exchange, &self.ctx, form).await
    }
}
