//! Fetching a file, or the rest of one, over HTTP.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

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
        Patience { connect: Duration::from_secs(15), stall: Duration::from_secs(60) }
    }
}

/// What a server answered: the body is still to be read.
pub(super) struct Answer {
    pub status: u16,
    /// Bytes of the body, where the server says so.
    pub length: Option<u64>,
    /// For a part of a file: where it begins and how long the whole file is.
    pub range: Option<Range>,
    /// The server's name for this version of the file, if it is a strong one.
    pub version: Option<String>,
    pub body: Box<dyn Read + Send>,
}

/// A `Content-Range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub start: u64,
    /// Length of the whole file, where the server says so.
    pub whole: Option<u64>,
}

/// Asks for `url` from byte `from` on; with `version`, only as long as the file is still that version.
///
/// Proxies are taken from the environment (`HTTPS_PROXY`, `NO_PROXY`), except for this machine's own addresses.
pub(super) fn get(url: &str, from: u64, version: Option<&str>, patience: Patience) -> Result<Answer, Unreachable> {
    let mut config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_resolve(Some(patience.connect))
        .timeout_connect(Some(patience.connect))
        .timeout_recv_response(Some(patience.stall))
        .timeout_per_read(Some(patience.stall))
        .timeout_per_write(Some(patience.stall))
        .user_agent(concat!("greenroom/", env!("CARGO_PKG_VERSION")))
        // A compressed answer has neither a length nor ranges.
        .accept_encoding("identity");
    if is_loopback(url) {
        config = config.proxy(None);
    }
    let mut request = config.build().new_agent().get(url);
    if from > 0 {
        request = request.header("Range", format!("bytes={from}-"));
        if let Some(version) = version {
            request = request.header("If-Range", version);
        }
    }
    let response = request.call().map_err(|error| Unreachable::of(error, patience))?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Answer {
        status: response.status().as_u16(),
        length: header("content-length").and_then(|length| length.parse().ok()),
        range: header("content-range").as_deref().and_then(Range::parse),
        version: header("etag").filter(|version| version.starts_with('"')),
        body: Box::new(response.into_body().into_reader()),
    })
}

/// Whether an error while reading a body means that nothing came for too long.
pub(super) fn is_stall(error: &io::Error) -> bool {
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

fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.", "localhost", "[::1]"].iter().any(|loopback| host.starts_with(loopback))
}

/// Why there was no answer.
#[derive(Debug)]
pub struct Unreachable {
    reason: String,
    stalled: bool,
}

impl Unreachable {
    fn of(error: ureq::Error, patience: Patience) -> Unreachable {
        let reason = match &error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                format!("no connection within {:?}", patience.connect)
            }
            ureq::Error::Timeout(_) => return Unreachable { reason: String::new(), stalled: true },
            ureq::Error::HostNotFound => "the name of the server is not known".to_owned(),
            ureq::Error::Io(error) => error.to_string(),
            error => error.to_string(),
        };
        Unreachable { reason, stalled: false }
    }

    /// Whether the server was connected and then did not answer.
    pub(super) fn is_stall(&self) -> bool {
        self.stalled
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

    #[test]
    fn only_addresses_of_this_machine_go_around_the_proxy() {
        assert!(is_loopback("http://127.0.0.1:8080/x") && is_loopback("http://localhost/x"));
        assert!(!is_loopback("https://example.org/127.0.0.1"));
    }
}
