//! An upstream that does exactly what a test tells it to, byte for byte, and remembers what it was
//! asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What to do with one request.
pub enum Act {
    /// Answer these bytes and close.
    Bytes(Vec<u8>),
    /// Answer these bytes, then more of the second without end, until the other side hangs up.
    Endless(Vec<u8>, Vec<u8>),
    /// Read the request and never answer.
    Silence,
    /// Read the request and reset the connection.
    Reset,
}

type Script = dyn Fn(usize, &str) -> Act + Send + Sync;

/// A running scripted upstream.
pub struct Scripted {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Scripted {
    /// `script` gets the number of the request, from 0, and its text.
    pub async fn start(script: impl Fn(usize, &str) -> Act + Send + Sync + 'static) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), script).await
    }

    /// The same at an address of the test's choosing.
    pub async fn start_at(
        address: SocketAddr,
        script: impl Fn(usize, &str) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let server = tokio::spawn({
            let requests = Arc::clone(&requests);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&requests)));
                }
            }
        });
        Self {
            url,
            requests,
            server,
        }
    }

    /// Every request so far, head and body as text.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// `200 OK` with a JSON body.
pub fn json(body: &str) -> Act {
    answer(200, "content-type: application/json\r\n", body)
}

/// Any status, headers (each ended by a line break) and body.
pub fn answer(status: u16, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Bytes(
        format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, requests: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push(request.clone());
        requests.len() - 1
    };
    match script(number, &request) {
        Act::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Endless(head, more) => {
            let mut going = stream.write_all(&head).await.is_ok();
            while going {
                going = stream.write_all(&more).await.is_ok();
            }
        }
        Act::Silence => {
            let _ = tokio::time::timeout(Duration::from_mins(1), stream.read(&mut [0; 1])).await;
        }
        Act::Reset => {
            #[expect(
                deprecated,
                reason = "a reset is what this is about, and the stream is dropped at once"
            )]
            let _ = stream.set_linger(Some(Duration::ZERO));
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")
                        .map(str::to_owned)
                })
                .and_then(|length| length.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Some(text);
            }
        }
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&chunk[..read]),
            _ => return None,
        }
    }
}
