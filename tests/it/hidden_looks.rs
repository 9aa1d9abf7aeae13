//! Looks that the law hides for a time: logged and counted at once, shown by themselves when their time is over.
use exchange::{Ask, Enquiry, GrantSeed, Hiding, Part, Subject, SubjectKind, Want};
use platform::policy::{Action, Actor, ActorKind, On, Post, Role};
use platform::{Ctx, Error};
use tests::TestApp;
use time::Duration;

const PURPOSE: &str = "criminal-investigation";
const OFFICE: &str = "public-security";

struct Place {
    app: TestApp,
    number: String,
    owner: String,
}

async fn place() -> Place {
    let mut app = TestApp::with(|config| config.exchange.hidden_purposes = vec![PURPOSE.into()]).await;
    app.release_jobs(); // the days that pass bring reminders of requests that this test is not about
    let sql = "SELECT p.number, p.id FROM directory_person p JOIN directory_account a ON a.subject = p.id \
               WHERE a.login = 'su.yunling'";
    let row = &app.rows(sql).await[0];
    let (number, owner) = (row.text(0).unwrap(), row.text(1).unwrap());
    let ctx = Ctx::system(app.platform(), "tests.grant");
    let seed = |purpose: &str| GrantSeed {
        consumer: OFFICE.into(),
        purpose: purpose.into(),
        resource: "population".into(),
        fields: vec!["name".into()],
        basis: "test".into(),
        valid_from: ctx.now(),
        valid_to: None,
    };
    let (seeds, exchange) = ([seed(PURPOSE), seed("supervision")], app.app().exchange.clone());
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &seeds)).await.unwrap();
    Place { app, number, owner }
}

impl Place {
    fn officer(&self, role: Role) -> Ctx {
        let posts = vec![Post { role, office: OFFICE.into() }];
        let actor = Actor { kind: ActorKind::Official, posts, name: "侦查员".into(), ..Actor::system("off_test") };
        Ctx::new(self.app.platform(), actor)
    }

    fn ask(&self, purpose: &str) -> Ask {
        Ask {
            purpose: purpose.into(),
            basis: "《中华人民共和国刑事诉讼法》第五十四条".into(),
            item: None,
            case: None,
            consumer: OFFICE.into(),
            subject: Subject { kind: SubjectKind::Person, number: self.number.clone(), owner: self.owner.clone() },
            wants: vec![Want { resource: "population".into(), fields: vec!["name".into()] }],
            offices: vec![OFFICE.into()],
        }
    }

    fn hiding(&self, days: i64) -> Hiding {
        let until = self.app.today() + Duration::days(days);
        Hiding { until, basis: "《中华人民共和国刑事诉讼法》第一百五十二条".into() }
    }

    async fn hide(&self, role: Role, purpose: &str, days: i64) -> Result<String, Error> {
        let facts =
            self.app.app().exchange.fetch_hidden(&self.officer(role), self.ask(purpose), self.hiding(days)).await;
        facts.map(|facts| facts.trail)
    }

    /// What another system is told.
    async fn told(&self) -> i64 {
        let ctx = Ctx::system(self.app.platform(), "portal");
        let enquiry = Enquiry {
            number: self.number.clone(),
            user: String::new(),
            consumer: "gov-office".into(),
            basis: "test".into(),
        };
        let part = Part { from: None, to: None, offset: 0, limit: 10 };
        self.app.app().exchange.uses(&ctx, enquiry, part).await.unwrap().total
    }
}

#[tokio::test]
async fn a_hidden_look_is_counted_at_once_and_shown_by_itself_in_three_languages() {
    let place = place().await;
    let before = place.told().await;
    let look = place.hide(Role::Decider, PURPOSE, 30).await.unwrap();
    assert_eq!(place.app.count("SELECT COUNT(*) FROM platform_audit WHERE event = 'fact.fetched-hidden'").await, 1);
    assert_eq!(place.told().await, before, "no other system is told either");
    let resident = place.app.sign_in("resident").await;
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        let page = resident.clone().with_lang(lang).get("/my/trail").await;
        page.assert_ok().assert_says_with("exchange-trail-hidden", &[("count", "1")]).assert_lacks("侦查员");
    }
    let mut resident = resident;
    let question = format!("/my/trail/{look}/question");
    resident.get(&question).await.assert_status(404);
    resident.post(&question, &[("words", "为什么查询我的信息？")]).await.assert_status(404);

    place.app.advance_days(29);
    let mut resident = place.app.sign_in("resident").await;
    resident.get("/my/trail").await.assert_ok().assert_lacks("侦查员");
    place.app.advance_days(1);
    let mut resident = place.app.sign_in("resident").await;
    let page = resident.get("/my/trail").await;
    page.assert_ok().assert_has("侦查员").assert_has("云岭市公安局");
    page.assert_lacks(&page.text("exchange-trail-hidden", &[("count", "1")]));
    assert_eq!(place.told().await, before + 1);
    let until = [("until", "2026年12月20日 00:00"), ("basis", "《中华人民共和国刑事诉讼法》第一百五十二条")];
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        let shown = resident.clone().with_lang(lang).get(&question).await;
        shown.assert_ok().assert_has("第一百五十二条");
    }
    resident.get("/my/trail").await.assert_says_with("exchange-look-hidden", &until);
}

#[tokio::test]
async fn only_a_decider_hides_only_for_listed_purposes_and_never_beyond_the_limit() {
    let place = place().await;
    let looks = "SELECT COUNT(*) FROM exchange_trail";
    let before = place.app.count(looks).await;
    assert!(matches!(place.hide(Role::Clerk, PURPOSE, 30).await, Err(Error::Denied(_))));
    assert!(matches!(place.hide(Role::Reviewer, PURPOSE, 30).await, Err(Error::Denied(_))));
    assert!(matches!(place.hide(Role::Decider, "supervision", 30).await, Err(Error::Denied("exchange-denied-hide"))));
    for days in [-1, 0, 181, 4_000] {
        assert!(matches!(place.hide(Role::Decider, PURPOSE, days).await, Err(Error::Invalid(_))), "{days}");
    }
    assert_eq!(place.app.count(looks).await, before, "who may not hide has not looked");
    place.hide(Role::Decider, PURPOSE, 180).await.unwrap();
}

#[tokio::test]
async fn a_hand_in_the_database_hides_nothing_longer_than_the_limit() {
    let place = place().await;
    place.hide(Role::Decider, PURPOSE, 180).await.unwrap();
    let Place { app, .. } = place;
    let stopped = app.stop().await;
    stopped.change("UPDATE exchange_hidden SET until = 9000000000000000000").await;
    let mut app = TestApp::resume(stopped).await;
    app.release_jobs();
    let mut resident = app.sign_in("resident").await;
    resident.get("/my/trail").await.assert_ok().assert_lacks("侦查员");
    app.advance_days(180);
    let mut resident = app.sign_in("resident").await;
    resident.get("/my/trail").await.assert_ok().assert_has("侦查员");
}

#[tokio::test]
async fn an_auditor_sees_how_many_each_office_hides_and_nobody_else_does() {
    let place = place().await;
    let mut auditor = place.app.sign_in("auditor").await;
    auditor.get("/audit/hidden").await.assert_ok().assert_says("exchange-hidden-none");
    for _ in 0..3 {
        place.hide(Role::Decider, PURPOSE, 10).await.unwrap();
    }
    auditor.get("/audit").await.assert_ok().assert_says("site-audit-hidden");
    let page = auditor.get("/audit/hidden").await;
    page.assert_ok().assert_has("云岭市公安局").assert_has("3").assert_lacks(&place.number).assert_lacks("侦查员");
    place.app.sign_in("permit-decider").await.get("/audit/hidden").await.assert_status(403);
    place.app.sign_in("administrator").await.get("/audit/hidden").await.assert_status(403);
}
