//! A server on loopback that models are downloaded from, and its moods.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Bytes of tiny.en after the catalog.
pub const TINY_BYTES: usize = 77_704_715;

/// What a server does with a request after it has sent the head of an answer.
#[derive(Clone, Copy)]
pub enum Manner {
    /// Sends the public file.
    Right,
    /// There is no such file.
    NotFound,
    /// Sends so many bytes and hangs up.
    BreaksOff(usize),
    /// Sends so many bytes and then nothing.
    Stalls(usize),
    /// Sends zeros until everything is there.
    WrongBytes,
}

/// A server on this machine; it ends with the test.
pub struct Server {
    pub address: String,
    /// The `Range` of every request, `""` where there was none.
    ranges: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(manner: Manner) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
        let ranges: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = ranges.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = seen.clone();
                // A client that hangs up is what some tests want.
                std::thread::spawn(move || answer(stream, manner, &seen).ok());
            }
        });
        Server { address, ranges }
    }

    pub fn ranges(&self) -> Vec<String> {
        self.ranges.lock().expect("no request panics").clone()
    }
}

fn answer(mut stream: TcpStream, manner: Manner, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut range = String::new();
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if let Some(value) = line.to_lowercase().strip_prefix("range: bytes=") {
            range = value.to_owned();
        }
        if line.is_empty() {
            break;
        }
    }
    seen.lock().expect("no request panics").push(range.clone());
    let from: usize = range.trim_end_matches('-').parse().unwrap_or(0);
    let left = TINY_BYTES - from;
    let (count, stays) = match manner {
        Manner::NotFound => {
            return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        Manner::BreaksOff(count) => (count, false),
        Manner::Stalls(count) => (count, true),
        Manner::Right | Manner::WrongBytes => (left, false),
    };
    let status = match from {
        0 => "200 OK".to_owned(),
        _ => format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{TINY_BYTES}", TINY_BYTES - 1),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {left}\r\nConnection: close\r\n\r\n")?;
    if matches!(manner, Manner::Right) {
        let whole = std::fs::read(super::real_model::tiny_en())?;
        return stream.write_all(&whole[from..]);
    }
    let block = [0; 1 << 16];
    let mut sent = 0;
    while sent < count.min(left) {
        let now = block.len().min(count - sent);
        stream.write_all(&block[..now])?;
        sent += now;
    }
    if stays {
        // Until the client has enough of it.
        stream.read_exact(&mut [0])?;
    }
    Ok(())
}

/// A command that reaches nothing but this machine.
pub fn without_network(mut command: Command) -> Command {
    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"] {
        command.env(proxy, "http://127.0.0.1:9");
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    command
}
