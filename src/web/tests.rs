//! The server without a browser: every address is behind the gate, names lead nowhere else, sound comes in ranges.

use std::fs;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use jiff::Zoned;
use tower::ServiceExt;

use super::*;
use crate::audio::write_wav;
use crate::store::SessionFolder;
use crate::types::{Prompt, QuestionRef, Seconds, SessionSettings};

/// A server in a home of its own, asked without a network.
struct Asked {
    folder: tempfile::TempDir,
    app: Arc<App>,
}

impl Asked {
    fn new() -> Asked {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(folder.path().join("home"));
        home.prepare().expect("it can be made");
        let gate = Gate::new("127.0.0.1:4000".parse().expect("an address")).expect("random numbers");
        let app = App {
            home,
            flags: Vec::new(),
            gate,
            stage: Stage::default(),
            presence: Presence::default(),
            kept: Kept::default(),
            downloading: Downloading::default(),
        };
        Asked { folder, app: Arc::new(app) }
    }

    /// A session with a take that was recorded and has no report; its name.
    fn record(&self) -> String {
        let home = &self.app.home;
        let started = Zoned::now();
        let mut session =
            SessionFolder::create(home, &started, "test", None, SessionSettings::default()).expect("a session");
        let question = QuestionRef { id: "why".into(), text: "Why?".into(), bank: None };
        let take = session.begin_take(question, Prompt::Question, started.timestamp()).expect("a take");
        let files = session.files(take).expect("it has files");
        write_wav(&files.audio, &[0.1; 1_600], 16_000).expect("it can be written");
        session.finish_recording(take, Seconds(0.1)).expect("it is whole");
        session.session().id.clone()
    }

    /// Asks as the browser that was let in does.
    async fn ask(&self, method: &str, path: &str, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
        let cookie = self.app.gate.new_cookie();
        let cookie = cookie.split(';').next().expect("it has a value");
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, "127.0.0.1:4000").header(header::COOKIE, cookie);
        if method != "GET" {
            request = request.header(header::ORIGIN, "http://127.0.0.1:4000");
        }
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        router(Arc::clone(&self.app)).oneshot(request).await.expect("it answers")
    }
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("it has a body");
    String::from_utf8(bytes.to_vec()).expect("it is text")
}

#[tokio::test]
async fn nothing_is_served_or_done_without_the_cookie() {
    let asked = Asked::new();
    let gets = [
        "/",
        "/rehearse",
        "/rehearse/events",
        "/over-time",
        "/search?q=a",
        "/banks",
        "/banks/conflict",
        "/takes/a/1",
        "/takes/a/1/sound",
        "/style.css",
        "/app.js",
        "/take.js",
        "/alive",
        "/favicon.ico",
        "/nowhere",
    ];
    for path in gets {
        let request = Request::get(path).header(header::HOST, "127.0.0.1:4000").body(Body::empty()).expect("a request");
        let answer = asked.send(request).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("it is text");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    for path in [
        "/rehearse",
        "/rehearse/command",
        "/microphone",
        "/banks",
        "/takes/a/1/note",
        "/takes/a/1/point",
        "/takes/a/1/filler",
        "/takes/a/1/felt",
    ] {
        for (host, origin) in [("127.0.0.1:4000", "http://127.0.0.1:4000"), ("evil.example", "http://evil.example")] {
            let request = Request::post(path).header(header::HOST, host).header(header::ORIGIN, origin);
            let answer = asked.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} from {origin}");
        }
    }
}

#[tokio::test]
async fn the_token_becomes_a_cookie_and_leaves_the_address() {
    let asked = Asked::new();
    let request = Request::get(format!("/?token={}", asked.app.gate.token())).header(header::HOST, "127.0.0.1:4000");
    let answer = asked.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(
        (answer.status(), &answer.headers()[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/".parse().expect("a value"))
    );
    let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("it is text");
    for part in ["greenroom-4000=", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(asked.app.gate.token()));
    assert_eq!(asked.ask("GET", "/", &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn sound_comes_whole_or_in_the_range_that_is_asked_for() {
    let asked = Asked::new();
    let path = format!("/takes/{}/1/sound", asked.record());
    let whole = asked.ask("GET", &path, &[]).await;
    assert_eq!(whole.status(), StatusCode::OK);
    let whole = to_bytes(whole.into_body(), 1 << 20).await.expect("it has a body");
    let part = asked.ask("GET", &path, &[(header::RANGE, "bytes=100-199")]).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()[header::CONTENT_RANGE], format!("bytes 100-199/{}", whole.len()));
    assert_eq!(to_bytes(part.into_body(), 1 << 20).await.expect("it has a body"), whole.slice(100..200));
}

#[tokio::test]
async fn no_name_in_an_address_leads_out_of_the_sessions() {
    let asked = Asked::new();
    let session = asked.record();
    let secret = asked.folder.path().join("secret");
    fs::create_dir_all(&secret).expect("it can be made");
    fs::copy(asked.app.home.sessions().join(&session).join("session.json"), secret.join("session.json"))
        .expect("a copy");
    for path in [
        "/takes/../1",
        "/takes/..%2F..%2Fsecret/1",
        "/takes/%2Ftmp/1/sound",
        "/takes/.%2E/1",
        "/banks/..%2Fconfig/check",
        "/takes/%00/1",
    ] {
        let status = asked.ask("GET", path, &[]).await.status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    // A recording that is a link is somebody else's file.
    let folder = asked.app.home.sessions().join(&session);
    let wav = fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.path());
    let wav =
        wav.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "wav")).expect("it was recorded");
    fs::remove_file(&wav).expect("it can be removed");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", &wav).expect("it can be made");
    assert_eq!(asked.ask("GET", &format!("/takes/{session}/1/sound"), &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_that_is_dropped_becomes_a_bank_and_is_shown_line_by_line() {
    let asked = Asked::new();
    let form = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../my notes.md\"\r\n\r\n# Mine\n\n## Why did you leave?\n\n- Tell the reason first\n\r\n--x--\r\n";
    let cookie = asked.app.gate.new_cookie();
    let request = Request::post("/banks")
        .header(header::HOST, "127.0.0.1:4000")
        .header(header::ORIGIN, "http://127.0.0.1:4000")
        .header(header::COOKIE, cookie.split(';').next().expect("a value"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let answer = asked.send(request.body(Body::from(form)).expect("a request")).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = answer.headers()[header::LOCATION].to_str().expect("it is text").to_owned();
    let shown = text(asked.ask("GET", &page, &[]).await).await;
    assert!(shown.contains("Why did you leave?") && shown.contains("Everything was understood."), "{shown}");
    assert!(asked.app.home.banks().join("my notes.md").is_file());
}

#[tokio::test]
async fn a_take_without_a_report_and_a_page_that_is_not_there_say_so() {
    let asked = Asked::new();
    let session = asked.record();
    let take = asked.ask("GET", &format!("/takes/{session}/1"), &[]).await;
    assert_eq!(take.status(), StatusCode::NOT_FOUND);
    assert!(text(take).await.contains("has no report"));
    assert_eq!(asked.ask("GET", "/nowhere", &[]).await.status(), StatusCode::NOT_FOUND);
    let nothing = asked.ask("GET", "/rehearse", &[]).await;
    assert_eq!(
        (nothing.status(), &nothing.headers()[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/".parse().expect("a value"))
    );
    assert!(text(asked.ask("GET", "/over-time", &[]).await).await.contains("Over time"));
}
