//! Addresses of servers; the only file that names `url` and `percent-encoding`.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// The address of a file on a server. Name and password in it are never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an `http` or `https` address; `None` for anything else.
    pub fn parse(text: &str) -> Option<Address> {
        Url::parse(text.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .map(Address)
    }

    /// What a link on the page at this address leads to; one to the same server takes name and password along.
    pub fn follow(&self, link: &str) -> Option<Address> {
        let mut there = self.0.join(link).ok().and_then(|url| Address::parse(url.as_str()))?;
        if there.0.origin() == self.0.origin() && there.0.username().is_empty() {
            // Only an address without a server cannot have them.
            let _ = there.0.set_username(self.0.username());
            let _ = there.0.set_password(self.0.password());
        }
        Some(there)
    }

    /// The address of the page `name` below this one.
    pub fn below(&self, name: &str) -> Address {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(name).push("");
        }
        Address(url)
    }

    /// The address as it is asked for, without name and password.
    pub fn plain(&self) -> String {
        let mut url = self.0.clone();
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_fragment(None);
        url.to_string()
    }

    /// Name and password, where it has some.
    pub fn credentials(&self) -> Option<(String, String)> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let name = Some(self.0.username()).filter(|name| !name.is_empty())?;
        Some((decoded(name), decoded(self.0.password().unwrap_or_default())))
    }

    /// What stands behind `#`.
    pub fn fragment(&self) -> Option<&str> {
        self.0.fragment()
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Whether its server is `host`, or `host` with a port.
    pub fn is_on(&self, host: &str) -> bool {
        let own = self.0.host_str().unwrap_or_default();
        let with_port = self.0.port_or_known_default().map(|port| format!("{own}:{port}"));
        host.eq_ignore_ascii_case(own) || with_port.is_some_and(|own| host.eq_ignore_ascii_case(&own))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("it is an address")
    }

    #[test]
    fn a_password_is_used_and_never_shown() {
        let index = address("https://me:p%40ss@repo.example/simple");
        assert_eq!(index.credentials(), Some(("me".to_owned(), "p@ss".to_owned())));
        assert_eq!(format!("{index} {index:?}"), "https://repo.example/simple Address(https://repo.example/simple)");
    }

    #[test]
    fn a_password_goes_along_to_the_same_server_only() {
        let page = address("https://me:secret@repo.example/simple/pkg/");
        let there = page.follow("../../files/pkg.whl#sha256=abc").expect("it is a link");
        assert_eq!(there.plain(), "https://repo.example/files/pkg.whl");
        assert_eq!((there.fragment(), there.credentials().is_some()), (Some("sha256=abc"), true));
        let elsewhere = page.follow("https://files.example/pkg.whl").expect("it is a link");
        assert_eq!(elsewhere.credentials(), None);
        assert_eq!(page.follow("file:///etc/passwd"), None);
    }

    #[test]
    fn a_page_below_an_index_has_one_slash_before_it_and_one_behind() {
        for index in ["https://pypi.org/simple", "https://pypi.org/simple/"] {
            assert_eq!(address(index).below("a-b").plain(), "https://pypi.org/simple/a-b/");
        }
    }

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        assert!(
            ["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]/"].iter().all(|a| address(a).is_loopback())
        );
        assert!(!address("https://example.org/127.0.0.1").is_loopback());
        assert!(!address("https://localhost.example.org/").is_loopback());
    }

    #[test]
    fn a_host_is_meant_with_and_without_its_port() {
        let index = address("https://repo.example/simple");
        assert!(index.is_on("repo.example") && index.is_on("Repo.Example:443") && !index.is_on("repo.example:8443"));
    }
}
