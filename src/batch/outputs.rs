//! What a batch writes, and whether it is there already.
//!
//! A file is written only where nothing stands or what this program wrote there before. Anything else is left as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Input;
use super::names::{self, NameTemplate, with_added};
use super::record::{MadeBy, RECORDS, Record, Source, Standing, Written, standing, write_record};
use crate::report::{self, csv, document, html, markdown};
use crate::store::{Over, StoreError, clear_unfinished, folder_of, make_private_folder, prove_writable, write_beside};
use crate::types::Report;

/// A kind of file that is written for each recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Words with their times.
    Json,
    /// Plain text.
    Txt,
    /// SubRip captions.
    Srt,
    /// WebVTT captions.
    Vtt,
    /// Markdown.
    Md,
    /// The report as JSON.
    ReportJson,
    /// The report as Markdown.
    ReportMd,
    /// The report as a page.
    ReportHtml,
}

impl Format {
    /// The kinds of file that a report is written as.
    pub const REPORTS: [Format; 3] = [Format::ReportJson, Format::ReportMd, Format::ReportHtml];

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Txt => "txt",
            Format::Srt => "srt",
            Format::Vtt => "vtt",
            Format::Md => "md",
            Format::ReportJson => "report.json",
            Format::ReportMd => "report.md",
            Format::ReportHtml => "report.html",
        }
    }

    fn render(self, report: &Report, title: &str) -> String {
        match self {
            Format::Json => report::json::pretty(&report.transcript),
            Format::Txt => report::text::plain(&report.transcript),
            Format::Srt => report::captions::srt(&report.transcript),
            Format::Vtt => report::captions::vtt(&report.transcript),
            Format::Md => markdown::render(&document::of_transcript(&report.transcript, title)),
            Format::ReportJson => report::json::pretty(report),
            Format::ReportMd => markdown::render(&document::of_report(report, title)),
            Format::ReportHtml => html::render(&document::of_report(report, title)),
        }
    }
}

/// What is to be written for each recording, and where.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Below this folder; beside each recording where there is none.
    pub folder: Option<PathBuf>,
    /// In these formats.
    pub formats: Vec<Format>,
    /// Under names that this gives; under the recording's where there is none.
    pub template: Option<NameTemplate>,
}

/// Which files are written for which recording.
#[derive(Clone, Debug)]
pub struct Outputs {
    wanted: Wanted,
    made_by: MadeBy,
    /// For each recording the path that its files' endings are added to.
    stems: BTreeMap<Input, PathBuf>,
}

/// How far a recording has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Everything wanted of it is there.
    Done,
    /// Something is to be written.
    ToDo,
    /// Where all that is missing belongs, files of the person's own stand.
    InTheWay(Vec<PathBuf>),
}

/// What came of writing the files of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was written.
    pub written: Vec<PathBuf>,
    /// Files of the person's own, which were left as they are.
    pub left: Vec<PathBuf>,
}

impl Outputs {
    /// Plans the files for `inputs`; `names::stems` says what they are called.
    pub fn plan(inputs: &[Input], wanted: Wanted, made_by: MadeBy) -> Outputs {
        let endings: Vec<&str> = wanted.formats.iter().map(|format| format.ending()).collect();
        let stems = names::stems(inputs, wanted.folder.as_deref(), wanted.template.as_ref(), &endings);
        Outputs { wanted, made_by, stems }
    }

    /// The files of one recording.
    pub fn files(&self, input: &Input) -> Vec<PathBuf> {
        self.wanted.formats.iter().map(|format| self.file(input, *format)).collect()
    }

    /// How far a recording has come: what was noted of it is held against what it is now, and against what stands there.
    /// Where it is done `again`, what was done counts for nothing.
    pub fn progress(&self, input: &Input, again: bool) -> Progress {
        let record = Record::read(self.stem(input));
        let source = Source::of(&input.path).ok().filter(|_| !again);
        let held =
            record.as_ref().filter(|record| source.as_ref().is_some_and(|s| record.holds(s, input, &self.made_by)));
        let mut missing = 0;
        let mut in_the_way = Vec::new();
        for file in self.files(input) {
            let written = record.as_ref().and_then(|record| record.files.get(&name_of(&file)));
            match standing(&file, written) {
                // What was written of this very recording and was changed since is the person's: a corrected transcript.
                Standing::AsWritten if held.is_some() => {}
                Standing::Foreign if held.is_some() && written.is_some_and(|w| !w.sha256.is_empty()) => {}
                Standing::Foreign => in_the_way.push(file),
                _ => missing += 1,
            }
        }
        match (missing, in_the_way.is_empty()) {
            (0, true) if held.is_some() => Progress::Done,
            (0, false) => Progress::InTheWay(in_the_way),
            _ => Progress::ToDo,
        }
    }

    /// Writes the files of one recording, each whole or not at all.
    ///
    /// `before` is the recording as it was before it was read: where it has changed since, it is done again the next time.
    /// What will be written is noted first: a program that ends in between knows its own files again.
    pub fn write(&self, input: &Input, report: &Report, before: Option<&Source>) -> Result<Outcome, StoreError> {
        let stem = self.stem(input);
        let title = input.path.file_name().unwrap_or_default().to_string_lossy();
        let is_unchanged = Source::of(&input.path).ok().as_ref() == before;
        let read = report.recording.as_ref().filter(|_| is_unchanged);
        let sha256 = read.map(|recording| recording.sha256.clone()).unwrap_or_default();
        let row = csv::Row::of(input.name(), input.person(), report);
        let mut record = self.begin_record(input, sha256, row);
        let mut outcome = Outcome::default();
        let mut pending = Vec::new();
        for format in &self.wanted.formats {
            let file = self.file(input, *format);
            let name = name_of(&file);
            let old = record.files.get(&name);
            let stands = standing(&file, old);
            if !stands.may_be_written() {
                outcome.left.push(file);
                continue;
            }
            let content = format.render(report, &title);
            let written = Written::next(content.as_bytes(), old, stands);
            record.files.insert(name, written);
            pending.push((file, content, stands));
        }
        record.write(stem)?;
        for (file, content, stands) in pending {
            match write_text(&file, &content, stands) {
                Ok(()) => outcome.written.push(file),
                Err(error) if is_taken(&error) => outcome.left.push(file),
                Err(error) => return Err(error),
            }
        }
        Ok(outcome)
    }

    /// Notes that a recording failed, for the table of the batch; it is tried again the next time.
    pub fn note_failure(&self, input: &Input, problem: &str) -> Result<(), StoreError> {
        let row = csv::Row::failed(input.name(), input.person(), problem.to_owned());
        self.begin_record(input, String::new(), row).write(self.stem(input))
    }

    /// The row of a recording in the table of the batch, as it was noted; `None` where nothing was.
    pub fn row(&self, input: &Input) -> Option<csv::Row> {
        Record::read(self.stem(input)).map(|record| record.row)
    }

    /// Makes every folder that is written to, proves that a file fits into it, and removes what killed programs left there
    /// half written. Returns the recordings whose folder can be written, and why each of the other folders cannot.
    pub fn prepare(&self, inputs: Vec<Input>) -> (Vec<Input>, Vec<StoreError>) {
        let folders: BTreeSet<&Path> = inputs.iter().map(|input| folder_of(self.stem(input))).collect();
        let (mut ready, mut failed) = (BTreeSet::new(), Vec::new());
        for folder in folders {
            match prepare_folder(folder) {
                Ok(()) => _ = ready.insert(folder),
                Err(error) => failed.push(error),
            }
        }
        (inputs.into_iter().filter(|input| ready.contains(folder_of(self.stem(input)))).collect(), failed)
    }

    /// The record of a recording that begins now: what is known of the files that an earlier run wrote is kept. Where that
    /// was another recording or another model, they are ours and count as older.
    fn begin_record(&self, input: &Input, sha256: String, row: csv::Row) -> Record {
        let source = Source { sha256, ..Source::of(&input.path).unwrap_or_default() };
        let mut files = BTreeMap::new();
        if let Some(old) = Record::read(self.stem(input)) {
            let same = row.problem.is_none() && old.holds(&source, input, &self.made_by);
            files = old.files;
            if !same {
                files.values_mut().for_each(Written::is_outdated);
            }
        }
        let (schema, made_by) = (Record::SCHEMA.to_owned(), self.made_by.clone());
        Record { schema, source, sound: input.sound_name(), made_by, files, row }
    }

    fn stem(&self, input: &Input) -> &Path {
        self.stems.get(input).expect("the batch was planned with every input")
    }

    fn file(&self, input: &Input, format: Format) -> PathBuf {
        with_added(self.stem(input), &format!(".{}", format.ending()))
    }
}

/// Makes a folder that is written to, proves that a file fits into it, and removes what killed programs left there.
pub fn prepare_folder(folder: &Path) -> Result<(), StoreError> {
    make_private_folder(folder).map_err(|cause| StoreError::writing(folder, cause))?;
    clear_unfinished(folder);
    clear_unfinished(&folder.join(RECORDS));
    prove_writable(folder)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn write_text(path: &Path, text: &str, stands: Standing) -> Result<(), StoreError> {
    let over = if stands == Standing::Nothing { Over::Nothing } else { Over::Ours };
    write_beside(path, text.as_bytes(), over)
}

/// Whether nothing was written because something has come to stand there.
fn is_taken(error: &StoreError) -> bool {
    matches!(error, StoreError::ReadOnly { cause, .. } if cause.kind() == ErrorKind::AlreadyExists)
}

/// Writes a file of the whole batch, such as its table: whole or not at all, and only over one of ours.
///
/// Returns whether it was written; `false` where a file of the person's own stands there.
pub fn write_summary(path: &Path, text: &str) -> Result<bool, StoreError> {
    let folder = folder_of(path);
    prepare_folder(folder)?;
    // Not where a recording's record lies, whose name has a single ending.
    let noted = folder.join(RECORDS).join(format!("{}.written", name_of(path)));
    let old: Option<Written> = std::fs::read(&noted).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let stands = standing(path, old.as_ref());
    if !stands.may_be_written() {
        return Ok(false);
    }
    write_record(&noted, &Written::next(text.as_bytes(), old.as_ref(), stands))?;
    match write_text(path, text, stands) {
        Err(error) if is_taken(&error) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

#[cfg(test)]
mod tests;
