//! What the information-mediator door answers, at the applications of the demo city.
use super::{Answer, BAD, DENIED, Document, JSON, OBJECT, Parameter, STRANGER, TEXT, one};

const APPLICATION: Parameter = Parameter {
    name: "X-GovStack-Client",
    place: "header",
    required: true,
    schema: r#"{"type":"string","enum":["NP/GOV/1199010001000200XW/public-security"]}"#,
};
const TYPE: Parameter = Parameter {
    name: "eventType",
    place: "path",
    required: true,
    schema: r#"{"type":"string","pattern":"^[A-Za-z0-9_.-]{1,20}$"}"#,
};
const EVENT: Parameter =
    Parameter { name: "eventId", place: "path", required: true, schema: r#"{"type":"string","format":"uuid"}"# };
const CALLER: &[Parameter] = &[APPLICATION];
const OF_TYPE: &[Parameter] = &[APPLICATION, TYPE];
const OF_EVENT: &[Parameter] = &[APPLICATION, TYPE, EVENT];
const LIST: &[Parameter] =
    &[APPLICATION, Parameter { name: "serviceId", place: "query", required: false, schema: TEXT }];
const DESCRIPTION: &[Parameter] = &[
    Parameter {
        name: "X-GovStack-Client",
        place: "header",
        required: true,
        schema: r#"{"type":"string","enum":["NP/GOV/11990100010001007H/gov-office"]}"#,
    },
    Parameter {
        name: "serviceCode",
        place: "query",
        required: true,
        schema: r#"{"type":"string","enum":["findUsage"]}"#,
    },
];
const INSTANCE: &[Parameter] =
    &[Parameter { name: "instanceId", place: "query", required: false, schema: r#"{"type":"string","enum":["NP"]}"# }];
const INIT: &[Parameter] =
    &[Parameter { name: "init", place: "query", required: false, schema: r#"{"type":"boolean"}"# }];
const RIGHTS: &[Parameter] = &[
    Parameter { name: "memberClass", place: "query", required: false, schema: TEXT },
    Parameter { name: "memberCode", place: "query", required: false, schema: TEXT },
    Parameter { name: "applicationId", place: "query", required: false, schema: TEXT },
    Parameter { name: "serviceId", place: "query", required: false, schema: TEXT },
    Parameter { name: "pageSize", place: "query", required: false, schema: r#"{"type":"number"}"# },
    Parameter { name: "nextPageToken", place: "query", required: false, schema: TEXT },
];

const CLIENTS: &str = r#"{"type":"object","required":["member"],"properties":{"member":{"type":"array","items":{"type":"object","required":["name","id"],"properties":{"name":{"type":"string"},"id":{"type":"object","required":["objectType","instanceId","memberClass","memberCode"],"properties":{"objectType":{"type":"string","enum":["MEMBER","APPLICATION"]},"instanceId":{"type":"string"},"memberClass":{"type":"string"},"memberCode":{"type":"string"},"applicationCode":{"type":"string"}}}}}}}}"#;
const SERVICES: &str = r#"{"type":"object","required":["member"],"properties":{"member":{"type":"array","items":{"type":"object","required":["objectType","serviceCode","serviceType","endpointList"],"properties":{"endpointList":{"type":"object","required":["member"],"properties":{"member":{"type":"array","items":{"type":"object","required":["method","path"]}}}}}}}}}"#;
const CONF: &str = r#"{"type":"object","required":["domain","instance"],"properties":{"domain":{"type":"string"},"instance":{"type":"string"},"members":{"type":"array","items":{"type":"object","required":["name","class","code"],"properties":{"name":{"type":"string"},"class":{"type":"string"},"code":{"type":"string"},"applications":{"type":"array","items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"connection":{"type":"string"},"services":{"type":"array","items":{"type":"object","required":["id","specUrl","serviceUrl"],"properties":{"id":{"type":"string"},"specUrl":{"type":"string","format":"uri"},"serviceUrl":{"type":"string","format":"uri"},"rights":{"type":"array","items":{"type":"object","required":["member","application"],"properties":{"member":{"type":"string"},"application":{"type":"string"}}}}}}}}}}}}}}}"#;
/// The domain of a demo on loopback.
const CONF_HERE: &str = r#"{"type":"object","required":["domain","instance"],"properties":{"domain":{"type":"string","enum":["127.0.0.1"]},"instance":{"type":"string","enum":["NP"]},"members":{"type":"array","maxItems":2,"items":{"type":"object","required":["name","class","code","applications"],"properties":{"name":{"type":"string","minLength":1},"class":{"type":"string","enum":["COM"]},"code":{"type":"string","pattern":"^[0-9]{1,8}$"},"applications":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"object","required":["id"],"properties":{"id":{"type":"string","pattern":"^[a-z]{1,8}$"}}}}}}}}}"#;
const ALLOWED: &str = r#"{"type":"object","required":["allowList"],"properties":{"nextPageToken":{"type":"string"},"allowList":{"type":"array","items":{"type":"object","required":["memberClass","memberCode","applicationId","serviceId","rights"],"properties":{"rights":{"type":"array","items":{"type":"object","required":["member","application"]}}}}}}}"#;
const SET: &str = r#"{"type":"array","maxItems":3,"items":{"type":"object","required":["memberClass","memberCode","applicationId","serviceId","rights"],"properties":{"memberClass":{"type":"string","enum":["GOV"]},"memberCode":{"type":"string","enum":["119901000100060000"]},"applicationId":{"type":"string","enum":["health"]},"serviceId":{"type":"string","enum":["food-staff"]},"rights":{"type":"array","maxItems":3,"items":{"type":"object","required":["member","application"],"properties":{"member":{"type":"string","enum":["11990100010005008H","119901000100080061"]},"application":{"type":"string","enum":["market","education"]}}}}}}}"#;
const KIND: &str = r#"{"type":"object","required":["eventType","schema"],"properties":{"eventType":{"type":"string","pattern":"^[A-Za-z0-9_.-]{1,20}$"},"schema":{"type":"object"}}}"#;
const NAMES: &str = r#"{"type":"array","items":{"type":"string"}}"#;
const PUBLISH: &str = r#"{"type":"object","required":["eventType","event"],"properties":{"eventType":{"type":"string"},"event":{"type":"object"}}}"#;
const MADE: &str = r#"{"type":"object","required":["id"],"properties":{"id":{"type":"string","format":"uuid"}}}"#;
const ITEM: &str = r#"{"type":"object","required":["id","sequence","publisherId","eventType","event"],"properties":{"id":{"type":"string","format":"uuid"},"sequence":{"type":"integer"},"publisherId":{"type":"object"},"eventType":{"type":"string"},"event":{"type":"object"}}}"#;
const WAY: &str = r#"{"type":"object","required":["eventType"],"properties":{"eventType":{"type":"string"},"delivery":{"type":"string","enum":["PUSH","PULL"]}}}"#;
const SUBSCRIPTION: &str = r#"{"type":"object","required":["id","eventType","delivery"],"properties":{"id":{"type":"string","format":"uuid"},"subscriberId":{"type":"object"},"eventType":{"type":"string"},"delivery":{"type":"string","enum":["PUSH","PULL"]},"options":{"type":"object","properties":{"TTL":{"type":"integer"},"FIFO":{"type":"boolean"}}}}}"#;
const SUBSCRIPTIONS: &str = r#"{"type":"array","items":{"type":"object","required":["id","eventType","delivery"]}}"#;
const ERROR: &str = r#"{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}}"#;

/// Of pub/sub itself.
const ROOM_BAD: Answer = Answer(400, JSON, ERROR);
const NONE: Answer = Answer(404, JSON, ERROR);
const THERE: Answer = Answer(409, JSON, ERROR);

pub(super) const DOCUMENT: Document = Document {
    title: "Tongban: the information mediator in GovStack's shapes",
    what: "Directory services 1.0, configuration management 1.0.1 and pub/sub 2.0 of the information-mediator building block, from the gateway's roster and the outbox of events. Applications are those of the demo city.",
    key_header: "Authorization",
    operations: &[
        one(("get", "/listClients"), ("listClients", INSTANCE, ""), &[Answer(200, JSON, CLIENTS), BAD]),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/listMethods"),
            ("listMethods", LIST, ""),
            &[Answer(200, JSON, SERVICES), BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/allowedMethods"),
            ("allowedMethods", LIST, ""),
            &[Answer(200, JSON, SERVICES), BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/11990100010001007H/gov-office/getOpenAPI"),
            ("getOpenAPI", DESCRIPTION, ""),
            &[Answer(200, JSON, TEXT), Answer(200, "text/yaml", OBJECT), BAD, DENIED],
        ),
        one(("get", "/api/v1/config"), ("listIMconf", &[], ""), &[Answer(200, JSON, CONF), STRANGER]),
        one(("post", "/api/v1/config"), ("createIMconf", INIT, CONF), &[Answer(201, JSON, TEXT), BAD, STRANGER]),
        one(("patch", "/api/v1/config"), ("updateIMconf", &[], CONF_HERE), &[Answer(201, JSON, TEXT), BAD, STRANGER]),
        one(("put", "/api/v1/config"), ("replaceIMconf", &[], CONF), &[Answer(201, JSON, TEXT), BAD, STRANGER]),
        one(("get", "/api/v1/status"), ("checkIMconf", &[], ""), &[Answer(200, "", OBJECT), STRANGER]),
        one(("get", "/api/v1/rights/allow"), ("getAllowed", RIGHTS, ""), &[Answer(200, JSON, ALLOWED), BAD, STRANGER]),
        one(("patch", "/api/v1/rights/allow"), ("setAllowed", &[], SET), &[Answer(200, "", OBJECT), BAD, STRANGER]),
        one(("patch", "/api/v1/rights/deny"), ("setDenied", &[], SET), &[Answer(200, "", OBJECT), BAD, STRANGER]),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/eventType"),
            ("getEventTypeList", CALLER, ""),
            &[Answer(200, JSON, NAMES), Answer(204, "", OBJECT), BAD, DENIED],
        ),
        one(
            ("post", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/eventType"),
            ("createEventType", CALLER, KIND),
            &[Answer(200, "", OBJECT), ROOM_BAD, THERE, BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/eventType/{eventType}"),
            ("getEventType", OF_TYPE, ""),
            &[Answer(200, JSON, KIND), Answer(204, "", OBJECT), BAD, DENIED],
        ),
        one(
            ("delete", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/eventType/{eventType}"),
            ("deleteEventType", OF_TYPE, ""),
            &[Answer(204, "", OBJECT), NONE, BAD, DENIED],
        ),
        one(
            ("post", "/r1/NP/GOV/1199010001000200XW/public-security/pub/v1/{eventType}"),
            ("publishEvent", OF_TYPE, PUBLISH),
            &[Answer(201, JSON, MADE), ROOM_BAD, NONE, BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/pub/v1/{eventType}/{eventId}"),
            ("getStatus", OF_EVENT, ""),
            &[Answer(200, JSON, ITEM), NONE, BAD, DENIED],
        ),
        one(
            ("delete", "/r1/NP/GOV/1199010001000200XW/public-security/pub/v1/{eventType}/{eventId}"),
            ("deleteEvent", OF_EVENT, ""),
            &[Answer(204, "", OBJECT), NONE, BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/subs"),
            ("listSub", CALLER, ""),
            &[Answer(200, JSON, SUBSCRIPTIONS), NONE, BAD, DENIED],
        ),
        one(
            ("post", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/subs/{eventType}"),
            ("addSub", OF_TYPE, WAY),
            &[Answer(200, "", OBJECT), ROOM_BAD, THERE, BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/subs/{eventType}"),
            ("getSub", OF_TYPE, ""),
            &[Answer(200, JSON, SUBSCRIPTION), NONE, BAD, DENIED],
        ),
        one(
            ("patch", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/subs/{eventType}"),
            ("patchSub", OF_TYPE, WAY),
            &[Answer(201, "", OBJECT), ROOM_BAD, NONE, BAD, DENIED],
        ),
        one(
            ("delete", "/r1/NP/GOV/1199010001000200XW/public-security/api/v1/subs/{eventType}"),
            ("deleteSub", OF_TYPE, ""),
            &[Answer(204, "", OBJECT), NONE, BAD, DENIED],
        ),
        one(
            ("get", "/r1/NP/GOV/1199010001000200XW/public-security/pull/v1/{eventType}"),
            ("pullEvent", OF_TYPE, ""),
            &[Answer(200, JSON, ITEM), NONE, THERE, BAD, DENIED],
        ),
        one(
            ("delete", "/r1/NP/GOV/1199010001000200XW/public-security/pull/v1/{eventType}/{eventId}"),
            ("confirmEvent", OF_EVENT, ""),
            &[Answer(204, "", OBJECT), NONE, THERE, BAD, DENIED],
        ),
    ],
};
