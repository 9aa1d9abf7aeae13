//! Rights of one service as the roster's document writes them: each names an application (`to`) or a group.
use platform::error::Result;
use serde_json::{Value, json};

use super::caller::wrong;

/// Members of a group of the document; `Invalid`: the group comes with the federation, which others sign.
fn members(groups: &Value, code: &str) -> Result<Vec<String>> {
    let found = groups.as_array().into_iter().flatten().find(|group| group["code"] == code);
    let found = found.ok_or_else(|| wrong("rights", "site-mediator-group", code))?;
    let texts = found["members"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(texts.map(str::to_owned).collect())
}

/// The right of a group, given to one application.
fn own(right: &Value, client: &str) -> Value {
    let mut right = right.clone();
    if let Some(right) = right.as_object_mut() {
        right.remove("group");
        right.insert("to".into(), client.into());
    }
    right
}

/// Rights as they stand, cut down to the applications for which `keep` holds. A group of which some are kept becomes
/// rights of those; one of which all are kept stays.
fn narrowed(rights: &[Value], groups: &Value, keep: impl Fn(&str) -> bool) -> Result<Vec<Value>> {
    let mut left = Vec::new();
    for right in rights {
        match right["group"].as_str() {
            None => left.extend(right["to"].as_str().filter(|to| keep(to)).map(|_| right.clone())),
            Some(code) => {
                let members = members(groups, code)?;
                if members.iter().all(|member| keep(member)) {
                    left.push(right.clone());
                } else {
                    left.extend(members.iter().filter(|member| keep(member)).map(|member| own(right, member)));
                }
            }
        }
    }
    Ok(left)
}

fn rights(service: &Value) -> &[Value] {
    service["access"].as_array().map_or(&[], Vec::as_slice)
}

/// Exactly these may call the service: what one had stays as it was, who had nothing gets all of it.
pub fn set(service: &mut Value, groups: &Value, clients: &[String]) -> Result<()> {
    let mut access = narrowed(rights(service), groups, |client| clients.iter().any(|one| one == client))?;
    let mut has: Vec<String> = Vec::new();
    for right in &access {
        match right["group"].as_str() {
            Some(code) => has.extend(members(groups, code)?),
            None => has.extend(right["to"].as_str().map(str::to_owned)),
        }
    }
    access.extend(clients.iter().filter(|client| !has.contains(client)).map(|client| json!({"to": client})));
    service["access"] = access.into();
    Ok(())
}

/// The application may call all of the service.
pub fn allow(service: &mut Value, client: &str) {
    let whole = |right: &Value| {
        let is = |name: &str, all: &str| right.get(name).is_none_or(|value| value == all);
        right["to"] == client && is("method", "*") && is("path", "**")
    };
    let mut access = rights(service).to_vec();
    if !access.iter().any(whole) {
        access.push(json!({"to": client}));
    }
    service["access"] = access.into();
}

/// The application may call nothing of the service, whatever group it is in.
pub fn deny(service: &mut Value, groups: &Value, client: &str) -> Result<()> {
    service["access"] = narrowed(rights(service), groups, |one| one != client)?.into();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Value {
        json!([{"code": "city", "members": ["N/G/1/a", "N/G/2/b", "N/G/3/c"]}])
    }

    #[test]
    fn a_denied_member_of_a_group_leaves_the_others_their_rights() {
        let mut service = json!({"access": [{"group": "city", "method": "GET", "path": "/*"}, {"to": "N/G/1/a"}]});
        deny(&mut service, &groups(), "N/G/1/a").unwrap();
        let left =
            json!([{"to": "N/G/2/b", "method": "GET", "path": "/*"}, {"to": "N/G/3/c", "method": "GET", "path": "/*"}]);
        assert_eq!(service["access"], left);
        deny(&mut service, &groups(), "N/G/9/z").unwrap();
        assert_eq!(service["access"], left, "who had no right loses none");
    }

    #[test]
    fn exactly_those_who_are_named_may_call() {
        let start = json!({"access": [{"group": "city", "method": "GET"}]});
        let mut service = start.clone();
        let all = ["N/G/1/a", "N/G/2/b", "N/G/3/c"].map(str::to_owned);
        set(&mut service, &groups(), &all).unwrap();
        assert_eq!(service, start, "a group of which all stay is kept");
        set(&mut service, &groups(), &["N/G/1/a".into(), "N/G/4/d".into()]).unwrap();
        assert_eq!(service["access"], json!([{"to": "N/G/1/a", "method": "GET"}, {"to": "N/G/4/d"}]));
        set(&mut service, &groups(), &[]).unwrap();
        assert_eq!(service["access"], json!([]));
    }

    #[test]
    fn what_is_allowed_twice_stands_once_and_a_part_becomes_the_whole() {
        let mut service = json!({"access": [{"to": "N/G/1/a", "path": "/x"}]});
        allow(&mut service, "N/G/1/a");
        allow(&mut service, "N/G/1/a");
        assert_eq!(service["access"], json!([{"to": "N/G/1/a", "path": "/x"}, {"to": "N/G/1/a"}]));
        let federated = json!({"access": [{"group": "nation"}]});
        assert!(deny(&mut federated.clone(), &groups(), "N/G/1/a").is_err(), "a group of others is not ours to cut");
    }
}
