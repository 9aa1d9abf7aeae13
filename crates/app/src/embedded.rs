//! What the binary carries: migrations, texts, style sheet, the demo's packs.
use include_dir::{Dir, DirEntry, include_dir};
use platform::db::Migration;
use platform::documents::Document;
use platform::error::{Error, Result};
use platform::i18n::Texts;
use platform::page::Assets;

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");
static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../static");
static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/demo");

/// In order of their numbers.
#[must_use]
pub fn migrations() -> Vec<Migration<'static>> {
    let file = |file: &'static include_dir::File<'static>| {
        Some(Migration { name: file.path().to_str()?, sql: file.contents_utf8()? })
    };
    let mut all: Vec<Migration<'static>> = MIGRATIONS.files().filter_map(file).collect();
    all.sort_by_key(|migration| migration.name);
    all
}

/// All texts in three languages.
pub fn texts() -> Result<Texts> {
    let mut sources = Vec::new();
    for folder in LOCALES.dirs() {
        for file in folder.files() {
            let (Some(tag), Some(name)) = (folder.path().to_str(), file.path().to_str()) else { continue };
            let text = file.contents_utf8().ok_or_else(|| Error::Internal(format!("{name} is not UTF-8")))?;
            sources.push((tag, name, text));
        }
    }
    Texts::load(sources.into_iter()).map_err(Error::Internal)
}

#[must_use]
pub fn assets() -> Assets {
    let files: Vec<(&str, &'static [u8])> =
        STATIC.files().filter_map(|file| Some((file.path().to_str()?, file.contents()))).collect();
    Assets::new(&files)
}

/// The demo city's documents, by path within the pack.
#[must_use]
pub fn demo_documents() -> Vec<Document> {
    let mut documents = Vec::new();
    collect(&DEMO, &mut documents);
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    documents
}

fn collect(dir: &'static Dir<'static>, documents: &mut Vec<Document>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, documents),
            DirEntry::File(file) => {
                if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                    documents.push(Document { path: path.to_owned(), text: text.to_owned() });
                }
            }
        }
    }
}
