//! Who may come in: a token in the address, exchanged for a cookie; the exact host on every request, and the exact origin
//! on every change.
//!
//! Loopback is no wall. Any page that the person visits may send requests here, any name may be made to lead here (DNS
//! rebinding, in which `Host` and `Origin` agree with each other and not with us), and cookies know no ports, so that another
//! program on this machine would be sent ours if it bore a common name.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};

use super::{App, Problem};
use crate::report::pages::POLICY;

/// What is known of who may come in.
pub struct Gate {
    host: String,
    origin: String,
    cookie: String,
    token: String,
    secret: String,
}

impl Gate {
    /// A gate with a new token and a new secret.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn new(at: SocketAddr) -> io::Result<Gate> {
        // As browsers write it in `Host`.
        let host = at.to_string();
        Ok(Gate {
            origin: format!("http://{host}"),
            cookie: format!("greenroom-{}", at.port()),
            token: random()?,
            secret: random()?,
            host,
        })
    }

    /// What the address holds that is opened.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What there is against a request; `None` where it may come in.
    fn against(&self, method: &Method, headers: &HeaderMap) -> Option<Refused> {
        let one = |name: &HeaderName| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
        };
        if one(&header::HOST) != Some(self.host.as_str()) {
            return Some(Refused::OtherHost);
        }
        let changes = !matches!(*method, Method::GET | Method::HEAD);
        if changes && one(&header::ORIGIN) != Some(self.origin.as_str()) {
            return Some(Refused::OtherOrigin);
        }
        (!self.has_cookie(headers)).then_some(Refused::NoToken)
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == self.cookie && same(value, &self.secret))
    }

    /// Whether an address holds the token.
    fn is_let_in_by(&self, uri: &Uri) -> bool {
        let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        uri.path() == "/" && pairs.into_iter().any(|(name, value)| name == "token" && same(value, &self.token))
    }

    pub(super) fn new_cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.secret)
    }
}

/// Why a request may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    OtherHost,
    OtherOrigin,
    NoToken,
}

/// Lets requests in or refuses them, and says on every answer what a page may do.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let refused = app.gate.against(request.method(), request.headers());
    let brings_token =
        refused != Some(Refused::OtherHost) && request.method() == Method::GET && app.gate.is_let_in_by(request.uri());
    let mut response = match refused {
        // The token leaves the address bar, and with it the history.
        _ if brings_token => ([(header::SET_COOKIE, app.gate.new_cookie())], Redirect::to("/")).into_response(),
        None => {
            app.presence.seen();
            next.run(request).await
        }
        Some(Refused::NoToken) => Problem::not_let_in().into_response(),
        // Whoever sends such a request is no browser of ours; it gets no page.
        Some(Refused::OtherHost | Refused::OtherOrigin) => StatusCode::FORBIDDEN.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With none at all browsers send forms without their origin, too.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What is private stays in no cache.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// 256 random bits in hexadecimal.
fn random() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether two texts are the same; how long it takes says nothing of where they differ.
fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a) == Sha256::digest(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        Gate::new("127.0.0.1:4000".parse().expect("an address")).expect("random numbers")
    }

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().expect("a name"), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn who_is_not_of_this_page_is_refused_whatever_else_fits() {
        let gate = gate();
        let cookie = format!("a=b; greenroom-4000={}", gate.secret);
        let host = ("host", "127.0.0.1:4000");
        let origin = ("origin", "http://127.0.0.1:4000");
        let ours = ("cookie", cookie.as_str());
        let get = |pairs: &[(&str, &str)]| gate.against(&Method::GET, &headers(pairs));
        let post = |pairs: &[(&str, &str)]| gate.against(&Method::POST, &headers(pairs));
        assert_eq!(get(&[host, ours]), None);
        assert_eq!(post(&[host, origin, ours]), None);
        assert_eq!(get(&[host]), Some(Refused::NoToken));
        assert_eq!(get(&[host, ("cookie", "greenroom-4000=wrong")]), Some(Refused::NoToken));
        assert_eq!(get(&[host, ("cookie", &format!("greenroom-4001={}", gate.secret))]), Some(Refused::NoToken));
        // DNS rebinding: host and origin agree with each other.
        let evil = [("host", "evil.example:4000"), ("origin", "http://evil.example:4000"), ours];
        assert_eq!(post(&evil), Some(Refused::OtherHost));
        for other in ["localhost:4000", "127.0.0.1", "127.0.0.1:40000", "127.0.0.1:4000.evil.example", "[::1]:4000", ""]
        {
            assert_eq!(get(&[("host", other), ours]), Some(Refused::OtherHost), "{other}");
        }
        assert_eq!(get(&[ours]), Some(Refused::OtherHost));
        for other in ["http://evil.example", "null", "https://127.0.0.1:4000", "http://127.0.0.1:4001", ""] {
            assert_eq!(post(&[host, ("origin", other), ours]), Some(Refused::OtherOrigin), "{other}");
        }
        assert_eq!(post(&[host, ours]), Some(Refused::OtherOrigin));
    }

    #[test]
    fn the_token_lets_in_at_the_front_door_alone() {
        let gate = gate();
        let uri = |text: String| text.parse::<Uri>().expect("an address");
        assert!(gate.is_let_in_by(&uri(format!("/?token={}", gate.token))));
        assert!(!gate.is_let_in_by(&uri(format!("/banks?token={}", gate.token))));
        assert!(!gate.is_let_in_by(&uri(format!("/?token={}0", gate.token))));
        assert!(!gate.is_let_in_by(&uri("/?token=".to_owned())));
        assert_ne!(gate.token, gate.secret);
    }
}
