//! Every key that this crate can give has a message in every language, and no message is left over.

#![allow(clippy::unwrap_used, reason = "the helpers of these tests stand outside test functions")]

use std::collections::BTreeSet;

use codes::{
    BodyNature, CaseType, CodeSet, CrossRange, ExerciseLevel, HandlingForm, ImplementationCode, ItemState, ItemType,
    KEYS, Level, PowerSource, ResultType, Satisfaction, ServiceObject, Sex, SpecialProcedure,
};

const LOCALES: [(&str, &str); 3] = [
    ("zh-Hans", include_str!("../../../locales/zh-Hans/codes.ftl")),
    ("zh-Hant", include_str!("../../../locales/zh-Hant/codes.ftl")),
    ("en", include_str!("../../../locales/en/codes.ftl")),
];

fn keys_of<T: CodeSet>() -> impl Iterator<Item = &'static str> {
    T::ALL.iter().map(|value| value.key())
}

fn expected() -> BTreeSet<&'static str> {
    let odd_region = ImplementationCode::parse("12441500196720244T3652199806003").unwrap().region_warning().unwrap();
    let levels = [Level::Province, Level::City, Level::County, Level::Town, Level::Community];
    KEYS.iter()
        .copied()
        .chain([odd_region.key(), Sex::Male.key(), Sex::Female.key()])
        .chain(levels.map(Level::key))
        .chain((0..100).map(|code| ItemType::from_code(code).key()))
        .chain(ServiceObject::ALL.iter().map(|value| value.key()))
        .chain(keys_of::<ExerciseLevel>())
        .chain(keys_of::<BodyNature>())
        .chain(keys_of::<HandlingForm>())
        .chain(keys_of::<CaseType>())
        .chain(keys_of::<SpecialProcedure>())
        .chain(keys_of::<Satisfaction>())
        .chain(keys_of::<PowerSource>())
        .chain(keys_of::<ItemState>())
        .chain(keys_of::<CrossRange>())
        .chain(keys_of::<ResultType>())
        .collect()
}

fn messages(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|line| line.starts_with("codes-")).map(|line| {
        let (key, value) = line.split_once(" = ").unwrap();
        (key, value)
    })
}

#[test]
fn each_language_has_exactly_these_messages() {
    for (language, text) in LOCALES {
        let keys: Vec<&str> = messages(text).map(|(key, _)| key).collect();
        let distinct: BTreeSet<&str> = keys.iter().copied().collect();
        assert_eq!(distinct, expected(), "{language}");
        assert_eq!(distinct.len(), keys.len(), "{language}: a key stands twice");
    }
}

/// The arguments that a message uses, as far as its fault has them.
#[test]
fn messages_use_only_arguments_that_exist() {
    let of = |key: &str| match key.rsplit('-').next().unwrap() {
        "length" => vec!["found", "expected"],
        "character" | "check" | "value" => vec!["position", "found", "expected"],
        "date" => vec!["position", "found"],
        "future" => vec!["position", "found", "today"],
        "row" => vec!["line", "found"],
        "region" => vec!["found", "expected"],
        _ => vec![],
    };
    for (language, text) in LOCALES {
        for (key, message) in messages(text) {
            for used in message.split("{ $").skip(1).map(|rest| rest.split(' ').next().unwrap()) {
                assert!(of(key).contains(&used), "{language}: {key} uses {used}");
            }
        }
    }
}
