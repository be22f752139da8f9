//! Where other programs keep their models.

use std::path::{Path, PathBuf};

/// A folder in which a program keeps models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The program.
    pub owner: &'static str,
    /// The folder; it need not exist.
    pub folder: PathBuf,
    /// How many levels of folders below it are looked at.
    pub depth: usize,
}

/// The places on this machine; `environment` gives the value of a variable, `here` is the working folder.
///
/// Places are those that the programs document or have in their sources (2026).
pub fn places(environment: &dyn Fn(&str) -> Option<String>, here: &Path) -> Vec<Place> {
    let folders = Folders::of(environment);
    let set = |name: &str| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut places = Places(Vec::new());
    let hub = set("HF_HUB_CACHE")
        .or_else(|| set("HUGGINGFACE_HUB_CACHE"))
        .or_else(|| set("HF_HOME").map(|it| it.join("hub")));
    places.add("Hugging Face hub (faster-whisper, transformers)", hub.or(folders.in_xdg_cache("huggingface/hub")), 4);
    places.add("openai-whisper", folders.in_xdg_cache("whisper"), 0);
    for folder in [here.to_owned(), here.join("models")] {
        places.add("whisper.cpp", Some(folder), 0);
    }
    places.add("whisper.cpp", folders.in_home("whisper.cpp/models"), 0);
    let buzz = if cfg!(windows) { folders.in_local("Buzz/Buzz/Cache/models") } else { folders.in_cache("Buzz/models") };
    places.add("Buzz", set("BUZZ_MODEL_ROOT").or(buzz), 4);
    places.add("Vibe", folders.in_local("github.com.thewh1teagle.vibe"), 1);
    places.add("Handy", folders.in_data("com.pais.handy/models"), 2);
    places.add("minutes", folders.in_home(".minutes/models"), 1);
    places.add("noScribe", folders.in_settings("noScribe/whisper_models"), 1);
    places.add("CrisperWhisper", folders.in_xdg_cache("crisperwhisper"), 4);
    places.add("WhisperKit", folders.in_home("Documents/huggingface/models/argmaxinc/whisperkit-coreml"), 1);
    places.add(
        "MacWhisper",
        folders.in_home("Library/Application Support/MacWhisper").filter(|_| cfg!(target_os = "macos")),
        3,
    );
    places.0
}

struct Places(Vec<Place>);

impl Places {
    fn add(&mut self, owner: &'static str, folder: Option<PathBuf>, depth: usize) {
        self.0.extend(folder.map(|folder| Place { owner, folder, depth }));
    }
}

/// The folders of the person, as this kind of system has them.
struct Folders {
    home: Option<PathBuf>,
    cache: Option<PathBuf>,
    /// What programs from Linux take for the cache everywhere.
    xdg_cache: Option<PathBuf>,
    data: Option<PathBuf>,
    local: Option<PathBuf>,
    settings: Option<PathBuf>,
}

impl Folders {
    fn of(environment: &dyn Fn(&str) -> Option<String>) -> Folders {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = set("HOME").or_else(|| set("USERPROFILE"));
        let below = |folder: &str| home.as_deref().map(|home| home.join(folder));
        let xdg = |name: &str, folder: &str| set(name).or_else(|| below(folder));
        let xdg_cache = xdg("XDG_CACHE_HOME", ".cache");
        if cfg!(target_os = "macos") {
            let support = below("Library/Application Support");
            let cache = below("Library/Caches");
            return Folders {
                cache,
                xdg_cache,
                data: support.clone(),
                local: support.clone(),
                settings: support,
                home,
            };
        }
        if cfg!(windows) {
            let (roaming, local) = (set("APPDATA"), set("LOCALAPPDATA"));
            return Folders { cache: local.clone(), xdg_cache, data: roaming.clone(), local, settings: roaming, home };
        }
        let data = xdg("XDG_DATA_HOME", ".local/share");
        let settings = xdg("XDG_CONFIG_HOME", ".config");
        Folders { cache: xdg_cache.clone(), xdg_cache, local: data.clone(), data, settings, home }
    }

    fn in_home(&self, rest: &str) -> Option<PathBuf> {
        self.home.as_deref().map(|folder| folder.join(rest))
    }

    fn in_cache(&self, rest: &str) -> Option<PathBuf> {
        self.cache.as_deref().map(|folder| folder.join(rest))
    }

    fn in_xdg_cache(&self, rest: &str) -> Option<PathBuf> {
        self.xdg_cache.as_deref().map(|folder| folder.join(rest))
    }

    fn in_data(&self, rest: &str) -> Option<PathBuf> {
        self.data.as_deref().map(|folder| folder.join(rest))
    }

    fn in_local(&self, rest: &str) -> Option<PathBuf> {
        self.local.as_deref().map(|folder| folder.join(rest))
    }

    fn in_settings(&self, rest: &str) -> Option<PathBuf> {
        self.settings.as_deref().map(|folder| folder.join(rest))
    }
}
