//! The settings of pip, so that what pip can reach is reached the same way; the only file that names `configparser`.
//!
//! As pip does it: files for the whole machine, for the person and for the virtual environment, each winning over the one
//! before; the file in `PIP_CONFIG_FILE`; then variables such as `PIP_INDEX_URL`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use configparser::ini::Ini;

use super::http::Access;

/// Sections that are read; those of a command win over the first.
const SECTIONS: [&str; 3] = ["global", "install", "download"];

/// What pip is told about indexes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PipSettings {
    /// `index-url`.
    pub index: Option<String>,
    /// `extra-index-url`.
    pub extra: Vec<String>,
    /// `no-index`: whether no index may be asked.
    pub no_index: bool,
    /// `cert`, `proxy` and `trusted-host`.
    pub access: Access,
}

impl PipSettings {
    /// Reads them; `environment` gives the value of a variable. A file that cannot be read is left out, as pip does.
    pub fn read(environment: &dyn Fn(&str) -> Option<String>) -> PipSettings {
        let set = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let mut values = HashMap::new();
        let files: Vec<_> = files(&set).iter().filter_map(|file| sections(file)).collect();
        for section in SECTIONS {
            for file in &files {
                let found = file.get(section).into_iter().flatten();
                values.extend(found.filter_map(|(key, value)| Some((key.replace('_', "-"), value.clone()?))));
            }
        }
        for key in ["index-url", "extra-index-url", "no-index", "cert", "proxy", "trusted-host"] {
            if let Some(value) = set(&format!("PIP_{}", key.replace('-', "_").to_uppercase())) {
                values.insert(key.to_owned(), value);
            }
        }
        let one = |key: &str| values.get(key).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let many = |key: &str| one(key).iter().flat_map(|all| all.split_whitespace()).map(str::to_owned).collect();
        PipSettings {
            index: one("index-url"),
            extra: many("extra-index-url"),
            no_index: one("no-index").is_some_and(|value| is_yes(&value)),
            access: Access {
                certificates: one("cert").map(PathBuf::from),
                proxy: one("proxy"),
                trusted_hosts: many("trusted-host"),
            },
        }
    }
}

/// Whether pip takes a value for "yes".
fn is_yes(value: &str) -> bool {
    ["1", "y", "yes", "t", "true", "on"].contains(&value.to_lowercase().as_str())
}

/// Keys and values of every section of a file.
fn sections(file: &Path) -> Option<HashMap<String, HashMap<String, Option<String>>>> {
    let text = std::fs::read_to_string(file).ok()?;
    let mut ini = Ini::new();
    ini.set_multiline(true);
    // An address may have a `#` or a `;` in it.
    ini.set_inline_comment_symbols(Some(&[]));
    ini.read(text).ok()
}

/// The files in which pip looks, the weakest first.
fn files(environment: &dyn Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let own = environment("PIP_CONFIG_FILE").map(PathBuf::from);
    // pip's way to say that no file counts.
    if own.as_deref().is_some_and(|file| file == Path::new("/dev/null") || file == Path::new("nul")) {
        return Vec::new();
    }
    let home = environment("HOME").or_else(|| environment("USERPROFILE")).map(PathBuf::from);
    let below = |folder: Option<PathBuf>, rest: &str| folder.map(|folder| folder.join(rest));
    let variable = |name: &str| environment(name).map(PathBuf::from);
    let name = if cfg!(windows) { "pip.ini" } else { "pip.conf" };
    let mut files = Vec::new();
    if cfg!(windows) {
        files.push(below(variable("PROGRAMDATA"), "pip/pip.ini"));
        files.push(below(home, "pip/pip.ini"));
        files.push(below(variable("APPDATA"), "pip/pip.ini"));
    } else {
        let shared = environment("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".to_owned());
        files.extend(shared.split(':').map(|folder| Some(Path::new(folder).join("pip/pip.conf"))));
        files.push(Some(PathBuf::from("/etc/pip.conf")));
        files.push(
            Some(PathBuf::from("/Library/Application Support/pip/pip.conf")).filter(|_| cfg!(target_os = "macos")),
        );
        files.push(below(home.clone(), ".pip/pip.conf"));
        let settings = variable("XDG_CONFIG_HOME").or_else(|| below(home.clone(), ".config"));
        files.push(below(settings, "pip/pip.conf"));
        files.push(below(home, "Library/Application Support/pip/pip.conf").filter(|_| cfg!(target_os = "macos")));
    }
    files.push(below(variable("VIRTUAL_ENV"), name));
    files.push(own);
    files.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings of somebody with these variables, whose home is `home`, on a machine with no settings of its own.
    fn settings(home: &Path, variables: &[(&str, &str)]) -> PipSettings {
        let home = home.display().to_string();
        PipSettings::read(&|name| match variables.iter().find(|(variable, _)| *variable == name) {
            Some((_, value)) => Some((*value).to_owned()),
            None if name == "HOME" => Some(home.clone()),
            None if name == "XDG_CONFIG_DIRS" => Some("/nowhere".to_owned()),
            None => None,
        })
    }

    fn home_with(file: &str, content: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().expect("a folder can be made");
        let file = home.path().join(file);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("it can be made");
        std::fs::write(file, content).expect("it can be written");
        home
    }

    #[test]
    fn settings_come_from_the_file_of_the_person() {
        let home = home_with(
            ".config/pip/pip.conf",
            "[global]\n# ours\nindex-url = https://me:p#ss@repo.example/simple\nextra-index-url =\n    https://a.example/simple\n    \
             https://b.example/simple\ncert = /etc/ours.pem\ntrusted-host = repo.example\n[list]\nformat = columns\n",
        );
        let found = settings(home.path(), &[]);
        assert_eq!(found.index.as_deref(), Some("https://me:p#ss@repo.example/simple"));
        assert_eq!(found.extra, ["https://a.example/simple", "https://b.example/simple"]);
        assert_eq!(found.access.certificates.as_deref(), Some(Path::new("/etc/ours.pem")));
        assert_eq!(found.access.trusted_hosts, ["repo.example"]);
    }

    #[test]
    fn a_command_wins_over_all_commands_and_a_variable_over_files() {
        let home = home_with(
            ".pip/pip.conf",
            "[install]\nindex_url = https://install/\n[global]\nindex-url = https://global/\n",
        );
        assert_eq!(settings(home.path(), &[]).index.as_deref(), Some("https://install/"));
        let found = settings(
            home.path(),
            &[("PIP_INDEX_URL", "https://variable/"), ("PIP_EXTRA_INDEX_URL", "https://x https://y")],
        );
        assert_eq!(found.index.as_deref(), Some("https://variable/"));
        assert_eq!(found.extra, ["https://x", "https://y"]);
    }

    #[test]
    fn the_virtual_environment_wins_over_the_person_and_dev_null_over_all_files() {
        let home = home_with(".config/pip/pip.conf", "[global]\nindex-url = https://person/\n");
        let environment = home_with("pip.conf", "[global]\nindex-url = https://environment/\n");
        let active = environment.path().display().to_string();
        assert_eq!(settings(home.path(), &[("VIRTUAL_ENV", &active)]).index.as_deref(), Some("https://environment/"));
        assert_eq!(settings(home.path(), &[("PIP_CONFIG_FILE", "/dev/null")]), PipSettings::default());
    }

    #[test]
    fn no_index_is_a_yes_in_any_spelling_and_a_broken_file_counts_for_nothing() {
        let nobody = Path::new("/nowhere");
        assert!(["1", "true", "Yes"].iter().all(|yes| settings(nobody, &[("PIP_NO_INDEX", yes)]).no_index));
        assert!(!settings(nobody, &[("PIP_NO_INDEX", "0")]).no_index);
        let home = home_with(".config/pip/pip.conf", "[global\nindex-url = https://never/");
        assert_eq!(settings(home.path(), &[]).index, None);
    }
}
