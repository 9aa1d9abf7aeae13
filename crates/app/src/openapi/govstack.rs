//! The digital-registries door: GovStack's Data API 1.3.0 as it is served here.
use super::{Answer, Document, JSON, OBJECT, Operation, PROBLEM, PROBLEM_SCHEMA, Parameter, TEXT};

const CLIENT: Parameter = Parameter {
    name: "Information-Mediator-Client",
    place: "header",
    required: true,
    schema: r#"{"type":"string","example":"NP/GOV/11990100010003002G/civil-affairs"}"#,
};
const REGISTRY: Parameter = Parameter {
    name: "registryName",
    place: "path",
    required: true,
    schema: r#"{"type":"string","enum":["enterprise","population","food-staff"]}"#,
};
const VERSION: Parameter = Parameter {
    name: "versionNumber",
    place: "path",
    required: true,
    schema: r#"{"type":"string","pattern":"^[0-9]{1,3}(\\.[0-9]{1,3})?$","example":"1.0"}"#,
};
const NAMED: &[Parameter] = &[CLIENT, REGISTRY, VERSION];
const WITH_ID: &[Parameter] =
    &[CLIENT, REGISTRY, VERSION, Parameter { name: "ID", place: "path", required: true, schema: TEXT }];
const VALUE: &[Parameter] = &[
    CLIENT,
    REGISTRY,
    VERSION,
    Parameter { name: "uuid", place: "path", required: true, schema: TEXT },
    Parameter { name: "field", place: "path", required: true, schema: TEXT },
    Parameter { name: "ext", place: "path", required: true, schema: r#"{"type":"string","enum":["json","txt"]}"# },
];
const COUNT: &str = r#"{"type":"integer","minimum":1}"#;
const SEARCH: &[Parameter] = &[
    CLIENT,
    REGISTRY,
    VERSION,
    Parameter { name: "search", place: "query", required: false, schema: TEXT },
    Parameter { name: "filter", place: "query", required: false, schema: TEXT },
    Parameter { name: "ordering", place: "query", required: false, schema: TEXT },
    Parameter { name: "page", place: "query", required: false, schema: COUNT },
    Parameter { name: "pageSize", place: "query", required: false, schema: COUNT },
];
const USAGE: &[Parameter] = &[
    CLIENT,
    Parameter { name: "userId", place: "query", required: true, schema: TEXT },
    Parameter {
        name: "databaseId",
        place: "query",
        required: true,
        schema: r#"{"type":"string","example":"population"}"#,
    },
];
const CALLER: &[Parameter] = &[CLIENT];
const DATABASE_ID: &[Parameter] =
    &[CLIENT, Parameter { name: "id", place: "path", required: true, schema: r#"{"type":"integer","example":10001}"# }];
const SCHEMA: &str = r#"{"type":"object","required":["type","properties"],"properties":{"type":{"type":"string"},"properties":{"type":"object"},"required":{"type":"array","items":{"type":"string"}},"incrementIndex":{"type":"integer"}}}"#;
const DATABASE: &str = r#"{"type":"object","required":["id","version","name","schema","isDraft","isArchived"],"properties":{"id":{"type":"integer"},"version":{"type":"string"},"name":{"type":"string"},"description":{"type":"string"},"institution":{"type":"string"},"schema":{"type":"object"},"isDraft":{"type":"boolean"},"isArchived":{"type":"boolean"},"modifiedAt":{"type":"string","format":"date-time"}}}"#;
const DATABASES: &str = r#"{"type":"object","required":["id","name","databases"],"properties":{"id":{"type":"integer"},"name":{"type":"string"},"code":{"type":"string"},"databases":{"type":"array","items":{"type":"object","required":["id","version","name","schema"]}},"groupId":{"type":"integer"},"order":{"type":"integer"}}}"#;
const MODIFY: &str = r#"{"type":"object","required":["code","schema"],"properties":{"groupName":{"type":"string"},"catalogName":{"type":"string"},"code":{"type":"string","example":"food-staff"},"schema":{"type":"object","required":["properties"],"properties":{"type":{"type":"string"},"description":{"type":"string"},"properties":{"type":"object","additionalProperties":{"type":"object","required":["type"],"properties":{"type":{"type":"string","enum":["string","integer"]},"description":{"type":"string"},"format":{"type":"string"}}}}}}}}"#;
const QUERY: &str = r#"{"type":"object","required":["query"],"properties":{"query":{"type":"object","required":["content"],"properties":{"content":{"type":"object"}}}}}"#;
const WRITE: &str = r#"{"type":"object","required":["write"],"properties":{"query":{"type":"object","required":["content"],"properties":{"content":{"type":"object"}}},"write":{"type":"object","required":["content"],"properties":{"content":{"type":"object"}}}}}"#;
const CONTENT: &str = r#"{"type":"object","required":["content"],"properties":{"content":{"type":"object"}}}"#;
const EXISTS: &str = r#"{"type":"object","required":["answer"],"properties":{"answer":{"type":"object","required":["status"],"properties":{"status":{"type":"boolean"},"message":{"type":"string"}}}}}"#;
const PAGE: &str = r#"{"type":"object","required":["count","results"],"properties":{"count":{"type":"integer"},"next":{"type":"string"},"previous":{"type":"string"},"results":{"type":"array","items":{"type":"object"}}}}"#;
const ROWS: &str = r#"{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"readerId":{"type":"string"},"readerInitials":{"type":"string"},"readerInstitutionId":{"type":"string"},"readerInstitutionName":{"type":"string"},"readerApplicationName":{"type":"string"},"searchDateTime":{"type":"string","format":"date-time"},"refrences":{"type":"array","items":{"type":"object"}}}}}"#;
const MISSING: &str =
    r#"{"type":"object","required":["detail"],"properties":{"detail":{"type":"string","enum":["no record found"]}}}"#;

const BAD: Answer = Answer(400, PROBLEM, PROBLEM_SCHEMA);
const STRANGER: Answer = Answer(401, PROBLEM, PROBLEM_SCHEMA);
const DENIED: Answer = Answer(403, PROBLEM, PROBLEM_SCHEMA);
const NONE: Answer = Answer(404, JSON, MISSING);
const THERE: Answer = Answer(409, PROBLEM, PROBLEM_SCHEMA);

const fn one(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    rest: (&'static str, &'static [Answer]),
) -> Operation {
    let (body, answers) = rest;
    Operation { method, path, id, summary: id, parameters: NAMED, body, answers }
}

pub(super) const DOCUMENT: Document = Document {
    title: "Tongban: digital registries in GovStack's shapes",
    what: "Data API 1.3.0 and Database API 1.1.0 of the digital-registries building block from the registers of this deployment. Reads need a grant and stand in the trail; writes are the provider's. Registers are those of the demo city.",
    key_header: "Authorization",
    operations: &[
        Operation {
            method: "get",
            path: "/data/{registryName}/{versionNumber}",
            id: "list",
            summary: "Searches; each record shown is a look",
            parameters: SEARCH,
            body: "",
            answers: &[Answer(200, JSON, PAGE), BAD, STRANGER, DENIED, NONE],
        },
        one(
            "post",
            "/data/{registryName}/{versionNumber}/create",
            "create",
            (WRITE, &[Answer(200, JSON, CONTENT), BAD, STRANGER, DENIED, NONE, THERE]),
        ),
        one(
            "post",
            "/data/{registryName}/{versionNumber}/exists",
            "exists",
            (QUERY, &[Answer(200, JSON, EXISTS), BAD, STRANGER, DENIED, NONE]),
        ),
        one(
            "post",
            "/data/{registryName}/{versionNumber}/read",
            "read",
            (QUERY, &[Answer(200, JSON, CONTENT), BAD, STRANGER, DENIED, NONE]),
        ),
        one(
            "put",
            "/data/{registryName}/{versionNumber}/update",
            "update",
            (WRITE, &[Answer(200, "", OBJECT), BAD, STRANGER, DENIED, NONE, THERE]),
        ),
        one(
            "put",
            "/data/{registryName}/{versionNumber}/updateEntries",
            "updateEntries",
            (WRITE, &[Answer(200, "", OBJECT), BAD, STRANGER, DENIED, NONE, THERE]),
        ),
        one(
            "post",
            "/data/{registryName}/{versionNumber}/updateOrCreate",
            "updateOrCreate",
            (WRITE, &[Answer(200, JSON, CONTENT), BAD, STRANGER, DENIED, NONE, THERE]),
        ),
        Operation {
            method: "delete",
            path: "/data/{registryName}/{versionNumber}/{ID}/delete",
            id: "delete",
            summary: "Takes a record out of force; its past stays",
            parameters: WITH_ID,
            body: "",
            answers: &[Answer(204, "", OBJECT), BAD, STRANGER, DENIED, NONE],
        },
        Operation {
            method: "get",
            path: "/data/{registryName}/{versionNumber}/{uuid}/readValue/{field}.{ext}",
            id: "readValue",
            summary: "One value of one record",
            parameters: VALUE,
            body: "",
            answers: &[Answer(200, JSON, OBJECT), BAD, STRANGER, DENIED, NONE],
        },
        Operation {
            method: "get",
            path: "/data/myPersonalDataUsage",
            id: "DPU",
            summary: "Who has read a person's data in a register",
            parameters: USAGE,
            body: "",
            answers: &[Answer(200, JSON, ROWS), BAD, STRANGER, DENIED, NONE],
        },
        Operation {
            method: "get",
            path: "/databases",
            id: "databases",
            summary: "Every version of every schema, and the caller's own drafts",
            parameters: CALLER,
            body: "",
            answers: &[Answer(200, JSON, DATABASES), BAD, STRANGER, DENIED],
        },
        Operation {
            method: "get",
            path: "/database/{id}",
            id: "database",
            summary: "One version of one schema",
            parameters: DATABASE_ID,
            body: "",
            answers: &[Answer(200, JSON, DATABASE), BAD, STRANGER, DENIED, NONE],
        },
        Operation {
            method: "delete",
            path: "/database/{id}",
            id: "databaseDelete",
            summary: "Takes an own draft back; what was published stays",
            parameters: DATABASE_ID,
            body: "",
            answers: &[Answer(200, JSON, TEXT), BAD, STRANGER, DENIED, NONE, THERE],
        },
        Operation {
            method: "post",
            path: "/database/modify",
            id: "databaseModify",
            summary: "Hands in a draft of a schema; the data office publishes it",
            parameters: CALLER,
            body: MODIFY,
            answers: &[Answer(200, JSON, SCHEMA), BAD, STRANGER, DENIED, THERE],
        },
    ],
};
