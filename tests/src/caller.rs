//! Somebody who uses the site: keeps cookies and the form token of the last page, as a browser does.
use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt;
use platform::Platform;
use tower::ServiceExt;

use crate::page::Page;

/// A file of a form.
pub struct Upload<'a> {
    pub field: &'a str,
    pub name: &'a str,
    pub bytes: &'a [u8],
}

#[derive(Clone)]
pub struct Caller {
    router: Router,
    platform: Platform,
    cookies: BTreeMap<String, String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The form token of the last page that had one.
    pub csrf: String,
    /// Forms of the last page: where each sends to, and its hidden fields.
    forms: Vec<(String, Vec<(String, String)>)>,
}

const BOUNDARY: &str = "----tongban-test-boundary";

impl Caller {
    pub(crate) fn new(router: Router, platform: Platform) -> Self {
        Self { router, platform, cookies: BTreeMap::new(), headers: Vec::new(), csrf: String::new(), forms: Vec::new() }
    }

    /// Sends this header with every request from now on.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
        self
    }

    #[must_use]
    pub fn with_lang(self, tag: &str) -> Self {
        self.with_cookie("lang", tag)
    }

    #[must_use]
    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    /// Sends a form with what the last page hides in it (its token among them), and these fields.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let form = self.forms.iter().find(|(action, _)| action == path).map(|(_, hidden)| hidden.clone());
        let hidden = form.unwrap_or_default();
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let hidden = hidden.filter(|(name, _)| *name != "csrf" && !fields.iter().any(|(given, _)| given == name));
        let all = std::iter::once(("csrf", csrf.as_str())).chain(hidden).chain(fields.iter().copied());
        self.post_exactly(path, &all.collect::<Vec<_>>()).await
    }

    /// Sends these fields and nothing else.
    pub async fn post_exactly(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
    }

    pub async fn post_multipart(&mut self, path: &str, fields: &[(&str, &str)], files: &[Upload<'_>]) -> Page {
        let csrf = self.csrf.clone();
        let mut body = Vec::new();
        for (name, value) in std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()) {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for file in files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n",
                file.field, file.name
            );
            body.extend(head.bytes());
            body.extend_from_slice(file.bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(Method::POST, path, Some(&kind), body).await
    }

    /// Opens the page of a form and sends it with what it shows, changed by `fields`; the way of a person.
    pub async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let shown = self.get(path).await;
        shown.assert_ok();
        let names: Vec<String> = shown
            .elements()
            .iter()
            .filter(|e| matches!(e.name.as_str(), "input" | "select" | "textarea"))
            .filter_map(|e| e.attribute("name").map(str::to_owned))
            .filter(|name| name != "csrf" && !fields.iter().any(|(given, _)| given == name))
            .collect();
        let mut all: Vec<(String, String)> = Vec::new();
        for name in names {
            if !all.iter().any(|(known, _)| *known == name) {
                all.extend(shown.values(&name).into_iter().map(|value| (name.clone(), value)));
            }
        }
        let mut pairs: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        pairs.extend_from_slice(fields);
        self.post(path, &pairs).await
    }

    /// The page that a redirect leads to.
    pub async fn follow(&mut self, page: &Page) -> Page {
        let to = page.location();
        self.get(&to).await
    }

    pub async fn send(&mut self, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Page {
        let request = self.request(&method, path, kind, body);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep_cookie(line.to_str().unwrap());
        }
        let asked = format!("{method} {path}");
        let page = Page {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            asked,
            platform: self.platform.clone(),
        };
        if page.header("content-type").starts_with("text/html") {
            self.csrf = page.csrf().unwrap_or(std::mem::take(&mut self.csrf));
            self.forms = page.forms();
        }
        page
    }

    fn request(&self, method: &Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind).header(header::CONTENT_LENGTH, body.len());
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(body)).unwrap()
    }

    fn keep_cookie(&mut self, line: &str) {
        let (pair, flags) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if flags.contains("Max-Age=0") || value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// As browsers encode forms.
#[must_use]
pub fn encode(text: &str) -> String {
    platform::page::encode(text).replace("%20", "+").replace('/', "%2F").replace('~', "%7E")
}
