//! What the site answers to programs.
use super::{Answer, Document, JSON, OBJECT, Operation, PROBLEM, PROBLEM_SCHEMA, Parameter, TEXT};

const KEYS: &str = r#"{"type":"object","required":["keys"],"properties":{"keys":{"type":"array","items":{"type":"object","required":["kty"],"properties":{"kty":{"type":"string"}}}}}}"#;
const STANDING: &str = r#"{"type":"object","required":["state","checked_at","checks"],"properties":{"state":{"type":"string"},"checked_at":{"type":"string","format":"date-time"},"certificate":{"type":"object"},"checks":{"type":"object"}}}"#;
const RESOURCES: &str = r#"{"type":"array","items":{"type":"object","additionalProperties":{"type":"string"}}}"#;
const TOKEN: &[Parameter] = &[
    Parameter { name: "token", place: "path", required: true, schema: TEXT },
    Parameter {
        name: "Accept",
        place: "header",
        required: true,
        schema: r#"{"type":"string","enum":["application/json"]}"#,
    },
];
/// Who does not ask for JSON gets the page.
const HTML: &str = "text/html";
const NOT_FOUND: Answer = Answer(404, PROBLEM, PROBLEM_SCHEMA);

const fn read(
    path: &'static str,
    id: &'static str,
    (summary, answers): (&'static str, &'static [Answer]),
) -> Operation {
    Operation { method: "get", path, id, summary, parameters: &[], body: "", answers }
}

pub(super) const DOCUMENT: Document = Document {
    title: "Tongban: what the site answers to programs",
    what: "The data catalogue, public keys, certificates by the code that they carry. Nothing here needs a sign-in.",
    key_header: "",
    operations: &[
        read("/catalogue.json", "catalogue", ("Every resource of the data catalogue", &[Answer(200, JSON, RESOURCES)])),
        read(
            "/grants/keys.json",
            "grantKeys",
            ("Keys that grants are signed with (RFC 7517)", &[Answer(200, "application/jwk-set+json", KEYS)]),
        ),
        read(
            "/.well-known/tongban/jwks.json",
            "certificateKeys",
            ("Keys that certificates are signed with (RFC 7517)", &[Answer(200, "application/jwk-set+json", KEYS)]),
        ),
        read(
            "/healthz",
            "health",
            ("Whether the database answers", &[Answer(200, "text/plain", TEXT), Answer(503, PROBLEM, PROBLEM_SCHEMA)]),
        ),
        read("/log/key", "logKey", ("The key of the audit log", &[Answer(200, "text/plain", TEXT)])),
        Operation {
            method: "get",
            path: "/verify/{token}",
            id: "certificate",
            summary: "A certificate by the code that it carries",
            parameters: TOKEN,
            body: "",
            answers: &[
                Answer(200, JSON, STANDING),
                Answer(200, HTML, TEXT),
                Answer(404, JSON, OBJECT),
                NOT_FOUND,
                Answer(404, HTML, TEXT),
            ],
        },
        Operation {
            method: "get",
            path: "/verify/{token}/proof",
            id: "certificateProof",
            summary: "The proof that the log holds the certificate",
            parameters: TOKEN,
            body: "",
            answers: &[Answer(200, "text/plain", TEXT), NOT_FOUND, Answer(404, HTML, TEXT)],
        },
    ],
};
