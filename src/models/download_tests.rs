//! Downloads from a server on this machine that misbehaves in every way a server can.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::catalog::{CatalogEntry, Languages, WordTimes};
use super::download::{MirrorProblem, PackageIndex, Patience, Progress, PullError, Pulled, Source, pull};
use super::installed::part_path;
use super::sha256;
use crate::remedy::Remedy;

/// What the server does with one request.
#[derive(Clone, Debug)]
enum Reply {
    /// The file, or the part asked for.
    Right,
    /// As [`Reply::Right`], ending after so many bytes.
    BreakOff(usize),
    /// As [`Reply::Right`], falling silent after so many bytes.
    Stall(usize),
    /// Accepts the request and says nothing at all.
    Silence,
    /// The whole file, whatever was asked for.
    IgnoreRange,
    /// A part that begins at byte 0, whatever was asked for.
    WrongRange,
    /// The whole file under a wrong length.
    ClaimLength(u64),
    /// The whole file without a length, ended by the end of the connection.
    NoLength,
    /// As many bytes as the file has, all wrong.
    WrongBytes,
    /// An error.
    Status(u16),
    /// The file is elsewhere on the same server.
    Redirect,
}

/// A request: its path and the headers that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Request {
    path: String,
    range: Option<String>,
    if_range: Option<String>,
}

/// A server that gives its replies in order, one for each request, and then is right for ever.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    /// Dropped to let stalled connections go.
    stalls: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn new(content: &[u8], replies: &[Reply]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address").to_string();
        let (requests, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (stalls, released) = channel();
        let thread = {
            let (requests, stop, content) = (requests.clone(), stop.clone(), content.to_vec());
            let mut replies: VecDeque<Reply> = replies.to_vec().into();
            thread::spawn(move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let stream = stream.expect("a connection comes");
                    let Some(request) = read_request(&stream) else { continue };
                    requests.lock().expect("nobody panicked").push(request.clone());
                    let reply = replies.pop_front().unwrap_or(Reply::Right);
                    // A client that is gone is part of the game.
                    let _ = answer(&stream, &request, &reply, &content, &released);
                }
            })
        };
        Server { address, requests, stop, stalls: Some(stalls), thread: Some(thread) }
    }

    fn mirror(&self) -> String {
        format!("http://{}/models", self.address)
    }

    fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("nobody panicked").clone()
    }

    /// The `Range` of every request, in order.
    fn ranges(&self) -> Vec<Option<String>> {
        self.requests().into_iter().map(|request| request.range).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(self.stalls.take());
        // Wakes the accept call.
        let _ = TcpStream::connect(&self.address);
        let thread = self.thread.take().expect("it is taken only here");
        thread.join().expect("the server did not panic");
    }
}

fn read_request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let (mut range, mut if_range) = (None, None);
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        match name.to_lowercase().as_str() {
            "range" => range = Some(value.trim().to_owned()),
            "if-range" => if_range = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    Some(Request { path, range, if_range })
}

fn answer(
    mut stream: &TcpStream,
    request: &Request,
    reply: &Reply,
    content: &[u8],
    released: &Receiver<()>,
) -> std::io::Result<()> {
    let asked =
        request.range.as_deref().and_then(|range| range.strip_prefix("bytes=")?.trim_end_matches('-').parse().ok());
    let start: usize = asked.unwrap_or(0);
    let whole = content.len();
    let ok = |length: u64| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n")
    };
    let part = |start: usize| {
        format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\nContent-Range: bytes {start}-{}/{whole}\r\n\
             ETag: \"v1\"\r\nConnection: close\r\n\r\n",
            whole - start,
            whole - 1
        )
    };
    let head = if asked.is_some() { part(start) } else { ok(whole as u64) };
    match reply {
        Reply::Right => {
            stream.write_all(head.as_bytes())?;
            stream.write_all(&content[start..])
        }
        Reply::BreakOff(count) | Reply::Stall(count) => {
            stream.write_all(head.as_bytes())?;
            stream.write_all(&content[start..whole.min(start + count)])?;
            stream.flush()?;
            if matches!(reply, Reply::Stall(_)) {
                // Until the server is dropped; nothing is ever sent.
                let _ = released.recv();
            }
            Ok(())
        }
        Reply::Silence => {
            let _ = released.recv();
            Ok(())
        }
        Reply::IgnoreRange => {
            stream.write_all(ok(whole as u64).as_bytes())?;
            stream.write_all(content)
        }
        Reply::WrongRange => {
            stream.write_all(part(0).as_bytes())?;
            stream.write_all(content)
        }
        Reply::ClaimLength(length) => {
            stream.write_all(ok(*length).as_bytes())?;
            stream.write_all(content)
        }
        Reply::NoLength => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            stream.write_all(content)
        }
        Reply::WrongBytes => {
            stream.write_all(head.as_bytes())?;
            stream.write_all(&vec![0x55; whole - start])
        }
        Reply::Status(status) => stream
            .write_all(format!("HTTP/1.1 {status} No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno").as_bytes()),
        Reply::Redirect => {
            let location = format!("Location: /elsewhere{}", request.path);
            stream.write_all(
                format!("HTTP/1.1 302 Found\r\n{location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .as_bytes(),
            )
        }
    }
}

/// A little over 300 kB that look like nothing else.
fn content() -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..300_007).map(|_| random.u8(..)).collect()
}

fn entry() -> CatalogEntry {
    let content = content();
    CatalogEntry {
        name: "test.en".to_owned(),
        bytes: content.len() as u64,
        sha256: sha256::of_reader(&mut content.as_slice()).expect("memory can be read"),
        languages: Languages::English,
        memory_mb: 1,
        word_times: WordTimes::UNKNOWN_MODEL,
        wheels: None,
        advice: String::new(),
    }
}

/// A folder, and pulls into it.
struct Machine {
    folder: tempfile::TempDir,
    /// How long a silent server is waited for: longer than any busy machine takes, unless silence is the point.
    stall: Duration,
    events: Vec<String>,
}

impl Machine {
    fn new() -> Machine {
        let folder = tempfile::tempdir().expect("a folder can be made");
        Machine { folder, stall: Duration::from_secs(30), events: Vec::new() }
    }

    /// One that soon gives up on a silent server.
    fn impatient() -> Machine {
        Machine { stall: Duration::from_millis(700), ..Machine::new() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ggml-test.en.bin")
    }

    fn part(&self) -> PathBuf {
        part_path(&self.path())
    }

    /// Size of the unfinished download, if there is one.
    fn kept(&self) -> Option<u64> {
        fs::metadata(self.part()).ok().map(|about| about.len())
    }

    fn pull_from(&mut self, mirrors: Vec<String>, cancel: &AtomicBool, cancel_at: u64) -> Result<Pulled, PullError> {
        let patience = Patience { connect: Duration::from_secs(5), stall: self.stall };
        let source = Source { mirrors, index: PackageIndex::none(), patience };
        let events = &mut self.events;
        events.clear();
        pull(&entry(), self.folder.path(), &source, cancel, &mut |progress| match progress {
            Progress::Asking { have, .. } => events.push(format!("asking from {have}")),
            Progress::StartedOver => events.push("started over".to_owned()),
            Progress::Received { bytes, .. } if bytes >= cancel_at => cancel.store(true, Ordering::Relaxed),
            Progress::Received { .. } => {}
            Progress::Failed(failure) => events.push(format!("failed: {}", failure.problem)),
            Progress::Converting { .. } => {}
            Progress::Checking => events.push("checking".to_owned()),
        })
    }

    fn pull(&mut self, servers: &[&Server]) -> Result<Pulled, PullError> {
        let mirrors = servers.iter().map(|server| server.mirror()).collect();
        self.pull_from(mirrors, &AtomicBool::new(false), u64::MAX)
    }

    /// Pulls, and holds what arrived against what should have.
    fn pull_whole(&mut self, servers: &[&Server]) {
        assert_eq!(self.pull(servers).expect("the pull works"), Pulled::Downloaded(self.path()), "{:?}", self.events);
        assert!(fs::read(self.path()).expect("the model is there") == content(), "the bytes are the right ones");
        assert_eq!(self.kept(), None, "no part is left");
    }
}

/// The problem of the last mirror.
fn last_problem(result: Result<Pulled, PullError>) -> MirrorProblem {
    match result {
        Err(PullError::NoMirror { mut failures, .. }) => failures.0.pop().expect("a mirror was asked").problem,
        other => panic!("{other:?}"),
    }
}

fn bytes(from: u64) -> Option<String> {
    Some(format!("bytes={from}-"))
}

#[test]
fn a_model_is_downloaded_and_gets_its_name_only_when_it_is_whole() {
    let server = Server::new(&content(), &[]);
    let mut machine = Machine::new();
    machine.pull_whole(&[&server]);
    assert_eq!(machine.events, ["asking from 0", "checking"]);
    assert_eq!(server.requests()[0].path, "/models/ggml-test.en.bin");
}

#[test]
fn the_models_folder_is_made_when_it_does_not_exist() {
    let server = Server::new(&content(), &[]);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let deep = folder.path().join("not/yet/there");
    let source = Source { mirrors: vec![server.mirror()], index: PackageIndex::none(), patience: Patience::default() };
    pull(&entry(), &deep, &source, &AtomicBool::new(false), &mut |_| {}).expect("the pull works");
    assert!(deep.join("ggml-test.en.bin").exists());
}

#[test]
fn a_model_that_is_there_is_not_downloaded_again_and_a_bad_one_is_replaced() {
    let server = Server::new(&content(), &[]);
    let mut machine = Machine::new();
    fs::write(machine.path(), "half a model").expect("the file can be written");
    machine.pull_whole(&[&server]);
    assert_eq!(machine.pull(&[&server]).expect("it is there"), Pulled::AlreadyThere(machine.path()));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_broken_connection_is_resumed_where_it_broke() {
    let server = Server::new(&content(), &[Reply::BreakOff(100_000), Reply::BreakOff(50_000)]);
    let mut machine = Machine::new();
    machine.pull_whole(&[&server]);
    assert_eq!(server.ranges(), [None, bytes(100_000), bytes(150_000)]);
    assert_eq!(server.requests()[1].if_range.as_deref(), Some("\"v1\""), "only of the same version");
}

#[test]
fn a_mirror_that_breaks_off_without_sending_anything_is_not_asked_for_ever() {
    let server = Server::new(&content(), &vec![Reply::BreakOff(0); 50]);
    let mut machine = Machine::new();
    let problem = last_problem(machine.pull(&[&server]));
    assert!(matches!(problem, MirrorProblem::BrokeOff { received: 0, .. }), "{problem:?}");
    assert_eq!((server.requests().len(), machine.kept()), (1, None));
}

#[test]
fn a_mirror_that_breaks_off_again_and_again_is_given_up_and_what_came_is_kept() {
    let server = Server::new(&content(), &vec![Reply::BreakOff(1000); 50]);
    let mut machine = Machine::new();
    let error = machine.pull(&[&server]).expect_err("it never ends");
    assert_eq!((server.requests().len(), machine.kept()), (5, Some(5000)));
    assert!(error.hint().starts_with("greenroom models pull test.en   (goes on where it stopped)"), "{}", error.hint());
    // The next pull begins where this one ended.
    let server = Server::new(&content(), &[]);
    machine.pull_whole(&[&server]);
    assert_eq!(server.ranges(), [bytes(5000)]);
}

#[test]
fn a_stalled_mirror_is_left_for_the_next_which_goes_on_there() {
    let stalling = Server::new(&content(), &[Reply::Stall(120_000)]);
    let right = Server::new(&content(), &[]);
    let mut machine = Machine::impatient();
    machine.pull_whole(&[&stalling, &right]);
    assert_eq!(machine.events[1], "failed: nothing came for 700ms");
    assert_eq!(right.ranges(), [bytes(120_000)]);
    assert_eq!(right.requests()[0].if_range, None, "versions of different mirrors have nothing in common");
}

#[test]
fn a_server_that_never_answers_is_a_stall() {
    let server = Server::new(&content(), &[Reply::Silence]);
    let problem = last_problem(Machine::impatient().pull(&[&server]));
    assert!(matches!(problem, MirrorProblem::Stalled(_)), "{problem:?}");
}

#[test]
fn a_server_that_ignores_the_range_is_read_from_the_beginning() {
    let server = Server::new(&content(), &[Reply::BreakOff(100_000), Reply::IgnoreRange]);
    let mut machine = Machine::new();
    machine.pull_whole(&[&server]);
    assert!(machine.events.contains(&"started over".to_owned()), "{:?}", machine.events);
}

#[test]
fn a_server_that_sends_another_part_than_asked_for_is_not_believed() {
    let server = Server::new(&content(), &[Reply::BreakOff(100_000), Reply::WrongRange]);
    let mut machine = Machine::new();
    let problem = last_problem(machine.pull(&[&server]));
    assert!(matches!(problem, MirrorProblem::WrongRange), "{problem:?}");
    assert_eq!(machine.kept(), Some(100_000));
}

#[test]
fn a_server_that_announces_another_length_is_not_read() {
    for length in [entry().bytes - 1, entry().bytes + 1, 9] {
        let server = Server::new(&content(), &[Reply::ClaimLength(length)]);
        let mut machine = Machine::new();
        let problem = last_problem(machine.pull(&[&server]));
        assert!(matches!(problem, MirrorProblem::WrongLength { found, .. } if found == length), "{problem:?}");
        assert_eq!(machine.kept(), None);
    }
}

#[test]
fn a_server_that_announces_more_than_it_has_broke_off() {
    let short = &content()[..200_000];
    // The server has 200 000 bytes and says 300 007: what is missing never comes.
    let server = Server::new(short, &[Reply::ClaimLength(entry().bytes), Reply::Status(416)]);
    let mut machine = Machine::new();
    let problem = last_problem(machine.pull(&[&server]));
    assert!(matches!(problem, MirrorProblem::Refused { status: 416 }), "{problem:?}");
    assert_eq!(machine.events[1], "failed: the connection broke off after 200000 of 300007 bytes");
    assert_eq!(machine.kept(), Some(200_000));
}

#[test]
fn a_server_that_announces_no_length_is_read_to_the_right_length() {
    let server = Server::new(&content(), &[Reply::NoLength]);
    Machine::new().pull_whole(&[&server]);
    // And never beyond it.
    let longer = [content(), vec![1; 1000]].concat();
    let server = Server::new(&longer, &[Reply::NoLength]);
    Machine::new().pull_whole(&[&server]);
}

#[test]
fn wrong_bytes_are_deleted_and_the_next_mirror_is_asked() {
    let wrong = Server::new(&content(), &[Reply::WrongBytes]);
    let mut machine = Machine::new();
    let error = machine.pull(&[&wrong]).expect_err("the bytes are wrong");
    let PullError::NoMirror { kept: 0, failures, .. } = &error else { panic!("{error:?}") };
    assert!(failures.to_string().contains("wrong bytes: the SHA-256 is not the one"), "{failures}");
    assert_eq!(machine.kept(), None);

    let wrong = Server::new(&content(), &[Reply::WrongBytes]);
    let right = Server::new(&content(), &[]);
    machine.pull_whole(&[&wrong, &right]);
    assert_eq!(right.ranges(), [None]);
}

#[test]
fn a_wrong_beginning_left_from_earlier_costs_one_download_and_no_failure() {
    let server = Server::new(&content(), &[]);
    let mut machine = Machine::new();
    fs::write(machine.part(), vec![0; 1000]).expect("the file can be written");
    machine.pull_whole(&[&server]);
    assert_eq!(server.ranges(), [bytes(1000), None]);
}

#[test]
fn a_part_that_is_whole_already_is_only_checked_and_one_that_is_too_long_is_thrown_away() {
    let server = Server::new(&content(), &[]);
    let mut machine = Machine::new();
    fs::write(machine.part(), content()).expect("the file can be written");
    machine.pull_whole(&[&server]);
    assert_eq!(server.requests(), []);

    fs::remove_file(machine.path()).expect("it is there");
    fs::write(machine.part(), vec![0; 400_000]).expect("the file can be written");
    machine.pull_whole(&[&server]);
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn a_mirror_without_the_file_is_followed_by_the_next() {
    for status in [404, 403, 429, 503] {
        let without = Server::new(&content(), &[Reply::Status(status)]);
        let right = Server::new(&content(), &[]);
        let mut machine = Machine::new();
        machine.pull_whole(&[&without, &right]);
        assert!(machine.events[1].contains(&format!("HTTP {status}")), "{:?}", machine.events);
    }
}

#[test]
fn a_redirect_is_followed_with_the_range() {
    let server = Server::new(&content(), &[Reply::Redirect, Reply::BreakOff(70_000), Reply::Redirect]);
    let mut machine = Machine::new();
    machine.pull_whole(&[&server]);
    let asked: Vec<_> = server.requests().into_iter().map(|request| (request.path, request.range)).collect();
    let (here, there) = ("/models/ggml-test.en.bin".to_owned(), "/elsewhere/models/ggml-test.en.bin".to_owned());
    let expected = [(here.clone(), None), (there.clone(), None), (here, bytes(70_000)), (there, bytes(70_000))];
    assert_eq!(asked, expected);
}

#[test]
fn nobody_there_is_said_for_every_mirror() {
    // A port that was free a moment ago.
    let nobody = |listener: TcpListener| format!("http://{}", listener.local_addr().expect("it has an address"));
    let mirrors: Vec<_> = (0..2).map(|_| nobody(TcpListener::bind("127.0.0.1:0").expect("a port is free"))).collect();
    let mut machine = Machine::new();
    let error = machine.pull_from(mirrors.clone(), &AtomicBool::new(false), u64::MAX).expect_err("nobody is there");
    let PullError::NoMirror { failures, .. } = &error else { panic!("{error:?}") };
    let text = failures.to_string();
    let servers = mirrors.iter().map(|mirror| mirror.trim_start_matches("http://"));
    assert!(servers.into_iter().all(|server| text.contains(server)) && text.contains("no answer: "), "{text}");
    for way in ["--mirror URL", "greenroom models import FILE", "put the file at /", "ggml-test.en.bin"] {
        assert!(error.hint().contains(way), "no {way} in {}", error.hint());
    }
}

#[test]
fn a_stopped_download_keeps_what_came() {
    let server = Server::new(&content(), &[]);
    let mut machine = Machine::new();
    let error = machine.pull_from(vec![server.mirror()], &AtomicBool::new(false), 50_000).expect_err("it was stopped");
    let kept = machine.kept().expect("a part is left");
    assert!((50_000..entry().bytes).contains(&kept), "{kept}");
    assert!(matches!(error, PullError::Cancelled { kept: k, .. } if k == kept), "{error:?}");
    machine.pull_whole(&[&server]);
    assert_eq!(server.ranges()[1], bytes(kept));
}

#[test]
fn two_downloads_of_one_model_do_not_write_into_each_other() {
    let mut machine = Machine::new();
    let other = fs::File::create(machine.part()).expect("the file can be made");
    other.lock().expect("it can be locked");
    let error = machine.pull_from(vec![], &AtomicBool::new(false), u64::MAX).expect_err("it is locked");
    assert!(matches!(error, PullError::Busy { .. }), "{error:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_by_its_name() {
    let server = Server::new(&content(), &[]);
    let mut machine = Machine::new();
    std::os::unix::fs::symlink("/dev/full", machine.part()).expect("a link can be made");
    let error = machine.pull(&[&server]).expect_err("the disk is full");
    assert!(matches!(error, PullError::DiskFull { .. }), "{error:?}");
    assert!(error.hint().starts_with("df -h "), "{}", error.hint());
    assert!(!machine.path().exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let server = Server::new(&content(), &[]);
    let source = Source { mirrors: vec![server.mirror()], index: PackageIndex::none(), patience: Patience::default() };
    let folder = Path::new("/dev/null/models");
    let error = pull(&entry(), folder, &source, &AtomicBool::new(false), &mut |_| {}).expect_err("it is no folder");
    assert!(matches!(&error, PullError::NotWritable { path, .. } if path == folder), "{error:?}");
}

#[test]
fn mirrors_are_named_in_one_setting_and_the_catalogs_are_the_default() {
    let mirrors = |setting| Source::from_setting(setting).mirrors;
    assert_eq!(mirrors(Some("http://a, http://b")), ["http://a", "http://b"]);
    assert_eq!(mirrors(Some(" ")), super::catalog::mirrors());
    assert_eq!(mirrors(None), super::catalog::mirrors());
}
