//! A real browser without a window, led by WebDriver, in front of a `greenroom open` of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use greenroom::models::sha256;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::support::{Running, Stage};

/// How long anything on a page may take.
const LIMIT: Duration = Duration::from_secs(30);

/// The accessibility checker, from the npm registry.
const AXE: &str = "https://registry.npmjs.org/axe-core/-/axe-core-4.14.1.tgz";
const AXE_SHA256: &str = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745";

/// A browser and the server it looks at; both end when it is dropped.
pub struct Browser {
    pub page: Client,
    pub server: Running,
    /// The address without the token: `http://127.0.0.1:4711`.
    pub origin: String,
    /// The address that lets a browser in.
    pub address: String,
    _driver: Driver,
    runtime: tokio::runtime::Runtime,
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Starts the server with these flags, and a browser that it lets in.
    pub fn open(stage: &Stage, flags: &[&str]) -> Browser {
        let server = Running::start(stage.command([&["open", "--no-browser"], flags].concat()));
        server.stdout.wait_for("token=", 0, LIMIT);
        server.wait_for("Ctrl-C ends");
        let out = server.stdout.text();
        let address = out.lines().next().expect("it prints its address").to_owned();
        let origin = address.split("/?").next().expect("an address has a beginning").to_owned();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("threads start");
        let (driver, port) = driver(stage);
        let page = runtime.block_on(connect(stage, port));
        let browser = Browser { page, server, origin, address, _driver: driver, runtime };
        browser.go_to_address(&browser.address);
        browser
    }

    /// Waits for what a browser is asked.
    pub fn wait<T>(&self, work: impl Future<Output = Result<T, CmdError>>) -> T {
        self.runtime.block_on(work).expect("the browser does what it is asked")
    }

    pub fn go_to_address(&self, address: &str) {
        self.wait(self.page.goto(address));
    }

    /// Opens a page of the server.
    pub fn go(&self, path: &str) {
        self.go_to_address(&format!("{}{path}", self.origin));
    }

    /// Clicks what a CSS selector finds first, once it is there.
    pub fn click(&self, css: &str) {
        let found = self.wait(self.page.wait().at_most(LIMIT).for_element(Locator::Css(css)));
        // Smooth scrolling would move it away from the pointer.
        let on_screen = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        let element = serde_json::to_value(&found).expect("an element is a value");
        self.wait(self.page.execute(on_screen, vec![element]));
        self.wait(found.click());
    }

    /// Types into a field.
    pub fn type_into(&self, css: &str, text: &str) {
        let field = self.wait(self.page.wait().at_most(LIMIT).for_element(Locator::Css(css)));
        self.wait(field.send_keys(text));
    }

    /// Presses keys wherever the focus is.
    pub fn press(&self, keys: &str) {
        let active = self.wait(self.page.active_element());
        self.wait(active.send_keys(keys));
    }

    /// What a piece of script gives back.
    pub fn script(&self, script: &str) -> Value {
        self.wait(self.page.execute(script, Vec::new()))
    }

    /// Waits until a piece of script gives true.
    pub fn wait_until(&self, condition: &str) {
        let began = Instant::now();
        while self.script(&format!("return Boolean({condition})")) != json!(true) {
            let text = || self.script("return document.body.innerText");
            assert!(began.elapsed() < LIMIT, "{condition} is not so on {}", text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the page has this text.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_until(&format!("document.body.innerText.includes({})", json!(text)));
    }

    /// What the browser complained of since the last time: refused by the policy of a page, broken scripts.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.wait(self.page.issue_cmd(Log));
        let lines = log.as_array().expect("a log has lines").iter();
        lines.filter_map(|line| line["message"].as_str().map(str::to_owned)).collect()
    }

    /// What is wrong with the page for people who do not see it or use no mouse: serious findings of axe-core.
    pub fn barriers(&self, axe: &str) -> Vec<String> {
        self.script(&format!("{axe}; return true"));
        let found = self.wait(self.page.execute_async(
            "const done = arguments[arguments.length - 1]; \
             axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}) \
             .then((found) => done(found.violations), (error) => done([{id: String(error), impact: 'critical', nodes: []}]))",
            Vec::new(),
        ));
        let found = found.as_array().expect("a list").iter();
        let serious = found.filter(|one| one["impact"] == "serious" || one["impact"] == "critical");
        serious.map(|one| format!("{}: {}", one["id"], one["nodes"][0]["html"])).collect()
    }

    /// Makes the window as wide as a telephone, a tablet, a desk.
    pub fn be_wide(&self, width: u32) {
        self.wait(self.page.set_window_size(width, 900));
    }

    /// Ends the browser; a failing test leaves that to the driver's end.
    pub fn close(self) {
        let page = self.page.clone();
        self.runtime.block_on(page.close()).expect("the browser ends");
    }
}

/// The log of the browser, which is no part of the standard.
#[derive(Debug)]
struct Log;

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}

fn driver(stage: &Stage) -> (Driver, u16) {
    let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = free.local_addr().expect("it has one").port();
    drop(free);
    let mut command = Command::new("chromedriver");
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("HOME", stage.tmp());
    (Driver(command.spawn().expect("chromedriver is there: scripts/setup --test installs it")), port)
}

async fn connect(stage: &Stage, port: u16) -> Client {
    let profile = stage.file("browser");
    let wanted = json!({
        "goog:chromeOptions": {"args": [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1200,900",
            "--autoplay-policy=no-user-gesture-required", format!("--user-data-dir={}", profile.display()),
        ]},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    let wanted = wanted.as_object().expect("it is one").clone();
    let began = Instant::now();
    loop {
        let made = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        match made {
            Ok(client) => return client,
            Err(error) if began.elapsed() > LIMIT => panic!("no browser could be started: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

/// The script of axe-core, fetched once and checked.
pub fn axe() -> String {
    let archive = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("axe-core.tgz");
    if !is_axe(&archive) {
        let fetched = Command::new("curl").args(["-sSfL", "--retry", "3", "-o"]).arg(&archive).arg(AXE).status();
        assert!(fetched.expect("curl is there").success() && is_axe(&archive), "{AXE} cannot be fetched");
    }
    let script =
        Command::new("tar").arg("-xOzf").arg(&archive).arg("package/axe.min.js").output().expect("tar is there");
    String::from_utf8(script.stdout).expect("a script is text")
}

fn is_axe(archive: &Path) -> bool {
    sha256::of_file(archive).is_ok_and(|found| found == AXE_SHA256)
}
