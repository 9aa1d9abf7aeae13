//! Who can sign in to the demo city: printed, and written to `demo.json` in the data folder.
use std::path::Path;

use platform::error::Result;
use serde_json::json;

use super::city::Characters;
use super::keys::Keys;
use crate::doors::Doors;
use crate::serve::Server;

/// The password of every account of the fictional city.
pub const PASSWORD: &str = "yunling-demo-2026";

/// Key for tests and journeys, login, what the person is there for, and where to begin.
pub const SIGN_INS: [(&str, &str, &str, &str); 12] = [
    ("resident", "su.yunling", "苏云岭 Su Yunling: senior card, residence permit", "/my"),
    ("newcomer", "lu.yuanxing", "陆远行 Lu Yuanxing: residence permit", "/my"),
    ("agent", "he.anlan", "何安澜 He Anlan: food licence for the restaurant (act for it)", "/my"),
    ("card-clerk", "wen.ruyu.mz", "civil affairs, clerk and decider", "/inbox"),
    ("permit-clerk", "liang.zhiqiu.ga", "public security, clerk and reviewer", "/inbox"),
    ("permit-decider", "gao.mingyuan.ga", "public security, decider", "/inbox"),
    ("licence-reviewer", "wang.min.ms", "market supervision, clerk and paper reviewer", "/inbox"),
    ("licence-inspector", "luo.shi.ms", "market supervision, site inspector", "/inbox"),
    ("licence-decider", "shen.heng.ms", "market supervision, decider", "/inbox"),
    ("health-reviewer", "ye.qing.wj", "health, reviewer", "/inbox"),
    ("auditor", "yan.zheng.zs", "auditor", "/audit"),
    ("administrator", "guan.wei.zs", "administrator", "/admin/jobs"),
];

/// Logins of the characters who are residents.
#[must_use]
pub fn residents(characters: &Characters) -> [(&'static str, &super::city::Character); 3] {
    [("su.yunling", &characters.senior), ("lu.yuanxing", &characters.newcomer), ("he.anlan", &characters.agent)]
}

pub fn tell(server: &Server, (doors, keys): (&Doors, &Keys), data: &Path) -> Result<()> {
    let address = format!("http://{}", server.address);
    println!("\n  {address}\n\n  password for all: {PASSWORD}");
    for (_, login, who, path) in SIGN_INS {
        println!("  {login:<18} {who} → {path}");
    }
    let mut gateway = serde_json::Map::new();
    for (door, address) in doors.addresses()? {
        println!("  gateway for {door}: http://{address}");
        gateway.insert(door.to_owned(), address.to_string().into());
    }
    println!("  tokens (GovStack): registries {}, configuration {}", keys.registries, keys.mediator);
    let tokens = json!({"registries": keys.registries, "configuration": keys.mediator});
    let list: Vec<serde_json::Value> = SIGN_INS
        .iter()
        .map(|(key, login, name, path)| {
            json!({"key": key, "login": login, "password": PASSWORD, "name": name, "path": path})
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({
        "address": address, "gateway": gateway, "govstack": tokens, "sign_ins": list,
    }))?;
    // Written whole, then put in place: whoever waits for the file never reads half of it.
    let temporary = data.join("demo.json.new");
    std::fs::write(&temporary, text)?;
    std::fs::rename(temporary, data.join("demo.json"))?;
    Ok(())
}
