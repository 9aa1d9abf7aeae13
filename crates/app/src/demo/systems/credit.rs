//! The development and reform commission's list in its own PostgreSQL.
use platform::clock::iso_date;
use platform::error::Result;
use tokio_postgres::NoTls;

use super::cluster::{Cluster, OWNER};
use super::{broken, rows};
use crate::demo::city::City;

/// The account that may read one view.
pub(super) const READER: &str = "tongban_reader";

pub(super) async fn fill(city: &City, cluster: &Cluster) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(&cluster.address(OWNER), NoTls).await.map_err(broken)?;
    let driving = tokio::spawn(connection);
    client.batch_execute(include_str!("sql/credit.sql")).await.map_err(broken)?;
    let (mut subjects, mut listed, mut reasons, mut days) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in rows::of(city, "credit") {
        let row = row?;
        listed.push(row.number("listed") == 1);
        reasons.push(row.optional("reason").map(str::to_owned));
        days.push(format!("{} 06:00:00", iso_date(row.as_of)));
        subjects.push(row.subject);
    }
    let insert = include_str!("sql/credit_insert.sql");
    client.execute(insert, &[&subjects, &listed, &reasons, &days]).await.map_err(broken)?;
    drop(client);
    driving.await.map_err(broken)?.map_err(broken)
}
