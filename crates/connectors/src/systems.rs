//! From the document to what reaches the system.
use std::sync::Arc;
use std::time::Duration;

use platform::clock::Clock;

use crate::document::Document;
use crate::mysql::MySqlReach;
use crate::peer::{PeerReach, Peers};
use crate::postgres::PostgresReach;
use crate::reach::Reach;
use crate::rest::RestReach;
use crate::soap::SoapReach;
use crate::sql::Statement;
use crate::sqlite::SqliteReach;
use crate::surroundings::Surroundings;
use crate::table::TableReach;

pub(crate) fn open(
    document: &Document,
    (around, peers): (&Surroundings, Arc<dyn Peers>),
    clock: &Clock,
) -> Result<Box<dyn Reach>, String> {
    let timeout = Duration::from_millis(document.timeout_ms);
    let fill = |text: &str| around.fill(text).map_err(|name| format!("there is no address ${{{name}}}"));
    if let Some(of) = &document.sqlite {
        return Ok(Box::new(SqliteReach::new(&fill(&of.file)?, &Statement::read(&of.query)?, timeout)));
    }
    if let Some(of) = &document.rest {
        return Ok(Box::new(RestReach::open(of, around)?));
    }
    if let Some(of) = &document.soap {
        return Ok(Box::new(SoapReach::open(of, around)?));
    }
    if let Some(of) = &document.table {
        return Ok(Box::new(TableReach::open(document, of, around, clock)?));
    }
    if let Some(of) = &document.postgres {
        return Ok(Box::new(PostgresReach::open(of, around, timeout)?));
    }
    if let Some(of) = &document.mysql {
        return Ok(Box::new(MySqlReach::open(of, around, timeout)?));
    }
    if let Some(of) = &document.peer {
        return Ok(Box::new(PeerReach::open(of, around, peers)?));
    }
    Err("the document describes no system".into())
}
