//! Takes for somebody else, such as a coach: pages, sound, reports and words, and nothing besides.
//!
//! What leaves has no paths of this machine, no settings, no other question, and of the person's own remarks none that they
//! did not ask for. The sound is a WAV of 16 bits and 16 kHz, 1.9 MB a minute: what every browser plays and every program
//! opens. (Opus would be a tenth of it; Safari plays it in an Ogg file since 2025 only.)

mod zip;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::audio::{self, DecodeError, SPEECH_RATE_HZ};
use crate::base_64;
use crate::models::sha256;
use crate::quote::quoted;
use crate::remedy::{NextStep, Remedy};
use crate::report::pages::{self, Assets, Link, PEAKS, Sound, TakePage};
use crate::report::{json, text};
use crate::store::{Over, StoreError, folder_of, write_beside};
use crate::types::{Peak, Recording, Report};

/// What a take's files are called.
const SOUND: &str = "answer.wav";

/// A take that is to leave this machine.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// Which take it is, in a few words.
    pub name: &'a str,
    /// What its folder is called where there are several.
    pub folder: &'a str,
    /// The report, as its person sees it.
    pub report: &'a Report,
    /// What the person remarked, if that is to go along.
    pub remarks: &'a [String],
    /// The recording, if that is to go along.
    pub recording: Option<&'a Path>,
}

/// Why takes could not be written for somebody else.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Something stands where they were to be written.
    #[error("{} is there already, and is left as it is", path.display())]
    Taken {
        /// What stands there.
        path: PathBuf,
    },
    /// They could not be written.
    #[error(transparent)]
    Unwritable(#[from] StoreError),
    /// A recording could not be read.
    #[error(transparent)]
    Recording(#[from] DecodeError),
    /// The sound or the archive could not be put together.
    #[error("{what} could not be put together")]
    Unmade {
        /// What.
        what: &'static str,
        /// What went wrong.
        #[source]
        cause: io::Error,
    },
}

impl Remedy for ExportError {
    fn next_step(&self) -> NextStep {
        match self {
            ExportError::Taken { path } => {
                format!("choose another name, or move it away: mv {0} {0}.old", quoted(path)).into()
            }
            ExportError::Unwritable(StoreError::ReadOnly { path, .. }) => {
                format!("look at the folder it belongs into: ls -ld {}", quoted(folder_of(path))).into()
            }
            ExportError::Unwritable(error) => error.next_step(),
            ExportError::Recording(error) => {
                format!("{}; or leave the sound out: --no-audio", error.next_step()).into()
            }
            ExportError::Unmade { .. } => "leave the sound out: --no-audio".into(),
        }
    }
}

/// A file by its name below the folder.
type Named = (String, Vec<u8>);

/// Writes a take as one page with everything inside; returns how many bytes it has.
pub fn one_page(take: &Leaving, path: &Path) -> Result<usize, ExportError> {
    refuse_taken(path)?;
    let ready = Ready::of(take)?;
    let inside = ready.sound.as_ref().map(|wav| format!("data:audio/wav;base64,{}", base_64::encoded(wav)));
    let page = ready.page(take, inside.as_deref());
    write_page(&page, path)?;
    Ok(page.len())
}

/// Writes a page, where nothing stands yet.
pub fn write_page(page: &str, path: &Path) -> Result<(), ExportError> {
    refuse_taken(path)?;
    Ok(write_beside(path, page.as_bytes(), Over::Nothing)?)
}

/// Writes takes as a folder, or as a zip file where `path` is called so.
pub fn several_files(title: &str, takes: &[Leaving], path: &Path) -> Result<(), ExportError> {
    refuse_taken(path)?;
    let files = files(title, takes)?;
    let is_zip = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if is_zip {
        let bytes = zip::archive(&files).map_err(|cause| ExportError::Unmade { what: "the zip file", cause })?;
        return Ok(write_beside(path, &bytes, Over::Nothing)?);
    }
    whole_folder(&files, path).map_err(|cause| StoreError::writing(path, cause).into())
}

fn refuse_taken(path: &Path) -> Result<(), ExportError> {
    match path.symlink_metadata() {
        Ok(_) => Err(ExportError::Taken { path: path.to_owned() }),
        Err(_) => Ok(()),
    }
}

/// Writes all files below a folder that appears when they are whole.
fn whole_folder(files: &[Named], path: &Path) -> io::Result<()> {
    let mut folder = tempfile::Builder::new();
    folder.prefix(".unfinished-");
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let begun = folder.tempdir_in(folder_of(path))?;
    for (name, bytes) in files {
        let file = begun.path().join(name);
        crate::store::make_private_folder(folder_of(&file))?;
        write_beside(&file, bytes, Over::Nothing).map_err(io::Error::other)?;
    }
    fs::rename(begun.path(), path)?;
    // It is no temporary folder any more.
    let _ = begun.keep();
    Ok(())
}

/// A take's files; of several takes each in a folder of its own, with a page that leads to them.
fn files(title: &str, takes: &[Leaving]) -> Result<Vec<Named>, ExportError> {
    if let [take] = takes {
        return files_of(take);
    }
    let links: Vec<Link> = takes
        .iter()
        .map(|take| Link {
            address: format!("{}/index.html", take.folder),
            text: format!("{}: {}", take.name, take.report.question.as_ref().map_or("an answer", |asked| &asked.text)),
        })
        .collect();
    let mut files = vec![("index.html".to_owned(), pages::list(title, &links, Assets::Style).into_bytes())];
    for take in takes {
        files.extend(files_of(take)?.into_iter().map(|(name, bytes)| (format!("{}/{name}", take.folder), bytes)));
    }
    Ok(files)
}

fn files_of(take: &Leaving) -> Result<Vec<Named>, ExportError> {
    let ready = Ready::of(take)?;
    let page = ready.page(take, ready.sound.is_some().then_some(SOUND));
    let mut files = vec![
        ("index.html".to_owned(), page.into_bytes()),
        ("report.json".to_owned(), json::pretty(&ready.report).into_bytes()),
        ("transcript.txt".to_owned(), text::plain(&ready.report.transcript).into_bytes()),
    ];
    files.extend(ready.sound.map(|wav| (SOUND.to_owned(), wav)));
    Ok(files)
}

/// A take, made ready to leave.
struct Ready {
    report: Report,
    sound: Option<Vec<u8>>,
    peaks: Vec<Peak>,
}

impl Ready {
    fn of(take: &Leaving) -> Result<Ready, ExportError> {
        let Some(recording) = take.recording else {
            return Ok(Ready { report: for_others(take.report, None), sound: None, peaks: Vec::new() });
        };
        let heard = audio::decode_16k(recording)?;
        let sound = audio::wav_bytes(&heard.samples, SPEECH_RATE_HZ)
            .map_err(|cause| ExportError::Unmade { what: "the sound", cause })?;
        let peaks = audio::peaks(recording, heard.duration(), PEAKS)?;
        Ok(Ready { report: for_others(take.report, Some(&sound)), sound: Some(sound), peaks })
    }

    fn page(&self, take: &Leaving, address: Option<&str>) -> String {
        TakePage {
            name: take.name,
            report: &self.report,
            remarks: take.remarks,
            sound: address.map(|address| Sound { address, peaks: &self.peaks }),
            others: &[],
            beside: None,
            forms: None,
            around: &[],
            assets: Assets::Inside,
        }
        .render()
    }
}

/// The report without what says where it was made; its recording is the one that leaves.
fn for_others(report: &Report, sound: Option<&[u8]>) -> Report {
    let mut report = report.clone();
    let Some(recording) = report.recording.take() else { return report };
    let folder = Path::new(&recording.path).parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    for notice in &mut report.notices {
        *notice = notice.replace(&recording.path, SOUND);
        if folder.len() > 1 {
            *notice = notice.replace(&folder, "...");
        }
    }
    let hash = sound.map(|sound| sha256::of_reader(&mut &*sound).expect("memory can be read"));
    report.recording = Some(Recording {
        path: SOUND.to_owned(),
        sample_rate_hz: if sound.is_some() { SPEECH_RATE_HZ } else { recording.sample_rate_hz },
        channels: if sound.is_some() { 1 } else { recording.channels },
        sha256: hash.unwrap_or(recording.sha256),
        ..recording
    });
    report
}
