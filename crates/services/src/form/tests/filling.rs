//! Whole forms of the demo city: prefills, pages that come and go, rows, submission, summary, view.
use platform::i18n::Lang;
use serde_json::{Value, json};

use super::*;
use crate::item::tests::demo_item;

fn filling<'a>(form: &'a Form, answers: &'a Answers, prefills: &'a Prefills) -> Filling<'a> {
    Filling { form, answers, prefills, evidence: &NO_EVIDENCE, divisions: &Places, since: TODAY, today: TODAY }
}

fn drafted(form: &Form) -> (Answers, Prefills) {
    let prefills = Prefills::new(form, &resident());
    let mut answers = Answers::default();
    prefills.lay_into(&mut answers);
    (answers, prefills)
}

#[test]
fn a_senior_card_is_filled_but_for_what_nobody_knows() {
    let form = demo_item("senior-card").form;
    let (mut answers, prefills) = drafted(&form);
    assert_eq!(answers.get("birth-date"), Some(&json!({"y": "1956", "m": "3", "d": "27"})));
    let errors = filling(&form, &answers, &prefills).validate_all();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["has-emergency-contact", "declaration"]);
    send(&form, "emergency", &mut answers, &prefills, &[("has-emergency-contact", "no")]);
    send(&form, "declaration", &mut answers, &prefills, &[("declaration", "yes")]);
    let submission = filling(&form, &answers, &prefills).submit().unwrap();
    assert_eq!(submission.values["birth-date"], json!("1956-03-27"));
    assert_eq!(submission.values["mobile"], json!("13900000001"));
    assert!(submission.changed.is_empty() && !submission.values.contains_key("emergency-name"));
}

#[test]
fn what_a_register_fixes_is_never_taken_from_a_post() {
    let form = demo_item("senior-card").form;
    let (mut answers, prefills) = drafted(&form);
    let forged = [("name", "别人"), ("id-number", "110101199003071233"), ("birth-date.y", "1930"), ("sex", "1")];
    let posted = send(&form, "about-you", &mut answers, &prefills, &forged);
    assert!(posted.patch.is_empty());
    assert_eq!(answers.text("name"), "苏映雪");
    // Not even a draft that was tampered with survives.
    answers.set("name", json!("别人"));
    prefills.lay_into(&mut answers);
    assert_eq!(answers.text("name"), "苏映雪");
    // What no register holds is open for typing.
    let none = Prefills::default();
    assert!(!send(&form, "about-you", &mut Answers::default(), &none, &forged).patch.is_empty());
}

#[test]
fn a_changed_register_value_is_told() {
    let form = demo_item("senior-card").form;
    let (mut answers, prefills) = drafted(&form);
    send(
        &form,
        "contact",
        &mut answers,
        &prefills,
        &[("contact-address", "望川区长河路8号"), ("mobile", "13900000001")],
    );
    let texts = texts();
    let summary = filling(&form, &answers, &prefills).summary(&show(&texts, Lang::En));
    let row = |path: &str| summary.iter().flat_map(|page| &page.rows).find(|row| row.path == path).unwrap();
    let address = row("contact-address").source.as_ref().unwrap();
    assert!(address.changed && address.register_value.contains("莲花街道"));
    assert!(!row("mobile").source.as_ref().unwrap().changed);
    assert!(!row("birth-date").can_change && row("birth-date").value == "27 March 1956");
    let summary = filling(&form, &answers, &prefills).summary(&show(&texts, Lang::ZhHans));
    assert_eq!(summary[0].rows[3].value, "1956年3月27日");
    assert_eq!(summary[0].rows[2].value, "女");
}

#[test]
fn pages_come_and_go_with_answers_and_hidden_answers_are_dropped() {
    let form = demo_item("senior-card").form;
    let (mut answers, prefills) = drafted(&form);
    let keys = |answers: &Answers| -> Vec<String> {
        filling(&form, answers, &prefills).visible_pages().iter().map(|page| page.key.clone()).collect()
    };
    assert_eq!(keys(&answers), ["about-you", "contact", "emergency", "declaration"]);
    send(&form, "emergency", &mut answers, &prefills, &[("has-emergency-contact", "yes")]);
    assert_eq!(keys(&answers).len(), 5);
    let now = filling(&form, &answers, &prefills);
    assert_eq!(now.next_page("emergency").unwrap().key, "emergency-contact");
    assert_eq!(now.prev_page("declaration").unwrap().key, "emergency-contact");
    assert_eq!(now.position("emergency-contact"), Some((4, 5)));
    assert!(now.next_page("declaration").is_none() && now.prev_page("about-you").is_none());
    send(&form, "emergency-contact", &mut answers, &prefills, &[("emergency-name", "林知远")]);
    send(&form, "emergency", &mut answers, &prefills, &[("has-emergency-contact", "no")]);
    send(&form, "declaration", &mut answers, &prefills, &[("declaration", "yes")]);
    // From the page that is gone, the way goes on.
    assert_eq!(filling(&form, &answers, &prefills).next_page("emergency-contact").unwrap().key, "declaration");
    let submission = filling(&form, &answers, &prefills).submit().unwrap();
    assert!(!submission.values.contains_key("emergency-name"));
    assert_eq!(answers.text("emergency-name"), "林知远");
}

#[test]
fn the_task_list_says_how_far_one_is() {
    let form = demo_item("senior-card").form;
    let (mut answers, prefills) = drafted(&form);
    let states = |answers: &Answers| -> Vec<PageState> {
        filling(&form, answers, &prefills).progress().iter().map(|progress| progress.state).collect()
    };
    assert_eq!(states(&answers), [PageState::Todo; 4]);
    send(&form, "about-you", &mut answers, &prefills, &[]);
    send(&form, "contact", &mut answers, &prefills, &[("mobile", "139")]);
    assert_eq!(states(&answers), [PageState::Done, PageState::Started, PageState::Todo, PageState::Todo]);
    assert_eq!(filling(&form, &answers, &prefills).first_unfinished().unwrap().key, "contact");
}

#[test]
fn rows_of_staff_are_checked_each_and_spare_ones_left_out() {
    let form = demo_item("food-licence").form;
    let (mut answers, prefills) = (Answers::default(), Prefills::default());
    let rows = [
        ("staff.0.name", "何知秋"),
        ("staff.0.id-number", "110101199003071233"),
        ("staff.0.duty", "cook"),
        ("staff.1.name", "路远"),
        ("staff.1.id-number", "110101199003071234"),
        ("staff.2.name", " "),
    ];
    send(&form, "staff", &mut answers, &prefills, &rows);
    let page = form.page("staff").unwrap();
    let errors = filling(&form, &answers, &prefills).validate_page(page);
    let found: Vec<(&str, &str)> = errors.iter().map(|error| (error.field.as_str(), error.key)).collect();
    assert_eq!(
        found,
        [("staff.1.id-number", "codes-resident-id-check"), ("staff.1.duty", "form-error-required-choice")]
    );
    answers.remove_row("staff", 1);
    assert!(filling(&form, &answers, &prefills).validate_page(page).is_empty());
    let values = filling(&form, &answers, &prefills).values_so_far();
    let expected = json!([{"name": "何知秋", "id-number": "110101199003071233", "duty": "cook"}]);
    assert_eq!(values["staff"], expected);
    answers.add_row(form.field("staff").unwrap());
    assert_eq!(answers.rows("staff"), 3);
}

#[test]
fn one_row_does_not_wipe_another() {
    let form = demo_item("food-licence").form;
    let (mut answers, prefills) = (Answers::default(), Prefills::default());
    send(&form, "staff", &mut answers, &prefills, &[("staff.0.name", "何知秋"), ("staff.1.name", "路远")]);
    send(&form, "staff", &mut answers, &prefills, &[("staff.1.name", "路遥")]);
    assert_eq!((answers.text("staff.0.name"), answers.text("staff.1.name")), ("何知秋", "路遥"));
}

#[test]
fn the_view_has_everything_a_template_needs() {
    let form = demo_item("food-licence").form;
    let (mut answers, prefills) = (Answers::default(), Prefills::default());
    let posted = [("opening-date.y", "2027"), ("opening-date.m", "2"), ("opening-date.d", "30")];
    send(&form, "opening", &mut answers, &prefills, &posted);
    let (texts, page) = (texts(), form.page("opening").unwrap());
    let now = filling(&form, &answers, &prefills);
    let view = now.view(page, &now.validate_all(), &show(&texts, Lang::En));
    let date = &view.fields[0];
    assert_eq!((date.id.as_str(), date.kind), ("f-opening-date", "date"));
    assert_eq!(date.parts[2].value, "30");
    assert!(date.parts[2].invalid && !date.parts[1].invalid);
    assert!(date.error.as_ref().unwrap().contains("has 28 days"), "{:?}", date.error);
    assert_eq!(date.described_by, "f-opening-date-error");
    assert_eq!(view.errors.len(), 1);
    assert_eq!(view.errors[0].target, "f-opening-date-d");
    let view = now.view(form.page("staff").unwrap(), &[], &show(&texts, Lang::ZhHans));
    assert_eq!(view.fields[0].rows.len(), 1);
    assert_eq!(view.fields[0].rows[0].fields[1].name, "staff.0.id-number");
    assert_eq!(view.fields[0].add.as_deref(), Some("add:staff:1"));
    assert_eq!(view.fields[0].rows[0].remove, None);
    let view = now.view(form.page("premises").unwrap(), &[], &show(&texts, Lang::En));
    assert_eq!(view.fields[1].options[0].label, "Qingxi District");
    assert_eq!(view.fields[3].suffix.as_deref(), Some("m²"));
}

#[test]
fn a_prefilled_page_shows_source_and_date() {
    let form = demo_item("senior-card").form;
    let (answers, prefills) = drafted(&form);
    let texts = texts();
    let view = filling(&form, &answers, &prefills).view(&form.pages[0], &[], &show(&texts, Lang::ZhHant));
    let birth = view.fields[3].prefill.as_ref().unwrap();
    assert_eq!((birth.source.as_str(), birth.as_of_text.as_str()), ("人口庫", "2026年11月20日"));
    assert!(!birth.editable && birth.text == "1956年3月27日");
}

#[test]
fn fields_that_an_answer_reveals_are_shown_before_they_are_missed() {
    let mut later = field("which", json!({"type": "text"}));
    later["when"] = json!({"field": "any", "equals": "yes"});
    let form = form_of(json!([field("any", json!({"type": "yes-no"})), later]));
    let (mut answers, prefills) = (Answers::default(), Prefills::default());
    let earlier = answers.clone();
    send(&form, "one", &mut answers, &prefills, &[("any", "yes")]);
    let now = filling(&form, &answers, &prefills);
    assert_eq!(now.revealed(&form.pages[0], &filling(&form, &earlier, &prefills)), ["which"]);
    assert_eq!(now.validate_all()[0].field, "which");
}

#[test]
fn answers_survive_being_stored() {
    let form = demo_item("food-licence").form;
    let (mut answers, prefills) = drafted(&form);
    send(&form, "staff", &mut answers, &prefills, &[("staff.0.name", " 何知秋\r\n")]);
    let stored = serde_json::to_string(&answers).unwrap();
    let back: Answers = serde_json::from_str(&stored).unwrap();
    assert_eq!(back, answers);
    assert_eq!(back.get("staff.0.name"), Some(&Value::from(" 何知秋\r\n")));
}

#[test]
fn a_day_that_was_right_when_it_was_answered_stays_right_while_offices_work() {
    let form = form_of(json!([field("from", json!({"type": "date", "min": "today", "max": "today+1"}))]));
    let (mut answers, prefills) = (Answers::default(), Prefills::default());
    let typed = [("from.y", "2026"), ("from.m", "11"), ("from.d", "21")];
    send(&form, "one", &mut answers, &prefills, &typed);
    let later = TODAY.next_day().unwrap().next_day().unwrap();
    let (given, late) =
        (filling(&form, &answers, &prefills), Filling { today: later, ..filling(&form, &answers, &prefills) });
    assert_eq!(given.values_so_far()["from"], json!("2026-11-21"));
    assert_eq!(late.values_so_far()["from"], json!("2026-11-21"), "given on the first day, decided on a later one");
    assert!(Filling { since: later, ..late }.values_so_far().is_empty(), "given later, it would be too early");
}
