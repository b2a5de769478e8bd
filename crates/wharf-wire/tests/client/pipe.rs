//! A server on a pipe whose part the test plays, line by line.

use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf, duplex,
    split,
};
use tokio::task::JoinHandle;
use url::Url;
use wharf_wire::client::{Client, ClientSettings, ConnectError, Target, connect};

use crate::peer::{DISCOVERED, INITIALIZED, settings};

pub(crate) struct Pipe {
    input: Lines<BufReader<ReadHalf<DuplexStream>>>,
    output: WriteHalf<DuplexStream>,
}

impl Pipe {
    /// A pipe, and a client that is connecting through it.
    pub(crate) fn open(
        change: impl FnOnce(&mut ClientSettings),
    ) -> (Self, JoinHandle<Result<Client, ConnectError>>) {
        let (ours, theirs) = duplex(1 << 16);
        let (reader, writer) = split(theirs);
        let nowhere = Url::parse("http://localhost").expect("an address");
        let mut settings = settings(&nowhere);
        settings.limits.request_timeout = Duration::from_mins(1);
        change(&mut settings);
        let target = Target::Pipe(Box::new(reader), Box::new(writer));
        let connecting = tokio::spawn(connect(target, settings));
        let (input, output) = split(ours);
        let input = BufReader::new(input).lines();
        (Self { input, output }, connecting)
    }

    /// A client that is connected to a modern server.
    pub(crate) async fn modern(change: impl FnOnce(&mut ClientSettings)) -> (Self, Client) {
        let (mut pipe, connecting) = Self::open(change);
        pipe.hear().await;
        pipe.say(&format!(
            r#"{{"jsonrpc":"2.0","id":1,"result":{DISCOVERED}}}"#
        ))
        .await;
        let client = connecting.await.expect("no panic").expect("a connection");
        (pipe, client)
    }

    /// A client in a session with a legacy server.
    pub(crate) async fn legacy(change: impl FnOnce(&mut ClientSettings)) -> (Self, Client) {
        let (mut pipe, connecting) = Self::open(change);
        pipe.hear().await;
        pipe.say(r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"?"}}"#)
            .await;
        pipe.hear().await;
        pipe.say(&format!(
            r#"{{"jsonrpc":"2.0","id":2,"result":{INITIALIZED}}}"#
        ))
        .await;
        pipe.hear().await;
        let client = connecting.await.expect("no panic").expect("a connection");
        (pipe, client)
    }

    pub(crate) async fn say(&mut self, line: &str) {
        let line = format!("{line}\n");
        self.output
            .write_all(line.as_bytes())
            .await
            .expect("the client reads");
    }

    pub(crate) async fn hear(&mut self) -> String {
        let line = self.input.next_line().await.expect("UTF-8");
        line.expect("the client writes")
    }

    /// Ends the output.
    pub(crate) async fn end(&mut self) {
        self.output.shutdown().await.expect("a pipe can be closed");
    }
}
