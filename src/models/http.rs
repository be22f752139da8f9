//! Fetching a file, or the rest of one, over HTTP; the only file that names `ureq` and `rustls-native-certs`.
//!
//! A request runs on a thread of its own and hands over what comes, so that the one who waits for it can stop waiting at any
//! moment, also while a server is silent. The thread then ends by itself, at the latest when its patience is over.

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use ureq::config::RedirectAuthHeaders;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::address::Address;
use crate::base_64;

/// Bytes that are handed over at a time.
const BLOCK_BYTES: usize = 1 << 16;
/// Blocks that may wait to be taken.
const BLOCKS_AHEAD: usize = 4;
/// How often the one who waits looks whether to stop.
const LOOK: Duration = Duration::from_millis(50);

/// How long to wait for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the connection.
    pub connect: Duration,
    /// For the next bytes, once connected; a slow download that goes on is never given up.
    pub stall: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { connect: Duration::from_secs(10), stall: Duration::from_secs(60) }
    }
}

/// How servers are reached, beyond what the system says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Certificates (PEM) that are trusted instead of the system's.
    pub certificates: Option<PathBuf>,
    /// The proxy, instead of the environment's.
    pub proxy: Option<String>,
    /// Servers whose certificates are not looked at, with or without a port.
    pub trusted_hosts: Vec<String>,
}

/// What is asked for.
pub(super) struct Request<'a> {
    pub address: &'a Address,
    /// The first byte that is wanted.
    pub from: u64,
    /// Only as long as the file is still this version.
    pub version: Option<&'a str>,
    /// The kinds of answer that are understood.
    pub accept: Option<&'static str>,
    pub access: &'a Access,
    pub patience: Patience,
}

/// What a server answered: the body is still to be read.
pub(super) struct Answer {
    pub head: Head,
    pub body: Body,
}

/// What stands before the body of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub status: u16,
    /// Bytes of the body, where the server says so.
    pub length: Option<u64>,
    /// For a part of a file: where it begins and how long the whole file is.
    pub range: Option<Range>,
    /// The server's name for this version of the file, if it is a strong one.
    pub version: Option<String>,
    /// The kind of content, in lower case, without parameters.
    pub kind: String,
}

/// A `Content-Range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub start: u64,
    /// Length of the whole file, where the server says so.
    pub whole: Option<u64>,
}

/// Why there was no answer, or no more of one.
#[derive(Debug)]
pub(super) enum Silence {
    /// The one who waited was told to stop.
    Cancelled,
    /// Connected, and then nothing came for too long.
    Stalled,
    /// There was no connection.
    Unreachable(Unreachable),
    /// The connection ended too soon.
    BrokeOff,
}

/// What the thread hands over.
enum News {
    Head(Head),
    Block(Vec<u8>),
    NoAnswer(ureq::Error),
    NoMore(io::Error),
}

/// Asks a server and waits for the head of its answer.
///
/// Proxies are taken from the environment (`HTTPS_PROXY`, `NO_PROXY`) where `access` names none, except for this machine's
/// own addresses.
pub(super) fn get(request: &Request<'_>, cancel: &AtomicBool) -> Result<Answer, Silence> {
    let patience = request.patience;
    let own_fault = |reason: String| Silence::Unreachable(Unreachable { reason });
    let call = prepare(request).map_err(own_fault)?;
    let (sender, news) = sync_channel(BLOCKS_AHEAD);
    thread::Builder::new()
        .name("download".to_owned())
        .spawn(move || hand_over(call, &sender))
        .map_err(|error| own_fault(error.to_string()))?;
    let mut body = Body { news };
    match body.wait(cancel)? {
        Some(News::Head(head)) => Ok(Answer { head, body }),
        Some(News::NoAnswer(error)) => Err(Silence::of(&error, patience)),
        _ => Err(Silence::BrokeOff),
    }
}

/// The call with everything that belongs to it, not made yet.
fn prepare(request: &Request<'_>) -> Result<ureq::RequestBuilder<ureq::typestate::WithoutBody>, String> {
    let Request { address, from, version, accept, access, patience } = *request;
    let mut config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_resolve(Some(patience.connect))
        .timeout_connect(Some(patience.connect))
        .timeout_recv_response(Some(patience.stall))
        .timeout_per_read(Some(patience.stall))
        .timeout_per_write(Some(patience.stall))
        .user_agent(concat!("greenroom/", env!("CARGO_PKG_VERSION")))
        .redirect_auth_headers(RedirectAuthHeaders::SameHost)
        .tls_config(tls(address, access)?)
        // A compressed answer has neither a length nor ranges.
        .accept_encoding("identity");
    if address.is_loopback() {
        config = config.proxy(None);
    } else if let Some(proxy) = &access.proxy {
        config = config.proxy(Some(ureq::Proxy::new(proxy).map_err(|error| error.to_string())?));
    }
    let mut call = config.build().new_agent().get(address.plain());
    if let Some(accept) = accept {
        call = call.header("Accept", accept);
    }
    if let Some((name, password)) = address.credentials() {
        call = call.header("Authorization", format!("Basic {}", base_64::encoded(format!("{name}:{password}"))));
    }
    if from > 0 {
        call = call.header("Range", format!("bytes={from}-"));
        if let Some(version) = version {
            call = call.header("If-Range", version);
        }
    }
    Ok(call)
}

/// Whom to believe that a server is who it says.
fn tls(address: &Address, access: &Access) -> Result<TlsConfig, String> {
    let roots = match &access.certificates {
        Some(path) => {
            let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let certificates = parse_pem(&pem).filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            });
            RootCerts::Specific(std::sync::Arc::new(certificates.collect()))
        }
        None => SYSTEM_ROOTS.clone(),
    };
    let is_trusted = access.trusted_hosts.iter().any(|host| address.is_on(host));
    Ok(TlsConfig::builder().root_certs(roots).disable_verification(is_trusted).build())
}

/// What the system trusts (in a company that looks into connections, its own certificate too), or Mozilla's list where the
/// system has none.
static SYSTEM_ROOTS: LazyLock<RootCerts> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    let certificates = found.iter().map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned());
    RootCerts::Specific(std::sync::Arc::new(certificates.collect()))
});

/// Makes the call and hands over what comes until all is there or nobody takes it any more.
fn hand_over(call: ureq::RequestBuilder<ureq::typestate::WithoutBody>, to: &SyncSender<News>) {
    let response = match call.call() {
        Ok(response) => response,
        Err(error) => {
            // Nobody waits any more.
            let _ = to.send(News::NoAnswer(error));
            return;
        }
    };
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kind = header("content-type").unwrap_or_default();
    let head = Head {
        status: response.status().as_u16(),
        length: header("content-length").and_then(|length| length.parse().ok()),
        range: header("content-range").as_deref().and_then(Range::parse),
        version: header("etag").filter(|version| version.starts_with('"')),
        kind: kind.split(';').next().unwrap_or_default().trim().to_lowercase(),
    };
    if to.send(News::Head(head)).is_err() {
        return;
    }
    let mut body = response.into_body().into_reader();
    loop {
        let mut block = vec![0; BLOCK_BYTES];
        let news = match body.read(&mut block) {
            Ok(0) => return,
            Ok(count) => {
                block.truncate(count);
                News::Block(block)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => News::NoMore(error),
        };
        let is_last = matches!(news, News::NoMore(_));
        if to.send(news).is_err() || is_last {
            return;
        }
    }
}

/// The body of an answer, as it comes.
pub(super) struct Body {
    news: Receiver<News>,
}

impl Body {
    /// The next bytes; `None` at the end of the connection.
    pub fn next(&mut self, cancel: &AtomicBool) -> Result<Option<Vec<u8>>, Silence> {
        match self.wait(cancel)? {
            Some(News::Block(block)) => Ok(Some(block)),
            Some(News::NoMore(error)) if is_stall(&error) => Err(Silence::Stalled),
            Some(_) => Err(Silence::BrokeOff),
            None => Ok(None),
        }
    }

    /// The whole body, which must not have more than `most` bytes; `None` where it has.
    pub fn whole(mut self, most: usize, cancel: &AtomicBool) -> Result<Option<Vec<u8>>, Silence> {
        let mut whole = Vec::new();
        while let Some(block) = self.next(cancel)? {
            whole.extend(block);
            if whole.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(whole))
    }

    /// The next news; `None` when there will be none.
    fn wait(&mut self, cancel: &AtomicBool) -> Result<Option<News>, Silence> {
        loop {
            if cancel.load(Ordering::Relaxed) {
                return Err(Silence::Cancelled);
            }
            match self.news.recv_timeout(LOOK) {
                Ok(news) => return Ok(Some(news)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }
}

/// Whether an error while reading a body means that nothing came for too long.
fn is_stall(error: &io::Error) -> bool {
    let timeout = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    matches!(timeout, Some(ureq::Error::Timeout(_)))
        || matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

impl Range {
    /// Reads `bytes 100-199/1000` or `bytes 100-199/*`.
    fn parse(header: &str) -> Option<Range> {
        let (range, whole) = header.strip_prefix("bytes ")?.split_once('/')?;
        Some(Range { start: range.split_once('-')?.0.parse().ok()?, whole: whole.parse().ok() })
    }
}

impl Silence {
    fn of(error: &ureq::Error, patience: Patience) -> Silence {
        let reason = match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                format!("no connection within {:?}", patience.connect)
            }
            ureq::Error::Timeout(_) => return Silence::Stalled,
            ureq::Error::HostNotFound => "the name of the server is not known".to_owned(),
            // What the resolver of the C library says, and hardly anybody understands.
            ureq::Error::Io(error) if error.to_string().contains("lookup address") => {
                "the name of the server is not known".to_owned()
            }
            ureq::Error::Io(error) => error.to_string(),
            error => error.to_string(),
        };
        Silence::Unreachable(Unreachable { reason })
    }
}

/// Why there was no connection.
#[derive(Debug)]
pub struct Unreachable {
    reason: String,
}

impl Unreachable {
    /// For what is no address at all.
    pub(super) fn not_an_address() -> Unreachable {
        Unreachable { reason: "it is no http or https address".to_owned() }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unreachable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_with_and_without_the_whole_length() {
        assert_eq!(Range::parse("bytes 5-9/10"), Some(Range { start: 5, whole: Some(10) }));
        assert_eq!(Range::parse("bytes 5-9/*"), Some(Range { start: 5, whole: None }));
        assert_eq!(Range::parse("bytes */10"), None);
    }
}
