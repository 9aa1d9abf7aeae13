//! Laws: whatever is posted, nothing panics, and every text typed into an input of the page is kept as typed.
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::item::tests::demo_item;

fn every_kind() -> Form {
    let options = json!([{"value": "a", "label": {"zh-Hans": "甲", "zh-Hant": "甲", "en": "A"}}]);
    let row = json!([field("n", json!({"type": "text"})), field("d", json!({"type": "date"}))]);
    form_of(json!([
        field("text", json!({"type": "text", "pattern": "bank-card"})),
        field("long", json!({"type": "long-text"})),
        field("number", json!({"type": "number", "decimals": 3, "min": -5})),
        field("money", json!({"type": "money"})),
        field("date", json!({"type": "date", "max": "today"})),
        field("month", json!({"type": "month"})),
        field("id", json!({"type": "resident-id"})),
        field("uscc", json!({"type": "uscc"})),
        field("phone", json!({"type": "phone"})),
        field("email", json!({"type": "email"})),
        field("radios", json!({"type": "radios", "options": options})),
        field("boxes", json!({"type": "checkboxes", "options": options})),
        field("yes", json!({"type": "yes-no"})),
        field("division", json!({"type": "division", "level": "county", "within": "990100"})),
        field("file", json!({"type": "file", "accept": ["pdf"], "max_bytes": 10})),
        field("declared", json!({"type": "declaration"})),
        field("rows", json!({"type": "repeat", "max": 4, "fields": row})),
    ]))
}

const SCALARS: [&str; 12] =
    ["text", "long", "number", "money", "id", "uscc", "phone", "email", "radios", "yes", "division", "declared"];
const OTHERS: [&str; 12] = [
    "date.y",
    "date.m",
    "date.d",
    "month.y",
    "month.m",
    "rows.0.n",
    "rows.1.d.m",
    "rows.3.n",
    "rows.9.n",
    "rows.x.n",
    "file",
    "boxes",
];

fn name() -> impl Strategy<Value = String> {
    let known = prop::sample::select([SCALARS.as_slice(), OTHERS.as_slice()].concat());
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "[a-z.0-9]{0,12}", 1 => any::<String>()]
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![4 => any::<String>(), 2 => "[0-9X.,¥元 -]{0,20}", 1 => "[０-９]{1,4}", 1 => "(yes|no|a|990102)"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_post_is_read_checked_and_shown(list in prop::collection::vec((name(), typed()), 0..40)) {
        let form = every_kind();
        let (mut answers, prefills) = (Answers::default(), Prefills::default());
        let posted = parse_posted(&form.pages[0], &list, &prefills);
        answers.apply(posted.patch.clone());
        answers.apply(posted.patch);
        let filling = Filling { form: &form, answers: &answers, prefills: &prefills, evidence: &NO_EVIDENCE, divisions: &Places, since: TODAY, today: TODAY };
        let errors = filling.validate_all();
        prop_assert_eq!(filling.submit().is_ok(), errors.is_empty());
        for (name, _) in list.iter().filter(|(name, _)| SCALARS.contains(&name.as_str()) || name.starts_with("date.")) {
            let last = list.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
            let known = SCALARS.contains(&name.as_str()) || ["date.y", "date.m", "date.d"].contains(&name.as_str());
            if known {
                prop_assert_eq!(Some(answers.text(name)), last);
            }
        }
    }

    #[test]
    fn typed_text_comes_back_into_the_page(value in typed(), at in 0..SCALARS.len() - 1) {
        let form = every_kind();
        let (mut answers, prefills) = (Answers::default(), Prefills::default());
        answers.apply(parse_posted(&form.pages[0], &[(SCALARS[at].to_owned(), value.clone())], &prefills).patch);
        let filling = Filling { form: &form, answers: &answers, prefills: &prefills, evidence: &NO_EVIDENCE, divisions: &Places, since: TODAY, today: TODAY };
        static TEXTS: LazyLock<platform::i18n::Texts> = LazyLock::new(texts);
        let view = filling.view(&form.pages[0], &filling.validate_all(), &show(&TEXTS, Lang::En));
        let shown = view.fields.iter().find(|field| field.name == SCALARS[at]).map(|field| field.value.clone());
        prop_assert_eq!(shown, Some(value));
    }

    #[test]
    fn what_is_read_is_read_the_same_again(typed in "[0-9]{1,9}(\\.[0-9]{1,2})?") {
        let fen = read_as(json!({"type": "money"}), &[("x", &typed)]).unwrap().as_i64().unwrap();
        let again = read_as(json!({"type": "money"}), &[("x", &super::super::show::yuan(fen))]).unwrap();
        prop_assert_eq!(again.as_i64(), Some(fen));
    }

    #[test]
    fn no_post_reaches_what_a_register_fixes(list in prop::collection::vec((name(), typed()), 0..10), name in typed()) {
        static FORM: LazyLock<Form> = LazyLock::new(|| demo_item("senior-card").form);
        let form = &*FORM;
        let prefills = Prefills::new(form, &resident());
        let mut all = list;
        all.push(("name".to_owned(), name));
        for page in &form.pages {
            let patch = parse_posted(page, &all, &prefills).patch;
            prop_assert!(!patch.contains_key("name") && !patch.contains_key("id-number"));
        }
    }
}
