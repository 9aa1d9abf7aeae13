//! Keeping what a posted page brought: rows added or taken away, files stored and named in the answers.
use platform::Ctx;
use platform::db::Tx;
use platform::error::{FieldError, Result};
use platform::files::Kept;
use platform::policy::{Action, Grant, On};

use crate::actions;
use crate::form::{Answers, Ask, FileRef, Form, Posted};

/// Lays a posted page over the answers and does what its button asked. A button says how many rows its page showed: sent
/// again, or overtaken by another page, it finds other rows and neither makes nor takes one.
pub fn lay(mut posted: Posted, form: &Form, answers: &mut Answers) {
    let as_shown = |group: &str, shown| form.field(group).filter(|field| answers.has_rows(field, shown));
    match &posted.ask {
        Ask::AddRow(group, shown) => {
            let field = as_shown(group, *shown);
            answers.apply(posted.patch);
            field.into_iter().for_each(|field| answers.add_row(field));
        }
        Ask::RemoveRow(group, index, shown) => {
            let is_current = as_shown(group, *shown).is_some();
            if !is_current {
                posted.patch.remove(group); // its rows have moved: what was typed would land in others
            }
            answers.apply(posted.patch);
            if is_current {
                answers.remove_row(group, *index);
            }
        }
        Ask::Detach(path, file) => {
            answers.apply(posted.patch);
            answers.detach(path, file);
        }
        Ask::Continue | Ask::Save => answers.apply(posted.patch),
    }
}

/// Files that do not stand at their place yet: the same bytes under the same name are the same form sent again.
async fn unknown(
    ctx: &Ctx,
    (grant, owner): (&Grant, &str),
    answers: &Answers,
    files: &[(String, Kept)],
) -> Result<Vec<(String, Kept)>> {
    let pairs = files.iter().map(|(path, kept)| (path.clone(), kept.clone(), answers.files(path)));
    let (owner, pairs): (String, Vec<_>) = (owner.to_owned(), pairs.collect());
    let read = move |tx: &mut Tx<'_>| {
        let mut new = Vec::new();
        for (path, kept, standing) in pairs {
            let mut is_known = false;
            for file in standing.iter().filter(|file| file.name == kept.name && file.size == kept.size) {
                is_known |= platform::files::get(tx, &owner, &file.id)?.sha256 == kept.sha256;
            }
            if !is_known {
                new.push((path, kept));
            }
        }
        Ok(new)
    };
    ctx.db().read(grant.clone(), read).await
}

/// Stores files and names them in the answers; what a field does not take is an error beside it.
pub async fn attach(
    ctx: &Ctx,
    owner: &str,
    (form, answers): (&Form, &mut Answers),
    files: &[(String, Kept)],
) -> Result<Vec<FieldError>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let grant = ctx.allow(Action::FileWrite, &On::owned_by(owner))?;
    let files = unknown(ctx, (&grant, owner), answers, files).await?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let (of, kept): (String, Vec<Kept>) = (owner.to_owned(), files.iter().map(|(_, kept)| kept.clone()).collect());
    let stored = ctx.db().write(grant, move |tx| actions::draft::keep_files(tx, &of, &kept)).await?;
    let mut errors = Vec::new();
    for ((path, _), file) in files.iter().zip(stored) {
        let Some(field) = form.field_at(path) else { continue };
        let file = FileRef { id: file.id, name: file.name, size: file.size, media_type: file.media_type };
        errors.extend(answers.attach(path, field, &file).err());
    }
    Ok(errors)
}
