//! One number, one source; the tree; the search.
use super::*;
use crate::model::resource::Field;

/// The whole pack of the demo city.
fn demo() -> Vec<Resource> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/demo/registers");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        Resource::parse(&path.to_string_lossy(), &std::fs::read_to_string(path).unwrap()).unwrap()
    };
    paths.iter().map(read).collect()
}

fn of<'a>(resources: &'a mut [Resource], key: &str) -> &'a mut Resource {
    resources.iter_mut().find(|resource| resource.key == key).unwrap()
}

fn field(from: &Resource, key: &str) -> Field {
    from.field(key).unwrap().clone()
}

#[test]
fn the_demo_city_has_one_source_for_each_number() {
    let catalogue = Catalogue::build(demo()).unwrap();
    assert_eq!(catalogue.get("credit").unwrap().provider, "development");
    assert!(catalogue.len() >= 25, "{}", catalogue.len());
    for base in [Base::Population, Base::LegalEntity, Base::Space, Base::Economy, Base::Credit, Base::Theme] {
        assert!(!catalogue.search("", Some(base)).is_empty(), "nothing in {base:?}");
    }
    assert!(catalogue.iter().all(|r| !r.provider_code.is_empty() && !r.rules.is_empty()), "every entry is complete");
    assert!(catalogue.get("nothing").is_none());
}

#[test]
fn a_second_claim_is_refused_by_name_and_by_key() {
    for rename in ["name", "full_name"] {
        let mut resources = demo();
        let name = Field { key: rename.into(), ..field(of(&mut resources, "population"), "name") };
        of(&mut resources, "education").fields.push(name);
        let error = Catalogue::build(resources).unwrap_err();
        assert!(error.contains(&format!("education.{rename} claims what population.name holds")), "{error}");
    }
}

#[test]
fn two_resources_of_one_entry_may_not_share_a_field() {
    let mut resources = demo();
    let level = field(of(&mut resources, "education"), "level");
    let other = of(&mut resources, "real-estate");
    (other.code, other.fields) = ("202001/000077".into(), vec![level]);
    let error = Catalogue::build(resources).unwrap_err();
    assert!(error.contains("level") && error.contains("education") && error.contains("real-estate"), "{error}");
}

#[test]
fn a_key_or_a_code_that_stands_twice_is_refused() {
    let mut resources = demo();
    let again = of(&mut resources, "credit").clone();
    resources.push(again);
    assert!(Catalogue::build(resources).unwrap_err().contains("credit stands twice"));
    let mut resources = demo();
    of(&mut resources, "credit").code = "101001/000001".into();
    assert!(Catalogue::build(resources).unwrap_err().contains("one code"));
}

#[test]
fn search_finds_in_three_languages_and_by_field() {
    let catalogue = Catalogue::build(demo()).unwrap();
    let keys =
        |q: &str, base| catalogue.search(q, base).iter().map(|resource| resource.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys("HOUSEHOLD registration", Some(Base::Population)), ["population", "residence"]);
    assert_eq!(keys("残疾人证", None), ["disability"]);
    assert_eq!(keys("會保險 繳費", None), ["social-insurance"]);
    assert_eq!(keys("months_paid", None), ["social-insurance"]);
    assert_eq!(keys("", None).len(), catalogue.len());
    assert!(keys("no such thing", None).is_empty());
}

#[test]
fn the_tree_counts_what_stands_below_each_place() {
    let catalogue = Catalogue::build(demo()).unwrap();
    let tree = catalogue.tree();
    assert_eq!(tree.iter().map(|branch| branch.place.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(tree.iter().map(|branch| branch.count).sum::<usize>(), catalogue.len());
    let environment = tree[1].branches.iter().find(|branch| branch.place == "209").unwrap();
    let discharges = environment.branches.iter().find(|branch| branch.place == "209001").unwrap();
    assert_eq!(
        (discharges.branches[0].place.as_str(), discharges.branches[0].name.en.as_str()),
        ("20900101", "Discharge permits")
    );
    let found = catalogue.search_at("", None, "209");
    assert_eq!(found.len(), environment.count);
}

#[test]
fn a_place_of_the_classification_bears_one_name() {
    let mut resources = demo();
    of(&mut resources, "residence").item.en = "Police".into();
    let error = Catalogue::build(resources).unwrap_err();
    assert!(error.contains("301 of the classification"), "{error}");
}

#[test]
fn clashes_name_the_field_and_who_holds_it() {
    let mut resources = demo();
    let catalogue = Catalogue::build(resources.clone()).unwrap();
    let birth = field(of(&mut resources, "population"), "birth_date");
    let new = of(&mut resources, "education");
    new.fields.push(Field { key: "born_on".into(), ..birth });
    let clashes = catalogue.clashes(new);
    let wanted = Clash { field: "born_on".into(), holder: "population".into(), holder_field: "birth_date".into() };
    assert_eq!(clashes, [wanted]);
    assert!(catalogue.with(std::slice::from_ref(new)).is_err());
    assert!(catalogue.clashes(catalogue.get("population").unwrap()).is_empty(), "its own older version is no rival");
    assert_eq!(catalogue.next_serial() as usize, catalogue.len() + 1);
}

#[test]
fn what_the_form_begins_with_is_the_document_that_stands() {
    for resource in demo() {
        let text = serde_norway::to_string(&resource).unwrap();
        assert_eq!(Resource::read(&text).unwrap(), resource, "{text}");
    }
}

#[test]
fn a_code_without_a_serial_gets_the_next() {
    let text = Resource::with_serial("key: a\ncode: \"204009\"\nname: x", |_| 38);
    assert_eq!(text, "key: a\ncode: \"204009/000038\"\nname: x");
    let whole = "code: \"204009/000007\"";
    assert_eq!(Resource::with_serial(whole, |_| 38), whole, "one that has a serial keeps it");
    assert_eq!(Resource::with_serial("code: \"9\"", |_| 38), "code: \"9\"", "what is wrong is told, not mended");
}
