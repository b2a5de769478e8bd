//! HTTP+SSE, the pair of endpoints of 2024-11-05.

use expect_test::expect;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use wharf_wire::client::{ConnectError, Target, connect};

use crate::peer::{INITIALIZED, Peer, Said, call, event, said, settings, stream_head};

/// Answers whatever is posted on the one stream that is open.
async fn old_server(listener: TcpListener) {
    let mut stream: Option<TcpStream> = None;
    while let Ok((mut connection, _)) = listener.accept().await {
        let mut bytes = vec![0; 16 << 10];
        let mut length = 0;
        let text = loop {
            length += connection
                .read(&mut bytes[length..])
                .await
                .expect("a request");
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            if text.starts_with("GET") || text.ends_with('}') {
                break text;
            }
        };
        if text.starts_with("GET") {
            let head = format!("{}event: endpoint\ndata: /messages?s=1\n\n", stream_head());
            connection
                .write_all(head.as_bytes())
                .await
                .expect("a reader");
            stream = Some(connection);
        } else if text.starts_with("POST /messages?s=1") {
            let (_, body) = text.split_once("\r\n\r\n").expect("a body");
            let asked: serde_json::Value = serde_json::from_str(body).expect("JSON");
            connection
                .write_all(b"HTTP/1.1 202 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await
                .expect("a reader");
            let result = match asked["method"].as_str() {
                Some("initialize") => INITIALIZED.replace("2025-11-25", "2024-11-05"),
                _ => "{}".to_owned(),
            };
            if let Some(id) = asked.get("id") {
                let answer = event(&format!(
                    r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#
                ));
                let stream = stream.as_mut().expect("a stream");
                stream.write_all(answer.as_bytes()).await.expect("a reader");
            }
        } else {
            connection
                .write_all(b"HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await
                .expect("a reader");
        }
    }
}

#[tokio::test]
async fn an_old_server_is_found_and_spoken_with() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let serving = tokio::spawn(old_server(listener));
    let url = Url::parse(&format!("http://{address}/sse")).expect("an address");
    let client = connect(Target::Url(url.clone()), settings(&url))
        .await
        .expect("a connection");
    assert_eq!(client.learnt().revision.as_str(), "2024-11-05");
    assert_eq!(call(&client, "t").await, "{}");
    client.close().await;
    serving.abort();
}

#[tokio::test]
async fn an_endpoint_elsewhere_is_not_used() {
    let peer = Peer::start(|asked| match asked.what() {
        "GET" => Said::Open(format!(
            "{}event: endpoint\ndata: http://10.0.0.1/steal\n\n",
            stream_head()
        )),
        _ => said(404, "", ""),
    })
    .await;
    let Err(ConnectError::Ask(error)) = peer.connect(|_| {}).await else {
        panic!("there is no such server");
    };
    expect!["the server answered 404 Not Found and no message"].assert_eq(&error.to_string());
}
