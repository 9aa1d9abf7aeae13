//! Keeping what a posted page brought: rows added or taken away, files stored and named in the answers.
use platform::Ctx;
use platform::error::{FieldError, Result};
use platform::files::Kept;
use platform::policy::{Action, On};

use crate::actions;
use crate::form::{Answers, Ask, FileRef, Form};

/// Does what a button of the page asked besides saving.
pub fn obey(ask: &Ask, form: &Form, answers: &mut Answers) {
    match ask {
        Ask::AddRow(group) => {
            if let Some(field) = form.field(group) {
                answers.add_row(field);
            }
        }
        Ask::RemoveRow(group, index) => answers.remove_row(group, *index),
        Ask::Detach(path, file) => answers.detach(path, file),
        Ask::Continue | Ask::Save => {}
    }
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
