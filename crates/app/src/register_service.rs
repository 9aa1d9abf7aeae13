//! The registers as a service of the gateway: `GET /{number}?fields=a,b&purpose=…&basis=…`, the service's code naming the
//! resource. It asks through `exchange` as everybody does: grant, trail, audit. With `hidden_until=YYYY-MM-DD` and
//! `hidden_basis=…` the subject sees the look from that day on, where a law says so.
use exchange::{Ask, Exchange, Hiding, Subject, SubjectKind, Want};
use gateway::application::{Application, Reply, Replying, Visit};
use platform::Ctx;
use platform::clock::parse_iso_date;
use platform::error::{Error, Result};
use platform::i18n::Lang;
use platform::policy::Actor;
use registry::Subjects;
use serde_json::{Map, Value, json};

use crate::register_openapi::description_of;

pub struct RegisterService {
    exchange: Exchange,
}

impl RegisterService {
    #[must_use]
    pub fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }

    async fn visit(&self, ctx: &Ctx, visit: &Visit) -> Result<Value> {
        if visit.verb != "GET" {
            return Err(Error::Invalid(vec![platform::FieldError::new("method", "exchange-service-method")]));
        }
        let parameters = platform::posted::parse_urlencoded(&visit.query);
        let of = |name: &str| parameters.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let fields: Vec<String> =
            of("fields").split(',').filter(|field| !field.is_empty()).map(str::to_owned).collect();
        // One form only, or the look would stand in nobody's trail.
        let number = visit.path.trim_matches('/').to_ascii_uppercase();
        let ask = Ask {
            purpose: of("purpose").to_owned(),
            basis: of("basis").to_owned(),
            item: None,
            case: Some(visit.issue.clone()).filter(|issue| !issue.is_empty()),
            consumer: visit.organisation.clone().unwrap_or_else(|| visit.client.clone()),
            subject: Subject { kind: kind_of(ctx, &number)?, number: number.clone(), owner: String::new() },
            wants: vec![Want { resource: visit.service.clone(), fields }],
            offices: Vec::new(),
        };
        let facts = match of("hidden_until") {
            "" => self.exchange.fetch(ctx, ask).await?,
            // Who hides a look must be somebody, in a matter that can be looked up.
            _ if visit.user.is_empty() || visit.issue.is_empty() => return Err(Error::Denied("error-denied-role")),
            day => {
                let most = ctx.platform().config().exchange.hidden_longest_days;
                let wrong = || platform::FieldError::new("hidden_until", "exchange-hide-until").with("max", most);
                let until = parse_iso_date(day).ok_or_else(|| Error::Invalid(vec![wrong()]))?;
                let hiding = Hiding { until, basis: of("hidden_basis").to_owned() };
                self.exchange.fetch_hidden(ctx, ask, hiding).await?
            }
        };
        if !facts.missing.is_empty() {
            return Err(Error::NotFound); // told as `exchange-service-nothing`
        }
        let value = |fact: &exchange::Fact| json!({"value": fact.value, "source": fact.source, "as_of": fact.as_of.to_string()});
        let fields: Map<String, Value> =
            facts.facts.iter().map(|((_, field), fact)| (field.clone(), value(fact))).collect();
        Ok(json!({"resource": visit.service, "subject": number, "fields": fields, "look": facts.trail}))
    }
}

/// A resident ID number or a unified social credit code; anything else is nobody's number.
pub fn kind_of(ctx: &Ctx, number: &str) -> Result<SubjectKind> {
    if codes::ResidentId::parse(number, ctx.today()).is_ok() {
        return Ok(SubjectKind::Person);
    }
    let code = codes::Uscc::parse(number);
    code.map(|_| SubjectKind::Enterprise).map_err(|_| Error::field("number", "exchange-service-number"))
}

impl Application for RegisterService {
    fn answer(&self, visit: Visit) -> Replying<'_> {
        Box::pin(async move {
            let name = if visit.user.is_empty() { &visit.client } else { &visit.user };
            let actor = Actor { name: name.clone(), ..Actor::system(&visit.client) };
            let mut ctx = Ctx::new(self.exchange.platform(), actor);
            ctx.look.lang = Lang::En;
            ctx.request_id = visit.request_id.as_str().into();
            match self.visit(&ctx, &visit).await {
                Ok(value) => Reply { status: 200, kind: "application/json", text: value.to_string() },
                Err(error) => refusal(&ctx, &error),
            }
        })
    }

    fn describe(&self, code: &str) -> Option<String> {
        let resource = self.exchange.catalogue().get(code)?;
        (resource.subject != Subjects::Thing).then(|| description_of(resource))
    }
}

fn refusal(ctx: &Ctx, error: &Error) -> Reply {
    let (status, mut body) = platform::error_page::problem_of(ctx, error);
    // The words of the pages speak to people before a form.
    let texts = match error {
        Error::NotFound => Some(("exchange-service-nothing", "exchange-service-nothing-next")),
        Error::Invalid(_) => Some(("exchange-service-wrong", "exchange-service-wrong-next")),
        Error::Denied(key) => Some((*key, "exchange-service-denied-next")),
        _ => None,
    };
    if let Some((what, next)) = texts {
        let fields = body.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten();
        for field in fields.filter(|field| field["field"] == "wants") {
            field["field"] = "fields".into(); // as the parameter is called
        }
        (body["title"], body["detail"], body["next"]) =
            (ctx.t("exchange-service-title").into(), ctx.t(what).into(), ctx.t(next).into());
    }
    Reply { status, kind: "application/problem+json", text: body.to_string() }
}
