//! A look that its subject may not see yet: who may hide it, and the row that does. There is no way to lengthen it.
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::policy::{Action, On};
use platform::{Ctx, Result};

use crate::model::ask::Ask;
use crate::model::hiding::{Allowed, Hiding};
use crate::store::hidden::{NewHidden, insert_hidden};
use crate::store::trail::NewLook;

/// `Denied`: the caller does not decide in the office, or the purpose hides nothing. `Invalid`: the day or the provision.
pub fn check(ctx: &Ctx, ask: &Ask, hiding: &Hiding) -> Result<()> {
    let offices: Vec<&str> = ask.offices.iter().map(String::as_str).collect();
    ctx.allow(Action::TrailHide, &On::at(&offices))?;
    let settings = &ctx.platform().config().exchange;
    let (purposes, longest_days) = (settings.hidden_purposes.as_slice(), settings.hidden_longest_days);
    hiding.check(&ask.purpose, &Allowed { purposes, longest_days, today: ctx.today() })
}

/// Beside the look, in its transaction.
pub fn insert(tx: &mut Tx<'_>, look: &NewLook<'_>, (hiding, zone): (&Hiding, time::UtcOffset)) -> Result<()> {
    let until = Timestamp::start_of(hiding.until, zone);
    let office = look.office.unwrap_or(look.consumer);
    let new = NewHidden { trail: look.id, subject: look.subject, office, until, basis: &hiding.basis };
    insert_hidden(tx, &new)
}
