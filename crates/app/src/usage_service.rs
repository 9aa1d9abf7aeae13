//! Estonia's data tracker as a service of the gateway: `findUsage` v2 with its three endpoints (e-gov/AJ, OpenAPI of the
//! `findUsage` service), so that a portal can show people who used their data.
use exchange::{Enquiry, Exchange, MOST_USES, Part, Uses};
use gateway::application::{Application, Reply, Replying, Visit};
use platform::clock::Timestamp;
use platform::error::{Error, FieldError, Result};
use platform::policy::Actor;
use platform::{Ctx, posted};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Law that gives everybody the right to know who handled their data; stands beside the look of somebody who acts for another.
const BASIS: &str = "《中华人民共和国个人信息保护法》第四十四条、第四十五条";

pub struct UsageService {
    exchange: Exchange,
}

impl UsageService {
    #[must_use]
    pub fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }

    async fn visit(&self, ctx: &Ctx, visit: &Visit) -> Result<Value> {
        match (visit.verb.as_str(), visit.path.as_str()) {
            ("GET", "/v2/findUsage") => self.find(ctx, visit).await,
            ("GET", "/v2/usagePeriod") => {
                let since = self.exchange.uses_since(ctx).await?.unwrap_or(ctx.now());
                Ok(json!({"periodStart": since.rfc3339(ctx.zone())}))
            }
            ("GET", "/v2/heartbeat") => Ok(self.heartbeat(ctx).await),
            _ => Err(Error::field("path", "exchange-usage-path")),
        }
    }

    async fn find(&self, ctx: &Ctx, visit: &Visit) -> Result<Value> {
        if visit.user.trim().is_empty() {
            return Err(Error::field("X-Road-UserId", "exchange-usage-user"));
        }
        let query = posted::parse_urlencoded(&visit.query);
        let enquiry = Enquiry {
            number: plain(of(&query, "userCode").unwrap_or_default()),
            user: plain(&visit.user),
            consumer: visit.organisation.clone().unwrap_or_else(|| visit.client.clone()),
            basis: BASIS.to_owned(),
        };
        let part = Part {
            from: moment(&query, "periodStart")?,
            to: moment(&query, "periodEnd")?,
            offset: count(&query, "offset", 0)?,
            limit: count(&query, "limit", MOST_USES)?,
        };
        Ok(told(ctx, &self.exchange.uses(ctx, enquiry, part).await?))
    }

    /// A register that cannot answer says so with 200, as the service's description has it.
    async fn heartbeat(&self, ctx: &Ctx) -> Value {
        match self.exchange.uses_since(ctx).await {
            Ok(_) => json!({"status": "OK"}),
            Err(error) => {
                tracing::warn!(%error, "the trail cannot be read");
                json!({"status": "FAIL", "message": "the trail cannot be read now"})
            }
        }
    }
}

fn of<'q>(query: &'q [(String, String)], name: &str) -> Option<&'q str> {
    query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// Numbers may come with the country before them, as in `CN11010519491231002X`.
fn plain(number: &str) -> String {
    let number = number.trim();
    number.strip_prefix("CN").unwrap_or(number).to_owned()
}

fn moment(query: &[(String, String)], name: &str) -> Result<Option<Timestamp>> {
    let Some(text) = of(query, name) else { return Ok(None) };
    // A plus that was not encoded arrives as a space.
    let parsed = OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339);
    let parsed = parsed.map_err(|_| Error::field(name, "exchange-usage-time"))?;
    Ok(Some(Timestamp(i64::try_from(parsed.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX))))
}

fn count(query: &[(String, String)], name: &str, without: u32) -> Result<u32> {
    of(query, name).map_or(Ok(without), |text| text.parse().map_err(|_| Error::field(name, "exchange-usage-count")))
}

fn told(ctx: &Ctx, uses: &Uses) -> Value {
    let one = |used: &exchange::Use| {
        let mut value = json!({
            "logtime": used.at.rfc3339(ctx.zone()), "action": used.action, "receiverCode": used.receiver_code,
            "receiverSystem": used.system,
        });
        if let Some(name) = &used.receiver_name {
            value["receiverName"] = name.as_str().into();
        }
        value
    };
    json!({"totalUsages": uses.total, "usages": uses.uses.iter().map(one).collect::<Vec<_>>()})
}

impl Application for UsageService {
    fn answer(&self, visit: Visit) -> Replying<'_> {
        Box::pin(async move {
            let mut ctx = Ctx::new(self.exchange.platform(), Actor::system(&visit.client));
            ctx.request_id = visit.request_id.as_str().into();
            match self.visit(&ctx, &visit).await {
                Ok(value) => Reply { status: 200, kind: "application/json", text: value.to_string() },
                Err(error) => refusal(&ctx, error),
            }
        })
    }
}

/// What is wrong with a question is 400 in this service's family, and a parameter is called as it was sent.
fn refusal(ctx: &Ctx, error: Error) -> Reply {
    let renamed = |field: FieldError| match field.field.as_str() {
        "number" => FieldError { field: "userCode".into(), ..field },
        _ => field,
    };
    let error = match error {
        Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(renamed).collect()),
        other => other,
    };
    let (status, mut body) = platform::error_page::problem_of(ctx, &error);
    let status = if status == 422 { 400 } else { status };
    body["status"] = status.into();
    Reply { status, kind: "application/problem+json", text: body.to_string() }
}
