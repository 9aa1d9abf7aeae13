//! What the departments ask each other for: two requests that wait for an answer, and some that were granted.
use directory::OfficialId;
use exchange::{Asking, Terms};
use platform::Ctx;
use platform::clock::{DAY, Timestamp};
use platform::db::Tx;
use platform::error::Result;
use platform::ids::Id;
use platform::policy::{Action, Actor, ActorKind, On, Post, Role};

use super::seeding::Making;
use crate::wiring::App;

/// Who asks whom for what, and whether it was granted.
struct Plan {
    consumer: &'static str,
    provider: &'static str,
    resource: &'static str,
    purpose: &'static str,
    fields: &'static [&'static str],
    basis: &'static str,
    words: &'static str,
    granted: bool,
}

/// The purpose of the door in GovStack's shapes, and the law that its looks rest on in the demo city.
const QUERY: &str = "register-query";
pub const QUERY_BASIS: &str = "《政务数据共享条例》";

/// How long the grants last.
const PERIOD: i64 = 365 * DAY;

const PLANS: [Plan; 8] = [
    Plan {
        consumer: "health",
        provider: "public-security",
        resource: "population",
        purpose: "case-handling",
        fields: &["name", "birth_date", "residence_division"],
        basis: "《中华人民共和国基本医疗卫生与健康促进法》第十六条",
        words: "为辖区内65周岁以上老年人安排免费体检，需要核对姓名、出生日期和居住地。",
        granted: false,
    },
    Plan {
        consumer: "housing",
        provider: "natural-resources",
        resource: "real-estate",
        purpose: "case-handling",
        fields: &["address", "area_m2"],
        basis: "《公共租赁住房管理办法》第七条",
        words: "审核公共租赁住房申请，核验家庭现有住房。",
        granted: false,
    },
    Plan {
        consumer: "education",
        provider: "public-security",
        resource: "residence",
        purpose: "case-handling",
        fields: &["registered_on", "division", "address"],
        basis: "《居住证暂行条例》第十二条",
        words: "办理随迁子女入学，核验居住登记。",
        granted: true,
    },
    Plan {
        consumer: "market",
        provider: "health",
        resource: "food-staff",
        purpose: "case-handling",
        fields: &["certificate_no", "valid_to"],
        basis: "《中华人民共和国食品安全法》第四十五条",
        words: "日常检查时核验从业人员健康证明。",
        granted: true,
    },
    Plan {
        consumer: "finance",
        provider: "market",
        resource: "enterprise",
        purpose: "case-handling",
        fields: &["uscc", "name", "status"],
        basis: "《中华人民共和国政府采购法实施条例》第十七条",
        words: "核验供应商登记状态。",
        granted: true,
    },
    // What the door in GovStack's shapes shows to two departments.
    Plan {
        consumer: "civil-affairs",
        provider: "public-security",
        resource: "population",
        purpose: QUERY,
        fields: &["name", "sex", "birth_date", "life_status", "residence_division"],
        basis: QUERY_BASIS,
        words: "养老服务系统核验姓名、出生日期、生存状态和居住地。",
        granted: true,
    },
    Plan {
        consumer: "civil-affairs",
        provider: "market",
        resource: "enterprise",
        purpose: QUERY,
        fields: &["uscc", "name", "status", "address"],
        basis: QUERY_BASIS,
        words: "养老机构备案系统核验经营主体登记。",
        granted: true,
    },
    Plan {
        consumer: "market",
        provider: "health",
        resource: "food-staff",
        purpose: QUERY,
        fields: &["holder_name", "certificate_no", "valid_to"],
        basis: QUERY_BASIS,
        words: "食品安全系统核验从业人员健康证明。",
        granted: true,
    },
];

pub async fn write(making: &Making, app: &App) -> Result<()> {
    for plan in &PLANS {
        let Some(clerk) = official(making, plan.consumer, Role::Clerk).await? else { continue };
        let request = app.exchange.request(&clerk, asking(making, plan)).await?;
        // What is shared without condition is granted already.
        let Some(decider) = official(making, plan.provider, Role::Decider).await? else { continue };
        if plan.granted && plan.resource != "enterprise" {
            app.exchange.grant(&decider, &request, asking(making, plan).terms).await?;
        }
    }
    Ok(())
}

fn asking(making: &Making, plan: &Plan) -> Asking {
    let from = Timestamp::start_of(making.today, making.ctx.zone());
    let fields = plan.fields.iter().map(|field| (*field).to_owned()).collect();
    Asking {
        consumer: plan.consumer.into(),
        resource: plan.resource.into(),
        purpose: plan.purpose.into(),
        basis: plan.basis.into(),
        terms: Terms { fields, matters: Vec::new(), from, to: Some(from.plus(PERIOD)) },
        renews: None,
        words: plan.words.into(),
        once: String::new(),
    }
}

/// The first official with a role in an office, as they sign in; None where nobody has it.
async fn official(making: &Making, office: &'static str, role: Role) -> Result<Option<Ctx>> {
    let grant = making.ctx.allow(Action::HallRead, &On::PUBLIC)?;
    let read = move |tx: &mut Tx<'_>| {
        let Some(id) = directory::holders(tx, office, role)?.into_iter().next() else { return Ok(None) };
        let name = directory::official_name(tx, &OfficialId::from_text(id.clone()))?;
        Ok(name.map(|name| (id, name)))
    };
    let found = making.ctx.db().read(grant, read).await?;
    Ok(found.map(|(id, name)| {
        let posts = vec![Post { role, office: office.into() }];
        let actor = Actor { kind: ActorKind::Official, name, posts, ..Actor::system(&id) };
        Ctx::new(making.ctx.platform(), actor)
    }))
}
