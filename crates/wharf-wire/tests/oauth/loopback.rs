//! The listener that a browser comes back to.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;
use wharf_protocol::port::BoxFuture;
use wharf_wire::oauth::client::{
    Browser, Headless, Interaction as _, InteractionError, Loopback, SystemBrowser,
};
use wharf_wire::outbound::{Cause, Egress};

use crate::scripted::{Reply, Scripted};

/// Sends what a test says to the listener, whose address it finds in the page.
#[derive(Debug)]
struct Typed(Vec<&'static str>);

impl Browser for Typed {
    fn open<'a>(&'a self, page: &'a Url) -> BoxFuture<'a, Result<(), Cause>> {
        Box::pin(async move {
            for line in &self.0 {
                let mut stream = TcpStream::connect(("127.0.0.1", page.port().unwrap())).await?;
                let request = format!("{line} HTTP/1.1\r\nHost: x\r\n\r\n");
                stream.write_all(request.as_bytes()).await?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await?;
            }
            Ok(())
        })
    }
}

async fn answer(lines: Vec<&'static str>, patience: u64) -> Result<String, InteractionError> {
    let loopback = Loopback::new(Arc::new(Typed(lines)), Duration::from_secs(patience));
    let redirect = loopback.prepare(None).await?;
    let page: Url = redirect.uri().parse().unwrap();
    let answer = redirect.answer(&page, "right").await?;
    Ok(answer.parameter("code").unwrap().to_owned())
}

/// Row D12.
#[tokio::test]
async fn only_the_answer_with_the_very_state_is_taken() {
    let lines = vec![
        "GET /callback?code=stolen",
        "GET /callback?code=stolen&state=wrong",
        "GET /callback?code=stolen&state=right&state=right",
        "POST /callback?code=stolen&state=right",
        "GET /favicon.ico",
        "nonsense",
        "GET /callback?code=good&state=right",
    ];
    assert_eq!(answer(lines, 20).await.unwrap(), "good");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_waited_for_without_end() {
    let silence = answer(Vec::new(), 1).await.unwrap_err();
    assert!(matches!(silence, InteractionError::Silence), "{silence}");
}

#[tokio::test]
async fn the_address_from_before_is_used_again_where_it_is_free() {
    let loopback = Loopback::new(Arc::new(SystemBrowser), Duration::from_secs(1));
    let first = loopback.prepare(None).await.unwrap();
    let uri = first.uri().to_owned();
    let second = loopback.prepare(Some(&uri)).await.unwrap();
    assert_ne!(second.uri(), uri, "taken");
    drop((first, second));
    assert_eq!(loopback.prepare(Some(&uri)).await.unwrap().uri(), uri);
    // Never at an address that is not ours.
    let elsewhere = loopback
        .prepare(Some("http://10.0.0.5:1/callback"))
        .await
        .unwrap();
    assert!(elsewhere.uri().starts_with("http://127.0.0.1:"));
}

/// Row 45.
#[tokio::test]
async fn a_browser_without_windows_does_not_redirect_for_ever() {
    let server = Scripted::start(|_| |_: &_| Reply::status(302).with("location", "/again")).await;
    let browser = Headless::new(Egress::new(&[], true));
    let error = browser
        .open(&server.base.parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the page redirects without end");
    assert_eq!(server.seen().len(), 10);
}

/// Row D10.
#[tokio::test]
async fn no_browser_is_opened_at_what_is_no_web_page() {
    for page in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://u@x.example",
    ] {
        let page: Url = page.parse().unwrap();
        assert!(SystemBrowser.open(&page).await.is_err(), "{page}");
        assert!(
            Headless::new(Egress::new(&[], true))
                .open(&page)
                .await
                .is_err(),
            "{page}"
        );
    }
}
