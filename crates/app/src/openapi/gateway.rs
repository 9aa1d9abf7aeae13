//! What the gateway's door for information systems answers itself: X-Road's metadata services and the data trail.
use super::{Answer, Document, JSON, OBJECT, Operation, PROBLEM, PROBLEM_SCHEMA, Parameter};

/// The subsystem of the demo city that offers and may call `findUsage`.
const CLIENT: &str = r#"{"type":"string","enum":["NP/GOV/11990100010001007H/gov-office"]}"#;
const NUMBER: &str = r#"{"type":"string","example":"11010519491231002X"}"#;
const MOMENT: &str = r#"{"type":"string","format":"date-time"}"#;
const CLIENT_HEADER: Parameter = Parameter { name: "X-Road-Client", place: "header", required: true, schema: CLIENT };
const CALLER: &[Parameter] = &[CLIENT_HEADER];
const LIST: &[Parameter] = &[
    Parameter {
        name: "Accept",
        place: "header",
        required: true,
        schema: r#"{"type":"string","enum":["application/json"]}"#,
    },
    Parameter { name: "xRoadInstance", place: "query", required: false, schema: r#"{"type":"string","enum":["NP"]}"# },
];
const DESCRIPTION: &[Parameter] = &[
    CLIENT_HEADER,
    Parameter {
        name: "serviceCode",
        place: "query",
        required: true,
        schema: r#"{"type":"string","enum":["findUsage"]}"#,
    },
];
const USAGE: &[Parameter] = &[
    CLIENT_HEADER,
    Parameter { name: "X-Road-UserId", place: "header", required: true, schema: NUMBER },
    Parameter { name: "userCode", place: "query", required: true, schema: NUMBER },
    Parameter { name: "periodStart", place: "query", required: false, schema: MOMENT },
    Parameter { name: "periodEnd", place: "query", required: false, schema: MOMENT },
    Parameter {
        name: "offset",
        place: "query",
        required: false,
        schema: r#"{"type":"integer","minimum":0,"maximum":4294967295,"default":0}"#,
    },
    Parameter {
        name: "limit",
        place: "query",
        required: false,
        schema: r#"{"type":"integer","minimum":0,"maximum":1000,"default":1000}"#,
    },
];
/// As X-Road tells a fault; its status is 500 for the caller's faults too (PR-REST).
const FAULT: &str = r#"{"type":"object","required":["type","message","detail"],"properties":{"type":{"type":"string"},"message":{"type":"string"},"detail":{"type":"string"}}}"#;
const CLIENTS: &str = r#"{"type":"object","required":["member"],"properties":{"member":{"type":"array","items":{"type":"object","required":["id","name"]}}}}"#;
const SERVICES: &str = r#"{"type":"object","required":["service"],"properties":{"service":{"type":"array","items":{"type":"object","required":["service_code","endpoint_list"]}}}}"#;
const USES: &str = r#"{"type":"object","required":["totalUsages","usages"],"properties":{"totalUsages":{"type":"integer"},"usages":{"type":"array","items":{"type":"object","required":["logtime","action","receiverCode","receiverSystem"],"properties":{"logtime":{"type":"string","format":"date-time"},"action":{"type":"string"},"receiverCode":{"type":"string"},"receiverName":{"type":"string"},"receiverSystem":{"type":"string"}}}}}}"#;
const PERIOD: &str = r#"{"type":"object","required":["periodStart"],"properties":{"periodStart":{"type":"string","format":"date-time"},"periodEnd":{"type":"string","format":"date-time"}}}"#;
const HEARTBEAT: &str = r#"{"type":"object","required":["status"],"properties":{"status":{"type":"string","enum":["OK","FAIL"]},"message":{"type":"string"}}}"#;
const BAD: Answer = Answer(400, JSON, OBJECT);
const FAULTY: Answer = Answer(500, JSON, FAULT);

const fn get(
    path: &'static str,
    id: &'static str,
    rest: (&'static str, &'static [Parameter], &'static [Answer]),
) -> Operation {
    let (summary, parameters, answers) = rest;
    Operation { method: "get", path, id, summary, parameters, body: "", answers }
}

pub(super) const DOCUMENT: Document = Document {
    title: "Tongban: the gateway, as information systems see it",
    what: "X-Road's REST metadata services, and Estonia's findUsage v2 at the subsystem of the demo city that offers it.",
    key_header: "",
    operations: &[
        get("/listClients", "listClients", ("Who takes part", LIST, &[Answer(200, JSON, CLIENTS), FAULTY])),
        get(
            "/r1/NP/GOV/11990100010001007H/gov-office/listMethods",
            "listMethods",
            ("Services of a provider", CALLER, &[Answer(200, JSON, SERVICES), FAULTY]),
        ),
        get(
            "/r1/NP/GOV/11990100010001007H/gov-office/allowedMethods",
            "allowedMethods",
            ("Services that the caller may call", CALLER, &[Answer(200, JSON, SERVICES), FAULTY]),
        ),
        get(
            "/r1/NP/GOV/11990100010001007H/gov-office/getOpenAPI",
            "getOpenAPI",
            ("How a service is described", DESCRIPTION, &[Answer(200, "application/yaml", OBJECT), FAULTY]),
        ),
        get(
            "/r1/NP/GOV/11990100010001007H/gov-office/findUsage/v2/findUsage",
            "findUsage",
            (
                "Who used a person's data, newest first",
                USAGE,
                &[Answer(200, JSON, USES), Answer(400, PROBLEM, PROBLEM_SCHEMA), FAULTY],
            ),
        ),
        get(
            "/r1/NP/GOV/11990100010001007H/gov-office/findUsage/v2/usagePeriod",
            "usagePeriod",
            ("Since when uses are kept", CALLER, &[Answer(200, JSON, PERIOD), BAD, FAULTY]),
        ),
        get(
            "/r1/NP/GOV/11990100010001007H/gov-office/findUsage/v2/heartbeat",
            "heartbeat",
            ("Whether the trail can be read", CALLER, &[Answer(200, JSON, HEARTBEAT), BAD, FAULTY]),
        ),
    ],
};
