//! The digital-registries door: GovStack's Data API 1.3.0 as it is served here.
use super::{Answer, BAD, DENIED, Document, JSON, OBJECT, PROBLEM, PROBLEM_SCHEMA, Parameter, STRANGER, TEXT, one};

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
const PAGE: &str = r#"{"type":"object","required":["count","results"],"properties":{"count":{"type":"integer"},"next":{"type":"string","format":"uri"},"previous":{"type":"string","format":"uri"},"results":{"type":"array","items":{"type":"object"}}}}"#;
const ROWS: &str = r#"{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"readerId":{"type":"string"},"readerInitials":{"type":"string"},"readerInstitutionId":{"type":"string"},"readerInstitutionName":{"type":"string"},"readerApplicationName":{"type":"string"},"searchDateTime":{"type":"string","format":"date-time"},"refrences":{"type":"array","items":{"type":"object"}}}}}"#;
const VALUE_SCHEMA: &str =
    r#"{"anyOf":[{"type":"string"},{"type":"object","required":["value"],"properties":{"value":{}}}]}"#;
const MISSING: &str =
    r#"{"type":"object","required":["detail"],"properties":{"detail":{"type":"string","enum":["no record found"]}}}"#;

const NONE: Answer = Answer(404, JSON, MISSING);
const THERE: Answer = Answer(409, PROBLEM, PROBLEM_SCHEMA);

pub(super) const DOCUMENT: Document = Document {
    title: "Tongban: digital registries in GovStack's shapes",
    what: "Data API 1.3.0 and Database API 1.1.0 of the digital-registries building block from the registers of this deployment. Reads need a grant and stand in the trail; writes are the provider's. Registers are those of the demo city.",
    key_header: "Authorization",
    operations: &[
        one(
            ("get", "/data/{registryName}/{versionNumber}"),
            ("list", SEARCH, ""),
            &[Answer(200, JSON, PAGE), BAD, STRANGER, DENIED, NONE],
        )
        .says("Searches; each record shown is a look"),
        one(
            ("post", "/data/{registryName}/{versionNumber}/create"),
            ("create", NAMED, WRITE),
            &[Answer(200, JSON, CONTENT), BAD, STRANGER, DENIED, NONE, THERE],
        ),
        one(
            ("post", "/data/{registryName}/{versionNumber}/exists"),
            ("exists", NAMED, QUERY),
            &[Answer(200, JSON, EXISTS), BAD, STRANGER, DENIED, NONE],
        ),
        one(
            ("post", "/data/{registryName}/{versionNumber}/read"),
            ("read", NAMED, QUERY),
            &[Answer(200, JSON, CONTENT), BAD, STRANGER, DENIED, NONE],
        ),
        one(
            ("put", "/data/{registryName}/{versionNumber}/update"),
            ("update", NAMED, WRITE),
            &[Answer(200, "", OBJECT), BAD, STRANGER, DENIED, NONE, THERE],
        ),
        one(
            ("put", "/data/{registryName}/{versionNumber}/updateEntries"),
            ("updateEntries", NAMED, WRITE),
            &[Answer(200, "", OBJECT), BAD, STRANGER, DENIED, NONE, THERE],
        ),
        one(
            ("post", "/data/{registryName}/{versionNumber}/updateOrCreate"),
            ("updateOrCreate", NAMED, WRITE),
            &[Answer(200, JSON, CONTENT), BAD, STRANGER, DENIED, NONE, THERE],
        ),
        one(
            ("delete", "/data/{registryName}/{versionNumber}/{ID}/delete"),
            ("delete", WITH_ID, ""),
            &[Answer(204, "", OBJECT), BAD, STRANGER, DENIED, NONE],
        )
        .says("Takes a record out of force; its past stays"),
        one(
            ("get", "/data/{registryName}/{versionNumber}/{uuid}/readValue/{field}.{ext}"),
            ("readValue", VALUE, ""),
            &[Answer(200, JSON, VALUE_SCHEMA), BAD, STRANGER, DENIED, NONE],
        )
        .says("One value of one record"),
        one(
            ("get", "/data/myPersonalDataUsage"),
            ("DPU", USAGE, ""),
            &[Answer(200, JSON, ROWS), BAD, STRANGER, DENIED, NONE],
        )
        .says("Who has read a person's data in a register"),
        one(("get", "/databases"), ("databases", CALLER, ""), &[Answer(200, JSON, DATABASES), BAD, STRANGER, DENIED])
            .says("Every version of every schema, and the caller's own drafts"),
        one(
            ("get", "/database/{id}"),
            ("database", DATABASE_ID, ""),
            &[Answer(200, JSON, DATABASE), BAD, STRANGER, DENIED, NONE],
        )
        .says("One version of one schema"),
        one(
            ("delete", "/database/{id}"),
            ("databaseDelete", DATABASE_ID, ""),
            &[Answer(200, JSON, TEXT), BAD, STRANGER, DENIED, NONE, THERE],
        )
        .says("Takes an own draft back; what was published stays"),
        one(
            ("post", "/database/modify"),
            ("databaseModify", CALLER, MODIFY),
            &[Answer(200, JSON, SCHEMA), BAD, STRANGER, DENIED, THERE],
        )
        .says("Hands in a draft of a schema; the data office publishes it"),
    ],
};
