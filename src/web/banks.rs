//! Banks on the page: read, checked line by line, and imported from a file that is dropped.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path as InPath, State};
use axum::http::StatusCode;
use axum::response::{Html, Redirect};
use axum::routing::get;
use jiff::Zoned;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{App, Problem, blocking, pages};
use crate::content;
use crate::scratch::Scratch;
use crate::setup;

/// The largest file that is taken: notes are text.
const LARGEST: usize = 8 << 20;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/banks", get(list).post(import).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/banks/{name}", get(one))
        .route("/banks/{name}/check", get(check))
}

/// A name as part of an address.
pub fn in_address(name: &str) -> String {
    utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}

async fn list(State(app): State<Arc<App>>) -> Result<Html<String>, Problem> {
    blocking(move || {
        let context = app.context(|_| ())?;
        let own = setup::own_banks(&context)?.len();
        let banks = setup::banks(&context)?;
        Ok(Html(pages::banks::list(&banks, own, &[])))
    })
    .await
}

async fn one(State(app): State<Arc<App>>, InPath(name): InPath<String>) -> Result<Html<String>, Problem> {
    blocking(move || {
        let context = app.context(|_| ())?;
        let banks = setup::banks(&context)?;
        let bank = banks.iter().find(|bank| bank.name == name).ok_or_else(Problem::no_such_page)?;
        let is_own = setup::own_banks(&context)?.iter().any(|own| own.name == name);
        let checked = is_own.then(|| format!("/banks/{}/check", in_address(&name)));
        Ok(Html(pages::banks::one(bank, checked.as_deref())))
    })
    .await
}

/// How the lines of one of the person's own banks were understood.
async fn check(State(app): State<Arc<App>>, InPath(name): InPath<String>) -> Result<Html<String>, Problem> {
    blocking(move || {
        let context = app.context(|_| ())?;
        // Only names that the library itself lists lead to a file.
        if !setup::own_banks(&context)?.iter().any(|own| own.name == name) {
            return Err(Problem::no_such_page());
        }
        let folder = context.home.banks();
        let path = folder.join(format!("{name}.md"));
        let reading = content::read_file_with(&path, &content::hints_of(&path, &folder)?)?;
        Ok(Html(pages::banks::check(&name, &reading)))
    })
    .await
}

/// Imports the file of a form; the bank's page follows.
async fn import(State(app): State<Arc<App>>, mut form: Multipart) -> Result<Redirect, Problem> {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        Problem::new(StatusCode::BAD_REQUEST, error.body_text(), "A bank is a text of at most 8 MB.")
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let Some(name) = field.file_name().map(file_name) else { continue };
        let bytes = field.bytes().await.map_err(unreadable)?;
        return blocking(move || {
            let context = app.context(|_| ())?;
            context.home.prepare()?;
            let scratch = Scratch::new("import").map_err(|error| Problem::inside(&error))?;
            let file = scratch.path().join(&name);
            fs::write(&file, &bytes).map_err(|error| Problem::inside(&error))?;
            let today = Zoned::now().date().to_string();
            let imported = content::import(&file, None, &context.home.banks(), &today)?;
            let bank = imported.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(Redirect::to(&format!("/banks/{}/check", in_address(&bank))))
        })
        .await;
    }
    Err(Problem::new(StatusCode::BAD_REQUEST, "No file came.", "Choose a file, or drop it on the field."))
}

/// The last part of what a browser calls a file, without what no file is called.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(100).collect();
    match Path::new(&name).file_name().filter(|_| !name.starts_with('.')) {
        Some(_) => name,
        None => "notes.md".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_file_leads_out_of_its_folder() {
        for (sent, kept) in [
            ("notes.md", "notes.md"),
            ("../../.bashrc", "notes.md"),
            ("C:\\Users\\a\\conflict.txt", "conflict.txt"),
            ("/etc/passwd", "passwd"),
            ("..", "notes.md"),
            ("", "notes.md"),
            ("a\u{0}\nb.md", "ab.md"),
        ] {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
    }
}
