//! The shell that every page stands in, and how a page becomes a response.
use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::chance;
use crate::clock::Timestamp;
use crate::ctx::Ctx;
use crate::error::{Error, FieldError, Result};
use crate::i18n::Lang;
use crate::policy::{Actor, ActorKind};

/// Style sheet, script and pictures, under addresses that change with their bytes.
#[derive(Default)]
pub struct Assets {
    by_path: HashMap<String, Asset>,
    by_name: HashMap<String, String>,
}

pub struct Asset {
    pub media_type: &'static str,
    pub bytes: &'static [u8],
}

impl Assets {
    #[must_use]
    pub fn new(files: &[(&str, &'static [u8])]) -> Self {
        let mut assets = Self::default();
        for (name, bytes) in files {
            let path = format!("{}/{name}", &chance::sha256_hex(bytes)[..16]);
            assets.by_name.insert((*name).to_owned(), format!("/static/{path}"));
            assets.by_path.insert(path, Asset { media_type: media_type_of(name), bytes });
        }
        assets
    }

    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Asset> {
        self.by_path.get(path)
    }
}

fn media_type_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// One entry of the main navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    pub href: &'static str,
    pub key: &'static str,
    pub current: bool,
}

/// In elder mode so many entries stand there, and the rest in a menu: all of an official would fill a phone's first screen.
const ELDER_ENTRIES: usize = 3;

/// Which entries an actor sees; given by `app`, as the platform knows no feature.
pub type Navigation = fn(&Actor) -> Vec<(&'static str, &'static str)>;

/// One language to switch to.
#[derive(Debug, Clone)]
pub struct LangLink {
    pub tag: &'static str,
    pub label: &'static str,
    pub href: String,
    pub current: bool,
}

/// What a template needs besides its own data.
#[derive(Clone)]
pub struct Shell {
    ctx: Ctx,
    nav: Arc<[NavItem]>,
}

impl Shell {
    #[must_use]
    pub fn new(ctx: &Ctx) -> Self {
        let items = ctx.platform().navigation()(&ctx.actor);
        let longest = items.iter().map(|(href, _)| *href).filter(|href| under(&ctx.path, href)).max_by_key(|h| h.len());
        let nav = items.into_iter().map(|(href, key)| NavItem { href, key, current: Some(href) == longest });
        Self { nav: nav.collect(), ctx: ctx.clone() }
    }

    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.ctx.t(key)
    }

    #[must_use]
    pub fn tf(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.ctx.tf(key, args)
    }

    /// A text of a document.
    #[must_use]
    pub fn x<'a>(&'a self, text: &'a crate::i18n::Text) -> &'a str {
        self.ctx.text(text)
    }

    /// The message of a field error.
    #[must_use]
    pub fn error_text(&self, error: &FieldError) -> String {
        self.ctx.platform().texts().format(self.ctx.lang(), error.key, &error.args)
    }

    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.ctx.lang().tag()
    }

    #[must_use]
    pub fn theme(&self) -> &'static str {
        self.ctx.look.theme
    }

    #[must_use]
    pub fn mode(&self) -> &'static str {
        self.ctx.look.mode
    }

    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.ctx.csrf
    }

    /// A key for one sending of one form: see `once`.
    #[must_use]
    pub fn once(&self) -> String {
        hex::encode(chance::bytes::<16>())
    }

    #[must_use]
    pub fn user(&self) -> Option<&str> {
        let actor = &self.ctx.actor;
        let name = actor.acting_for.as_ref().map_or(&actor.name, |party| &party.name);
        (actor.kind != ActorKind::Anonymous).then_some(name)
    }

    /// Entries that always stand there: the first ones, and the one of this page.
    #[must_use]
    pub fn nav_shown(&self) -> Vec<&NavItem> {
        let shown = self.nav.iter().enumerate().filter(|(at, item)| !self.in_menu(*at, item));
        shown.map(|(_, item)| item).collect()
    }

    /// The others, which stand in a menu.
    #[must_use]
    pub fn nav_more(&self) -> Vec<&NavItem> {
        let more = self.nav.iter().enumerate().filter(|(at, item)| self.in_menu(*at, item));
        more.map(|(_, item)| item).collect()
    }

    fn in_menu(&self, at: usize, item: &NavItem) -> bool {
        self.mode() == "elder" && at >= ELDER_ENTRIES && !item.current
    }

    #[must_use]
    pub fn site_name(&self) -> &str {
        self.ctx.text(&self.ctx.platform().config().site.name)
    }

    #[must_use]
    pub fn phone(&self) -> &str {
        &self.ctx.platform().config().site.contact_phone
    }

    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        self.ctx.platform().assets().by_name.get(name).cloned().unwrap_or_else(|| format!("/static/missing/{name}"))
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.ctx.path
    }

    #[must_use]
    pub fn unread(&self) -> u32 {
        self.ctx.unread
    }

    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.ctx.request_id
    }

    /// The three languages, each named in itself.
    #[must_use]
    pub fn lang_links(&self) -> Vec<LangLink> {
        let label = |lang| match lang {
            Lang::ZhHans => "简体",
            Lang::ZhHant => "繁體",
            Lang::En => "English",
        };
        let link = |lang: Lang| LangLink {
            tag: lang.tag(),
            label: label(lang),
            href: format!("/preferences?lang={}&back={}", lang.tag(), encode(self.path())),
            current: lang == self.ctx.lang(),
        };
        Lang::ALL.map(link).into()
    }

    /// A day as people write it in the language.
    #[must_use]
    pub fn day(&self, date: &time::Date) -> String {
        day(self.ctx.lang(), *date)
    }

    /// An instant, to the minute, in the deployment's zone.
    #[must_use]
    pub fn moment(&self, at: &Timestamp) -> String {
        let t = at.at(self.ctx.zone());
        format!("{} {:02}:{:02}", day(self.ctx.lang(), t.date()), t.hour(), t.minute())
    }

    /// For `<time datetime>`.
    #[must_use]
    pub fn datetime(&self, at: &Timestamp) -> String {
        at.rfc3339(self.ctx.zone())
    }
}

fn under(path: &str, href: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

/// `2026年11月21日` or `21 November 2026`.
#[must_use]
pub fn day(lang: Lang, date: time::Date) -> String {
    match lang {
        Lang::ZhHans | Lang::ZhHant => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Lang::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}

/// Percent-encoding for a query value.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A page with status 200.
pub fn html(template: &impl Template) -> Result<Response> {
    html_with(StatusCode::OK, template)
}

/// A page with another status (422 for a form with errors).
pub fn html_with(status: StatusCode, template: &impl Template) -> Result<Response> {
    let body = template.render().map_err(Error::internal)?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((status, [(header::CONTENT_TYPE, kind)], body).into_response())
}

/// Post, redirect, get: 303 to an address of this site.
pub fn see_other(path: &str) -> Result<Response> {
    let location = HeaderValue::from_str(path).map_err(Error::internal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// Cuts what was read (one line more than a page holds) to a page. The last line on it, when there is another page.
pub fn cut<T>(lines: &mut Vec<T>, on_a_page: usize) -> Option<&T> {
    let is_more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    lines.last().filter(|_| is_more)
}

/// Whether an address given by a visitor stays on this site.
#[must_use]
pub fn is_local(path: &str) -> bool {
    // Browsers drop tabs and line ends from an address, so nothing below 0x21 may stand in it.
    let plain = path.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && byte != b'\\');
    path.starts_with('/') && !path.starts_with("//") && plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_addresses_are_local() {
        assert!(is_local("/items/senior-card?x=1"));
        for foreign in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "/\t/evil.example", "/ /evil"]
        {
            assert!(!is_local(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_page_is_cut_and_says_where_the_next_begins() {
        let mut lines = vec![1, 2, 3];
        assert_eq!(cut(&mut lines, 3), None);
        assert_eq!(cut(&mut lines, 2), Some(&2));
        assert_eq!(lines, [1, 2]);
    }

    #[test]
    fn navigation_marks_the_longest_fit() {
        assert!(under("/my/cases", "/my") && under("/", "/") && !under("/mystery", "/my") && !under("/my", "/"));
    }
}
