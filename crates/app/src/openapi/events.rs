//! Events for programs: publication, and pull by cursor. (Push is told to the subscriber: `docs/recipes/subscribe-to-events.md`.)
use super::{Answer, DENIED, Document, JSON, Operation, PROBLEM, PROBLEM_SCHEMA, Parameter, TEXT};

const PULL: &[Parameter] = &[
    Parameter {
        name: "after",
        place: "query",
        required: false,
        schema: r#"{"type":"integer","minimum":0,"maximum":9223372036854775807,"default":0,"description":"The cursor `next` of the answer before; confirms everything up to it."}"#,
    },
    Parameter {
        name: "limit",
        place: "query",
        required: false,
        schema: r#"{"type":"integer","minimum":1,"maximum":500,"default":100}"#,
    },
];
const PUBLISH: &[Parameter] = &[Parameter { name: "Idempotency-Key", place: "header", required: false, schema: TEXT }];
const NEW: &str = r#"{"type":"object","required":["type","data"],"properties":{"type":{"type":"string","enum":["person.moved","person.born","person.died","enterprise.registered"]},"subject":{"type":"string","example":"11010519491231002X"},"time":{"type":"string","format":"date-time"},"data":{"type":"object"}}}"#;
const MADE: &str = r#"{"type":"object","required":["id"],"properties":{"id":{"type":"string","pattern":"^evt_[0-9a-hjkmnp-tv-z]{26}$"}}}"#;
const EVENTS: &str = r#"{"type":"object","required":["events","next","more"],"properties":{"events":{"type":"array","items":{"type":"object","required":["specversion","id","source","type","time"],"properties":{"specversion":{"type":"string","enum":["1.0"]},"id":{"type":"string"},"source":{"type":"string"},"type":{"type":"string"},"time":{"type":"string","format":"date-time"},"subject":{"type":"string"},"sequence":{"type":"string"},"data":{"type":"object"}}}},"next":{"type":"string"},"more":{"type":"boolean"}}}"#;
const WRONG: Answer = Answer(422, PROBLEM, PROBLEM_SCHEMA);

pub(super) const DOCUMENT: Document = Document {
    title: "Tongban: events between departments",
    what: "CloudEvents 1.0. A publisher's token (epb_…) publishes, a subscription's token (epl_…) pulls; both are made on the pages of the office. What is pulled comes at least once and in the order of its subject.",
    key_header: "Authorization",
    operations: &[
        Operation {
            method: "post",
            path: "/api/events",
            id: "publish",
            summary: "Publishes what happened",
            parameters: PUBLISH,
            body: NEW,
            answers: &[
                Answer(201, JSON, MADE),
                DENIED,
                Answer(409, PROBLEM, PROBLEM_SCHEMA),
                Answer(413, PROBLEM, PROBLEM_SCHEMA),
                WRONG,
            ],
        },
        Operation {
            method: "get",
            path: "/api/events",
            id: "pull",
            summary: "What came after the cursor",
            parameters: PULL,
            body: "",
            answers: &[Answer(200, JSON, EVENTS), DENIED, WRONG],
        },
    ],
};
