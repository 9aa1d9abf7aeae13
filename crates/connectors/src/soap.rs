//! A SOAP service: one envelope with the number, and the record in named elements of the answer's body.
use std::borrow::Cow;

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};
use http_body_util::Full;
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{Method, Request};

use crate::error::{Answered, SourceError};
use crate::http::{Client, Reply, status_fault};
use crate::reach::{Asking, Reach};
use crate::settings::{Soap, SoapVersion};
use crate::surroundings::Surroundings;
use crate::{template, xml};

pub(crate) struct SoapReach {
    client: Client,
    settings: Soap,
}

impl SoapReach {
    pub(crate) fn open(settings: &Soap, around: &Surroundings) -> Result<Self, String> {
        if settings.action.chars().any(|c| c.is_control() || c == '"' || !c.is_ascii()) {
            return Err(format!("the action {} has a sign that no header may have", settings.action));
        }
        let client = Client::open(&settings.address, &settings.link, around)?;
        Ok(Self { client, settings: settings.clone() })
    }

    fn request(&self, number: &str) -> Answered<Request<Full<Bytes>>> {
        let action = &self.settings.action;
        let content_type = match self.settings.version {
            SoapVersion::V1_1 => "text/xml; charset=utf-8".to_owned(),
            SoapVersion::V1_2 => format!("application/soap+xml; charset=utf-8; action=\"{action}\""),
        };
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(template::percent(&self.settings.path, number))
            .header(CONTENT_TYPE, content_type)
            .header(ACCEPT, "text/xml, application/soap+xml");
        if self.settings.version == SoapVersion::V1_1 {
            request = request.header("soapaction", format!("\"{action}\""));
        }
        let body = template::xml(&self.settings.envelope, number);
        request.body(Full::from(body)).map_err(|_| SourceError::Refused("the path or action is none".into()))
    }
}

impl Reach for SoapReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        Box::pin(async move {
            let reply = self.client.send(self.request(number)?).await?;
            let essence = reply.content_type.split(';').next().unwrap_or_default().trim();
            let is_xml = matches!(essence, "text/xml" | "application/xml" | "application/soap+xml");
            // Faults come with status 500 (SOAP 1.1, 6.2).
            if !matches!(reply.status, 200 | 400 | 500) || (reply.status != 200 && !is_xml) {
                return Err(status_fault(reply.status));
            }
            if !is_xml {
                return Err(SourceError::Malformed("its content type is not XML".into()));
            }
            let envelope = xml::parse(&text_of(&reply)?)?;
            let body = envelope.child("Body")?.filter(|_| envelope.name == "Envelope");
            let body = body.ok_or_else(|| SourceError::Malformed("it is no SOAP envelope".into()))?;
            if let Some(fault) = body.child("Fault")? {
                return Err(fault_of(fault));
            }
            if reply.status != 200 {
                return Err(status_fault(reply.status));
            }
            let mut here = body;
            for name in &self.settings.answer {
                let Some(inner) = here.child(name)? else { return Ok(None) };
                here = inner;
            }
            // An element without content is how many services say that nothing is held.
            Ok((!here.children.is_empty()).then(|| here.record()))
        })
    }

    fn is_repeatable(&self) -> bool {
        self.settings.repeatable
    }
}

/// Server and Receiver mean that the service failed, the others that it does not like the question.
fn fault_of(fault: &xml::Element) -> SourceError {
    let code = fault.record();
    let code = ["faultcode", "Code/Value"].iter().find_map(|path| code.get(*path)?.as_str().map(str::to_owned));
    let code = code.unwrap_or_default();
    match code.rsplit(':').next().unwrap_or_default().split('.').next().unwrap_or_default() {
        "Server" | "Receiver" => SourceError::Unavailable("it answers with a fault of its own".into()),
        _ => SourceError::Refused("it answers with a fault about the question".into()),
    }
}

/// The body as text: by the header's charset, else by the declaration, else UTF-8.
fn text_of(reply: &Reply) -> Answered<Cow<'_, str>> {
    let of_header = reply.content_type.split_once("charset=").map(|(_, rest)| rest);
    let name =
        of_header.map(|rest| rest.split(';').next().unwrap_or_default().trim_matches(['"', '\'', ' ']).to_owned());
    let name = name.or_else(|| declared(&reply.body)).unwrap_or_else(|| "utf-8".into());
    let encoding = Encoding::for_label(name.as_bytes())
        .ok_or_else(|| SourceError::Malformed("its character encoding is not known".into()))?;
    if encoding == UTF_8 {
        let text = std::str::from_utf8(&reply.body).map_err(|_| SourceError::Malformed("it is not UTF-8".into()))?;
        return Ok(Cow::Borrowed(text));
    }
    encoding
        .decode_without_bom_handling_and_without_replacement(&reply.body)
        .ok_or_else(|| SourceError::Malformed("it does not keep to its character encoding".into()))
}

/// `<?xml … encoding="gb18030"?>`
fn declared(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let rest = declaration.split_once("encoding=")?.1;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content_type: &str, body: &[u8]) -> Answered<String> {
        let reply = Reply { status: 200, content_type: content_type.into(), body: Bytes::copy_from_slice(body) };
        text_of(&reply).map(Cow::into_owned)
    }

    #[test]
    fn old_encodings_are_read_by_header_or_declaration() {
        let gb = [0xc3, 0xf1]; // 民
        assert_eq!(text("text/xml; charset=gbk", &gb).unwrap(), "民");
        assert_eq!(text("text/xml; charset=\"GB18030\"", &gb).unwrap(), "民");
        let mut whole = b"<?xml version='1.0' encoding='GB2312'?><a>".to_vec();
        whole.extend(gb);
        assert!(text("text/xml", &whole).unwrap().ends_with('民'));
        assert!(text("text/xml", &gb).is_err());
        assert!(text("text/xml; charset=klingon", b"<a/>").is_err());
    }

    #[test]
    fn faults_of_the_service_may_pass_and_faults_of_the_question_not() {
        let fault =
            |code: &str| fault_of(&xml::parse(&format!("<Fault><faultcode>{code}</faultcode></Fault>")).unwrap());
        assert!(fault("soap:Server.Busy").is_passing());
        assert!(!fault("soap:Client").is_passing());
        let new = xml::parse("<F><Code><Value>e:Receiver</Value></Code></F>").unwrap();
        assert!(fault_of(&new).is_passing());
    }
}
