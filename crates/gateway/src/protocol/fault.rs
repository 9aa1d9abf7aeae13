//! Faults as X-Road sends them (PR-REST §4.8): a code with the side that failed, a message, a number to find it in the log.
use std::borrow::Cow;

use serde_json::json;

/// What went wrong, as a code of X-Road; who failed is part of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    BadRequest,
    InvalidRequest,
    InvalidProtocolVersion,
    InvalidClientIdentifier,
    TooLarge,
    TooManyRequests,
    ClientUnknownMember,
    ClientAccessDenied,
    ClientUnknownService,
    InvalidSecurityServer,
    InconsistentResponse,
    InvalidSignature,
    ClientNetworkError,
    ClientLoggingFailed,
    ClientIoError,
    GlobalConfOutdated,
    ProviderConfOutdated,
    UnknownMember,
    UnknownService,
    AccessDenied,
    ServiceDisabled,
    SslAuthenticationFailed,
    SignatureVerification,
    Replayed,
    LoggingFailed,
    NetworkError,
    ServiceIoError,
    ServiceTimeout,
    InternalError,
}

impl Kind {
    /// The code in small letters, as X-Road 7.8 writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "client.bad_request",
            Self::InvalidRequest => "client.invalid_request",
            Self::InvalidProtocolVersion => "client.invalid_protocol_version",
            Self::InvalidClientIdentifier => "client.invalid_client_identifier",
            Self::TooLarge => "client.request_too_large",
            Self::TooManyRequests => "client.too_many_requests",
            Self::ClientUnknownMember => "server.clientproxy.unknown_member",
            Self::ClientAccessDenied => "server.clientproxy.ssl_authentication_failed",
            Self::ClientUnknownService => "server.clientproxy.unknown_member.provider",
            Self::InvalidSecurityServer => "server.clientproxy.invalid_security_server",
            Self::InconsistentResponse => "server.clientproxy.inconsistent_response",
            Self::InvalidSignature => "server.clientproxy.signature_verification",
            Self::ClientNetworkError => "server.clientproxy.network_error",
            Self::ClientLoggingFailed => "server.clientproxy.logging_failed",
            Self::ClientIoError => "server.clientproxy.io_error",
            Self::GlobalConfOutdated => "server.clientproxy.global_conf_outdated",
            Self::ProviderConfOutdated => "server.serverproxy.global_conf_outdated",
            Self::UnknownMember => "server.serverproxy.unknown_member",
            Self::UnknownService => "server.serverproxy.unknown_service",
            Self::AccessDenied => "server.serverproxy.access_denied",
            Self::ServiceDisabled => "server.serverproxy.service_disabled",
            Self::SslAuthenticationFailed => "server.serverproxy.ssl_authentication_failed",
            Self::SignatureVerification => "server.serverproxy.signature_verification",
            Self::Replayed => "server.serverproxy.invalid_request.replayed",
            Self::LoggingFailed => "server.serverproxy.logging_failed",
            Self::NetworkError => "server.serverproxy.network_error",
            Self::ServiceIoError => "server.serverproxy.service_failed.io_error",
            Self::ServiceTimeout => "server.serverproxy.service_failed.timeout",
            Self::InternalError => "server.serverproxy.internal_error",
        }
    }

    #[must_use]
    pub fn says(self, message: impl Into<String>) -> Fault {
        Fault { code: self.code().into(), message: message.into() }
    }
}

/// A fault of the exchange itself. What the provider's application answers, with whatever status, is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: Cow<'static, str>,
    /// What happened, why, what to do; goes to the calling system's people.
    pub message: String,
}

/// How codes are written: releases of X-Road differ (see docs/protocols/exchange.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `server.serverproxy.access_denied` (7.8 and later).
    Snake,
    /// `Server.ServerProxy.AccessDenied` (up to 7.7.1).
    Camel,
}

/// A fault as it is sent.
#[derive(Debug)]
pub struct Written {
    pub status: u16,
    pub content_type: &'static str,
    pub code: String,
    pub body: String,
}

impl Fault {
    /// 500 for codes that begin with `server`, else 400: X-Road knows no other status.
    #[must_use]
    pub fn status(&self) -> u16 {
        if self.code.starts_with("server") { 500 } else { 400 }
    }

    /// `detail`: the number under which the log has the rest. `accept`: the caller's Accept header.
    #[must_use]
    pub fn write(&self, accept: &str, detail: &str, spelling: Spelling) -> Written {
        let code = match spelling {
            Spelling::Snake => self.code.clone().into_owned(),
            Spelling::Camel => camel(&self.code),
        };
        let (content_type, body) = if accept.contains("text/xml") || accept.contains("text/*") {
            ("text/xml;charset=utf-8", xml(&code, &self.message, detail))
        } else if accept.contains("application/xml") {
            ("application/xml;charset=utf-8", xml(&code, &self.message, detail))
        } else {
            let body = json!({"type": code, "message": self.message, "detail": detail});
            ("application/json;charset=utf-8", body.to_string())
        };
        Written { status: self.status(), content_type, code, body }
    }
}

/// Whether two codes are one, however they are spelt.
#[must_use]
pub fn same_code(a: &str, b: &str) -> bool {
    let plain = |code: &str| code.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect::<String>();
    plain(a) == plain(b)
}

fn camel(code: &str) -> String {
    let word = |word: &str| match word {
        "clientproxy" => "ClientProxy".to_owned(),
        "serverproxy" => "ServerProxy".to_owned(),
        other => other.split('_').map(capital).collect(),
    };
    code.split('.').map(word).collect::<Vec<_>>().join(".")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn xml(code: &str, message: &str, detail: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><error><type>{}</type><message>{}</message><detail>{}</detail></error>",
        escape(code),
        escape(message),
        escape(detail)
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_spelling_are_those_of_x_road() {
        let denied = Kind::AccessDenied.says("no");
        assert_eq!(denied.write("", "1", Spelling::Camel).code, "Server.ServerProxy.AccessDenied");
        assert_eq!(denied.write("application/json", "1", Spelling::Snake).status, 500, "access denied is a 500 there");
        let bad = Kind::BadRequest.says("no").write("*/*", "7", Spelling::Camel);
        assert_eq!((bad.status, bad.code.as_str()), (400, "Client.BadRequest"));
        assert_eq!(bad.body, r#"{"detail":"7","message":"no","type":"Client.BadRequest"}"#);
        assert!(same_code("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied"));
        assert!(!same_code("client.bad_request", "server.bad_request"));
    }

    #[test]
    fn who_accepts_xml_gets_xml() {
        let written = Kind::BadRequest.says("a < b & c").write("text/xml", "7", Spelling::Snake);
        assert!(
            written.body.contains("<message>a &lt; b &amp; c</message>")
                && written.content_type.starts_with("text/xml")
        );
        assert!(Kind::BadRequest.says("").write("application/xml", "", Spelling::Snake).body.contains("<error>"));
    }
}
