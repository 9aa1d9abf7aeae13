//! The rosters of the two gateways.
use std::net::SocketAddr;

use super::Doors;

pub(super) fn consumer_roster(far: &Doors, address: SocketAddr) -> String {
    format!(
        r#"
instance: NP
server: {{class: GOV, member: "1001", code: near}}
subsystems:
  - {{id: GOV/1001/hall, name: Hall, member_name: City, callers: {{networks: [127.0.0.0/8]}}}}
  - {{id: GOV/1001/other, name: Other, member_name: City, callers: anyone}}
  - {{id: GOV/1001/grouped, name: Grouped, member_name: City, callers: anyone}}
  - {{id: GOV/1001/mute, name: Mute, member_name: City}}
  - {{id: GOV/1001/secret, name: Secret, member_name: City, callers: {{networks: [127.0.0.0/8], tokens: ["{token}"]}}}}
  - {{id: GOV/1001/distant, name: Distant, member_name: City, callers: {{networks: [10.0.0.0/8]}}}}
peers:
  - server: NP/GOV/2002/far
    address: "{address}"
    keys: ["{key}"]
    subsystems:
      - {{id: NP/GOV/2002/population, name: Population, member_name: Police}}
"#,
        token = seal::digest::to_hex(&seal::digest::sha256(b"token")),
        key = far.public_key(),
    )
}

pub(super) fn provider_roster(near: &Doors, application: SocketAddr) -> String {
    let closed = "127.0.0.1:9";
    format!(
        r#"
instance: NP
server: {{class: GOV, member: "2002", code: far}}
groups:
  - {{code: city, members: [NP/GOV/1001/grouped]}}
subsystems:
  - id: GOV/2002/population
    name: Population
    member_name: Police
    services:
      - code: persons
        url: "http://{application}/api"
        timeout_seconds: 1
        access:
          - {{to: NP/GOV/1001/hall}}
          - {{to: NP/GOV/1001/other, method: GET, path: /public/*}}
          - {{group: city, path: "/public/**"}}
      - {{code: off, url: "http://{application}/api", disabled: until Monday, access: [{{to: NP/GOV/1001/hall}}]}}
      - code: looked
        url: "http://{application}/api"
        subject: {{at: !query personCode, purpose: tax, basis: Act 7, fields: [income]}}
        access: [{{to: NP/GOV/1001/hall}}]
      - {{code: mirror, url: "application:mirror", access: [{{to: NP/GOV/1001/hall}}]}}
      - {{code: down, url: "http://{closed}", access: [{{to: NP/GOV/1001/hall}}]}}
      - code: described
        kind: openapi
        url: "http://{application}/api"
        openapi: '{{"openapi":"3.0.0","servers":[{{"url":"http://inner:8080/api"}}],"paths":{{}}}}'
        access: [{{to: NP/GOV/1001/hall, method: GET, path: /a}}]
peers:
  - server: NP/GOV/1001/near
    address: "{address}"
    keys: ["{key}"]
    subsystems:
      - {{id: NP/GOV/1001/hall, name: Hall, member_name: City}}
      - {{id: NP/GOV/1001/other, name: Other, member_name: City}}
      - {{id: NP/GOV/1001/grouped, name: Grouped, member_name: City}}
"#,
        address = near.address(),
        key = near.public_key(),
    )
}
