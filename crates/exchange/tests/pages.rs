//! The trail as its subject sees it, and questions from asking to the answer.
#![allow(clippy::unwrap_used)]
mod common;

use std::collections::BTreeMap;

use common::*;
use exchange::LookSeed;
use platform::clock::{DAY, HOUR, Timestamp};
use platform::policy::{Actor, ActorKind};

fn look(at: i64, kind: ActorKind, actor: &str) -> LookSeed {
    LookSeed {
        at: Timestamp(at),
        number: PERSON.into(),
        actor_kind: kind,
        actor: actor.into(),
        actor_name: format!("Name of {actor}"),
        office: (kind == ActorKind::Official).then(|| "civil-affairs".to_owned()),
        consumer: "civil-affairs".into(),
        purpose: "case-handling".into(),
        basis: "Article <6>".into(),
        item: None,
        case: None,
        fields: BTreeMap::from([("population".into(), vec!["name".into(), "birth_date".into()])]),
    }
}

async fn seed(place: &Place, looks: Vec<LookSeed>) {
    let exchange = place.exchange.clone();
    place.platform.db().write(place.grant(), move |tx| exchange.seed_trail(tx, &looks)).await.unwrap();
}

async fn ids(place: &Place) -> Vec<String> {
    let rows = place.rows("SELECT id FROM exchange_trail ORDER BY at DESC, id DESC").await;
    rows.iter().map(|row| row.text(0).unwrap()).collect()
}

#[tokio::test]
async fn a_resident_sees_each_look_newest_first_in_plain_words() {
    let place = Place::new().await;
    place.give_senior_card().await;
    seed(
        &place,
        vec![look(NOW - 40 * DAY, ActorKind::System, "job"), look(NOW - 2 * HOUR, ActorKind::Official, "off_7")],
    )
    .await;
    let asked = || ask(vec![want("population", &["name", "birth_date"])]);
    place.exchange.fetch(&place.ctx(reviewer()), asked()).await.unwrap();
    place.later(HOUR);
    place.exchange.fetch(&place.ctx(resident()), asked()).await.unwrap();
    let me = place.sign_in(&resident()).await;
    let page = place.get(&me, "/my/trail").await;
    assert_eq!(page.status, 200);
    page.has(&[
        "November 2026",
        "October 2026",
        "civil-affairs [en], Official off_1",
        "civil-affairs [en], automatic processing",
        "Your own look",
        "Looked at: Name, Date of birth",
        "(Population register, public-security [en])",
        &format!("<a href=\"/cases/{CASE}\">Senior card [en]</a>"),
        "Basis: Measures, article 6 [en]",
        "Handling a case",
        "Article &#60;6&#62;",
    ]);
    page.lacks(&["Older ones", "exchange-", PERSON, "You questioned"]);
    let places =
        ["Your own look", "Official off_1", "Name of off_7", "automatic processing"].map(|t| page.body.find(t));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    // One's own look cannot be questioned.
    assert_eq!(page.body.matches("Question this look").count(), 3);
    let people = place.get(&me, "/my/trail?only=people").await;
    people.has(&["Official off_1", "Name of off_7"]);
    people.lacks(&["Your own look", "automatic processing"]);
}

#[tokio::test]
async fn officials_who_look_through_an_offices_own_system_are_people_too() {
    let place = Place::new().await;
    let system = "NP/GOV/91990100/desk";
    let named = LookSeed { actor_name: "NP42".into(), ..look(NOW - HOUR, ActorKind::System, system) };
    let unnamed = LookSeed { actor_name: system.into(), ..look(NOW - 2 * HOUR, ActorKind::System, system) };
    seed(&place, vec![named, unnamed, look(NOW - 3 * HOUR, ActorKind::Official, "off_7")]).await;
    let me = place.sign_in(&resident()).await;
    assert_eq!(place.get(&me, "/my/trail").await.body.matches("<li id=\"trl_").count(), 3);
    let people = place.get(&me, "/my/trail?only=people").await;
    people.has(&["user NP42", "Name of off_7"]);
    assert_eq!(people.body.matches("<li id=\"trl_").count(), 2, "{}", people.body);
}

#[tokio::test]
async fn nobody_sees_the_trail_of_another() {
    let place = Place::new().await;
    seed(&place, vec![look(NOW, ActorKind::Official, "off_7")]).await;
    let id = ids(&place).await.remove(0);
    let other = place.sign_in(&neighbour()).await;
    place.get(&other, "/my/trail").await.has(&["No look of this kind is recorded"]);
    assert_eq!(place.get(&other, &format!("/my/trail/{id}/question")).await.status, 404);
    assert_eq!(place.post(&other, &format!("/my/trail/{id}/question"), "why, please?").await.status, 404);
    let official = place.sign_in(&reviewer()).await;
    assert_eq!(place.get(&official, "/my/trail").await.status, 403);
    let stranger = Signed { token: "none".into(), csrf: "none".into() };
    assert!(place.get(&stranger, "/my/trail").await.location.starts_with("/sign-in?back="));
    assert!(place.rows("SELECT id FROM exchange_question").await.is_empty());
}

#[tokio::test]
async fn an_agent_sees_the_trail_of_the_enterprise_and_not_the_own_one() {
    let place = Place::new().await;
    seed(&place, vec![LookSeed { number: OTHER.into(), ..look(NOW - DAY, ActorKind::Official, "off_7") }]).await;
    place.exchange.fetch(&place.ctx(agent()), about_enterprise(vec![want("enterprise", &["name"])])).await.unwrap();
    place.later(HOUR);
    let system = Actor::system("services.decide");
    place.exchange.fetch(&place.ctx(system), about_enterprise(vec![want("enterprise", &["status"])])).await.unwrap();
    let page = place.get(&place.sign_in(&agent()).await, "/my/trail").await;
    page.has(&["溪桥饭店", "automatic processing", "Your own look", "Business register"]);
    page.lacks(&["off_7"]);
}

#[tokio::test]
async fn a_long_trail_is_read_page_by_page() {
    let place = Place::new().await;
    // Several looks of one instant, and rows that came in later than newer ones.
    let looks = (0..60).map(|n| look(NOW - (n % 20) * DAY, ActorKind::Official, &format!("off_{n:02}x"))).collect();
    seed(&place, looks).await;
    let me = place.sign_in(&resident()).await;
    let (mut path, mut seen, mut pages) = ("/my/trail".to_owned(), Vec::new(), 0);
    loop {
        let page = place.get(&me, &path).await;
        seen.extend(page.body.match_indices("<li id=\"").map(|(at, _)| page.body[at + 8..at + 38].to_owned()));
        pages += 1;
        let Some(at) = page.body.find("/my/trail?only=&#38;before=") else { break };
        let rest = &page.body[at..];
        path = rest[..rest.find('"').unwrap()].replace("&#38;", "&");
    }
    assert_eq!((pages, seen.clone()), (3, ids(&place).await));
    seen.dedup();
    assert_eq!(seen.len(), 60);
}

#[tokio::test]
async fn a_question_goes_to_the_office_and_its_answer_comes_back() {
    let place = Place::new().await;
    seed(&place, vec![look(NOW - DAY, ActorKind::Official, "off_7")]).await;
    let id = ids(&place).await.remove(0);
    let path = format!("/my/trail/{id}/question");
    let me = place.sign_in(&resident()).await;
    place.get(&me, &path).await.has(&["What do you want to know?", "1000 characters at most"]);
    let short = place.post(&me, &path, " <b>").await;
    assert_eq!(short.status, 422);
    short.has(&["too short", "&#60;b&#62;", "aria-invalid=\"true\"", "href=\"#words\""]);

    assert_eq!(place.post(&me, &path, "Why was this needed?").await.location, path);
    // A repeat, by mistake or with other words, changes nothing.
    assert_eq!(place.post(&me, &path, "Something else?").await.location, path);
    let page = place.get(&me, &path).await;
    page.has(&["Why was this needed?", "4 December 2026"]); // ten working days after a Saturday
    page.lacks(&["Something else", "Send the question"]);
    place.get(&me, "/my/trail?only=questioned").await.has(&["You asked", "To be answered by 4 December 2026"]);

    let (wrong, right) = (official("off_3", platform::policy::Role::Decider, "hrss"), reviewer());
    let (wrong, right) = (place.sign_in(&wrong).await, place.sign_in(&right).await);
    place.get(&wrong, "/inbox/questions").await.has(&["There are no questions here"]);
    let list = place.get(&right, "/inbox/questions").await;
    list.has(&["Why was this needed?", "Name of off_7", "4 December 2026"]);
    list.lacks(&["Overdue", "王秀兰"]);
    let at = list.body.find("/inbox/questions/tqn_").unwrap();
    let answer = list.body[at..at + 47].to_owned();
    assert_eq!(place.get(&wrong, &answer).await.status, 404);
    assert_eq!(place.post(&wrong, &answer, "None of our business.").await.status, 404);
    assert_eq!(place.get(&me, &answer).await.status, 403);

    place.later(20 * DAY);
    let (me, right) = (place.sign_in(&resident()).await, place.sign_in(&reviewer()).await);
    place.get(&right, "/inbox/questions").await.has(&["Overdue"]);
    place.get(&me, "/my/trail").await.has(&["Overdue", "The answer was due by 4 December 2026"]);
    assert_eq!(place.post(&right, &answer, "").await.status, 422);
    assert_eq!(place.post(&right, &answer, "For the card you applied for.").await.location, answer);
    assert_eq!(place.post(&right, &answer, "For the card you applied for.").await.status, 303);
    let second = place.sign_in(&official("off_2", platform::policy::Role::Decider, "civil-affairs")).await;
    assert_eq!(place.post(&second, &answer, "Another answer.").await.status, 409);
    place.get(&right, "/inbox/questions").await.has(&["There are no questions here"]);
    place.get(&right, "/inbox/questions?view=answered").await.has(&["Why was this needed?"]);

    place.get(&me, &path).await.has(&["For the card you applied for.", "civil-affairs [en] Official off_1"]);
    place.get(&me, "/my/trail").await.has(&["Answered"]);
    let notices = place.rows("SELECT owner, key, href FROM platform_notice").await;
    assert_eq!(notices.len(), 1);
    let notice = [0, 1, 2].map(|at| notices[0].text(at).unwrap());
    assert_eq!(notice, ["per_1", "exchange-notice-answered", path.as_str()]);
    let events = place.rows("SELECT event FROM platform_audit WHERE event LIKE 'trail.%' ORDER BY id").await;
    let events: Vec<&str> = events.iter().map(|row| row.str(0).unwrap()).collect();
    let expected =
        ["trail.written", "trail.questioned", "trail.question-repeated", "trail.answered", "trail.answer-repeated"];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn a_look_through_an_offices_own_system_names_its_user_and_its_case() {
    let place = Place::new().await;
    let client = "NP/GOV/11990100010003008E/civil-affairs";
    let own = |at: i64, name: &str, case: Option<&str>| LookSeed {
        actor_name: name.into(),
        case: case.map(str::to_owned),
        ..look(at, ActorKind::System, client)
    };
    let user = "CN11010519491231002X";
    let looks =
        vec![own(NOW - 3, client, Some(CASE)), own(NOW - 2, "CN4711", Some("2026/17")), own(NOW - 1, user, None)];
    seed(&place, looks).await;
    let id = ids(&place).await.remove(1);
    let me = place.sign_in(&resident()).await;
    let page = place.get(&me, "/my/trail").await;
    page.has(&[
        "civil-affairs [en], through its own system<",
        "civil-affairs [en], through its own system, user CN4711",
        "civil-affairs [en], through its own system, user …002X",
        "Case 2026/17",
        &format!("href=\"/cases/{CASE}\""),
    ]);
    // A number of another system leads nowhere here; an official's personal number is told by its end.
    page.lacks(&["/cases/2026/17", user, "automatic processing"]);

    let path = format!("/my/trail/{id}/question");
    place.post(&me, &path, "Why was this needed?").await;
    let office = place.sign_in(&reviewer()).await;
    let list = place.get(&office, "/inbox/questions").await;
    let at = list.body.find("/inbox/questions/tqn_").unwrap();
    place.get(&office, &list.body[at..at + 47]).await.has(&["Case 2026/17"]);
}

#[tokio::test]
async fn the_office_reads_the_number_of_the_case_that_is_asked_about() {
    let place = Place::new().await;
    seed(&place, vec![LookSeed { case: Some(CASE.into()), ..look(NOW, ActorKind::Official, "off_7") }]).await;
    let me = place.sign_in(&resident()).await;
    place.post(&me, &format!("/my/trail/{}/question", ids(&place).await.remove(0)), "Why was this needed?").await;
    let office = place.sign_in(&reviewer()).await;
    let list = place.get(&office, "/inbox/questions").await;
    let at = list.body.find("/inbox/questions/tqn_").unwrap();
    let page = place.get(&office, &list.body[at..at + 47]).await;
    page.has(&[&format!("Case {CASE_NUMBER}")]);
    page.lacks(&[CASE]);
}

#[tokio::test]
async fn ones_own_look_has_no_office_to_ask() {
    let place = Place::new().await;
    seed(&place, vec![look(NOW, ActorKind::Person, "per_1")]).await;
    let path = format!("/my/trail/{}/question", ids(&place).await.remove(0));
    let me = place.sign_in(&resident()).await;
    place.get(&me, &path).await.has(&["This was your own look"]);
    assert_eq!(place.post(&me, &path, "Why did I do this?").await.status, 409);
    assert!(place.rows("SELECT id FROM exchange_question").await.is_empty());
}

#[tokio::test]
async fn a_form_without_the_sessions_token_does_nothing() {
    let place = Place::new().await;
    seed(&place, vec![look(NOW, ActorKind::Official, "off_7")]).await;
    let path = format!("/my/trail/{}/question", ids(&place).await.remove(0));
    let me = place.sign_in(&resident()).await;
    let forged = Signed { csrf: "forged".into(), token: me.token.clone() };
    assert_eq!(place.post(&forged, &path, "Why was this needed?").await.status, 403);
    assert_eq!(place.get(&me, "/my/trail/trl_../question").await.status, 404);
    assert!(place.rows("SELECT id FROM exchange_question").await.is_empty());
}
