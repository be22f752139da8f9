//! Python package indexes: what files a package has there, and where.

use serde::Deserialize;

use super::address::Address;
use super::download_error::MirrorProblem;
use super::fetch::Page;
use super::http::Access;
use super::pip::PipSettings;

/// Where pip finds packages when nobody says otherwise.
pub const PYPI: &str = "https://pypi.org/simple";

/// The most bytes of a page that lists the files of a package.
pub(super) const MOST_PAGE_BYTES: usize = 16 << 20;

/// The kinds of page that are understood (PEP 691 and PEP 503), the better ones first.
pub(super) const ACCEPT: &str =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// The package indexes that are asked, and how they are reached.
#[derive(Clone, Debug)]
pub struct PackageIndex {
    /// In the order in which they are asked.
    pub(super) addresses: Vec<Address>,
    pub(super) access: Access,
}

impl PackageIndex {
    /// None at all.
    pub fn none() -> PackageIndex {
        PackageIndex { addresses: Vec::new(), access: Access::default() }
    }

    /// The indexes that pip uses on this machine, read from its settings (`PIP_INDEX_URL`, `pip.conf` and so on) as pip
    /// reads them; the public one where it names none. `environment` gives the value of a variable.
    pub fn of_pip(environment: &dyn Fn(&str) -> Option<String>) -> PackageIndex {
        let PipSettings { index, extra, no_index, access } = PipSettings::read(environment);
        if no_index {
            return PackageIndex { addresses: Vec::new(), access };
        }
        let named = index.as_deref().unwrap_or(PYPI);
        let addresses = std::iter::once(named).chain(extra.iter().map(String::as_str)).filter_map(Address::parse);
        PackageIndex { addresses: addresses.collect(), access }
    }
}

/// A file of a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub address: Address,
    /// SHA-256, where the index tells it.
    pub sha256: Option<String>,
    /// Its size, where the index tells it.
    pub bytes: Option<u64>,
}

/// The wheel of this version on the page of a package at `address`.
pub(super) fn wheel(page: &Page, address: &Address, package: &str, version: &str) -> Result<Listed, MirrorProblem> {
    let files = if page.kind.ends_with("json") { of_json(page, address)? } else { of_html(page, address) };
    let wheel = files.into_iter().find(|(name, _)| is_wheel(name, package, version));
    let (_, listed) =
        wheel.ok_or_else(|| MirrorProblem::NoWheel { package: package.to_owned(), version: version.to_owned() })?;
    Ok(listed)
}

/// Names and files on a page in JSON.
fn of_json(page: &Page, address: &Address) -> Result<Vec<(String, Listed)>, MirrorProblem> {
    #[derive(Deserialize)]
    struct Project {
        files: Vec<File>,
    }
    #[derive(Deserialize)]
    struct File {
        filename: String,
        url: String,
        #[serde(default)]
        hashes: Hashes,
        size: Option<u64>,
    }
    #[derive(Default, Deserialize)]
    struct Hashes {
        sha256: Option<String>,
    }
    let project: Project = serde_json::from_slice(&page.content).map_err(|_| MirrorProblem::NotAnIndex)?;
    let files = project.files.into_iter().filter_map(|file| {
        let listed = Listed { address: address.follow(&file.url)?, sha256: file.hashes.sha256, bytes: file.size };
        Some((file.filename, listed))
    });
    Ok(files.collect())
}

/// Names and files on a page in HTML: every link, its name the end of its address.
fn of_html(page: &Page, address: &Address) -> Vec<(String, Listed)> {
    let text = String::from_utf8_lossy(&page.content);
    let links = text.split('<').filter(|tag| tag.get(..2).is_some_and(|name| name.eq_ignore_ascii_case("a ")));
    let files = links.filter_map(|tag| {
        let there = address.follow(&href(tag)?.replace("&amp;", "&"))?;
        let sha256 = there.fragment().and_then(|fragment| fragment.strip_prefix("sha256=")).map(str::to_owned);
        let plain = there.plain();
        let name = plain.split('?').next()?.rsplit('/').next()?.to_owned();
        Some((name, Listed { address: there, sha256, bytes: None }))
    });
    files.collect()
}

/// The value of `href` in a tag.
fn href(tag: &str) -> Option<&str> {
    let at = tag.to_ascii_lowercase().find("href")? + "href".len();
    let value = tag[at..].trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// Whether a file is the wheel of this version: `NAME-VERSION-PYTHON-ABI-PLATFORM.whl`.
fn is_wheel(file: &str, package: &str, version: &str) -> bool {
    let Some(stem) = file.strip_suffix(".whl") else { return false };
    let mut parts = stem.split('-');
    parts.next().is_some_and(|name| normal(name) == normal(package)) && parts.next() == Some(version)
}

/// A package's name as indexes compare it: in lower case, with `-` for every run of `-`, `_` and `.`.
fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: &str, content: &str) -> Result<Listed, MirrorProblem> {
        let address = Address::parse("https://me:secret@repo.example/simple/my-models/").expect("it is an address");
        let page = Page { kind: kind.to_owned(), content: content.as_bytes().to_vec() };
        wheel(&page, &address, "my-models", "1.0.0")
    }

    #[test]
    fn a_wheel_is_found_on_a_page_in_json_and_in_html() {
        let json = r#"{"files": [
            {"filename": "my_models-1.0.0.tar.gz", "url": "x.tar.gz"},
            {"filename": "my_models-0.9.0-py3-none-any.whl", "url": "old.whl"},
            {"filename": "My_Models-1.0.0-py3-none-any.whl", "url": "../../files/a.whl", "hashes": {"sha256": "ab"}, "size": 7}]}"#;
        let listed = found("application/vnd.pypi.simple.v1+json", json).expect("it is listed");
        assert_eq!(listed.address.plain(), "https://repo.example/files/a.whl");
        assert!(listed.address.credentials().is_some(), "the same server wants the same password");
        assert_eq!((listed.sha256.as_deref(), listed.bytes), (Some("ab"), Some(7)));
        let html = "<!DOCTYPE html><html><body><a href='x-1.0.0.tar.gz'>x</a><br/>\n\
            <A class=\"w\" HREF=\"https://files.example/my_models-1.0.0-py3-none-any.whl?a=1&amp;b=2#sha256=cd\">wheel</A>";
        let listed = found("text/html", html).expect("it is listed");
        assert_eq!(listed.address.plain(), "https://files.example/my_models-1.0.0-py3-none-any.whl?a=1&b=2");
        assert_eq!((listed.sha256.as_deref(), listed.address.credentials()), (Some("cd"), None));
    }

    #[test]
    fn what_is_not_there_and_what_is_no_list_are_called_that() {
        assert!(matches!(found("text/html", "<html>Welcome</html>"), Err(MirrorProblem::NoWheel { .. })));
        assert!(matches!(found("application/json", r#"{"files": []}"#), Err(MirrorProblem::NoWheel { .. })));
        assert!(matches!(found("application/json", "{}"), Err(MirrorProblem::NotAnIndex)));
        assert!(matches!(found("text/html", "<a href=>< a <a href='"), Err(MirrorProblem::NoWheel { .. })));
    }

    #[test]
    fn another_version_and_another_package_are_not_taken() {
        assert!(is_wheel("a_b-1.0-py3-none-any.whl", "A.b", "1.0"));
        assert!(!is_wheel("a_b-1.0.1-py3-none-any.whl", "a-b", "1.0"));
        assert!(!is_wheel("a_b_c-1.0-py3-none-any.whl", "a-b", "1.0"));
        assert!(!is_wheel("a_b-1.0.tar.gz", "a-b", "1.0"));
    }
}
