//! An answer that is a stream of events, each of them a message.

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use http::header::CONTENT_ENCODING;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::value::RawValue;
use tracing::debug;
use wharf_protocol::envelope::Frame;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::id::RequestId;
use wharf_protocol::method::Method;
use wharf_protocol::port::Request;

use super::Http;
use crate::client::answering::Answering;
use crate::client::error::AskError;
use crate::client::event_parser::{Event, EventParser};
use crate::client::hearing::Hearing;
use crate::client::transport::Way;

/// Events as they come.
pub(super) struct EventStream {
    body: Incoming,
    parser: EventParser,
    max_bytes: usize,
}

/// How a stream stopped.
pub(super) enum End {
    /// With the answer that was waited for.
    Answer(Result<Box<RawValue>, ErrorObject>),
    /// Without it; whether anything was said at all.
    Quiet { news: bool },
    /// With something that nobody can read.
    TooLong { limit: usize },
}

impl EventStream {
    /// # Errors
    ///
    /// [`AskError::Malformed`] for a compressed stream, which was not asked for.
    pub(super) fn new(response: Response<Incoming>, max_bytes: usize) -> Result<Self, AskError> {
        let encoding = response.headers().get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| encoding != "identity") {
            return Err(AskError::malformed("it is a compressed stream"));
        }
        Ok(Self {
            body: response.into_body(),
            parser: EventParser::new(max_bytes),
            max_bytes,
        })
    }

    /// The next event; how the stream ended where there is none. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Event, End> {
        loop {
            if let Some(event) = self.parser.next() {
                return Ok(event);
            }
            // A connection that breaks is as good as one that ends: either way there is no more.
            let Some(Ok(frame)) = self.body.frame().await else {
                return Err(End::Quiet { news: false });
            };
            if let Some(data) = frame.data_ref() {
                let limit = self.max_bytes;
                self.parser.read(data).map_err(|_| End::TooLong { limit })?;
            }
        }
    }

    pub(super) fn last_id(&self) -> Option<String> {
        self.parser.last_id.clone()
    }

    pub(super) fn retry(&self) -> Option<Duration> {
        self.parser.retry
    }

    /// Goes on from where another stream broke off.
    pub(super) fn remember(&mut self, last_id: String, retry: Option<Duration>) {
        self.parser.last_id = Some(last_id);
        self.parser.retry = retry;
    }
}

/// Whoever listens to a stream.
pub(super) struct Listening {
    pub hearing: Hearing,
    /// The request whose answer is waited for.
    pub wanted: Option<i64>,
    /// Where questions of the server's are answered; one of the modern era has none.
    pub questions: Option<Questions>,
}

/// Questions of a server of the legacy era, and who answers them.
pub(super) struct Questions {
    http: Arc<Http>,
    answering: Answering,
}

impl Questions {
    pub(super) fn new(http: Arc<Http>, most: usize) -> Self {
        let way: Arc<dyn Way> = Arc::clone(&http) as Arc<dyn Way>;
        Self {
            http,
            answering: Answering::new(way, most),
        }
    }

    /// Answers `request`: on account of the request that the stream belongs to, if its stream has
    /// `told` whose it is.
    fn begin(&mut self, id: RequestId, request: Request, told: bool, hearing: &Hearing) {
        let (listener, stopped) = if told {
            (Arc::clone(&hearing.listener), vec![hearing.clock.stop()])
        } else {
            self.http.attribute()
        };
        self.answering.begin(id, request, listener, stopped);
    }
}

impl Listening {
    /// Listens until the answer comes or nothing more does.
    pub(super) async fn to(&mut self, stream: &mut EventStream) -> End {
        let mut news = false;
        loop {
            let event = match stream.next().await {
                Ok(event) => event,
                Err(End::Quiet { .. }) => return End::Quiet { news },
                Err(end) => return end,
            };
            news = true;
            if event.name != "message" {
                continue;
            }
            if let Some(answer) = self.take(&event.data).await {
                return End::Answer(answer);
            }
        }
    }

    /// Takes one message; the answer, where it is that.
    async fn take(&mut self, data: &[u8]) -> Option<Result<Box<RawValue>, ErrorObject>> {
        match Frame::parse(data) {
            Ok(Frame::Response(id, settlement)) => {
                if self
                    .wanted
                    .is_some_and(|wanted| id == RequestId::from(wanted))
                {
                    return Some(settlement);
                }
                debug!(%id, "dropped an answer that nobody waits for");
            }
            Ok(Frame::Notification(notification)) if notification.method == Method::CANCELLED => {
                if let Some(questions) = &self.questions {
                    questions.answering.cancel(&notification);
                }
            }
            Ok(Frame::Notification(notification)) => self.hearing.hear(notification).await,
            Ok(Frame::Request(id, request)) => {
                let told = self.wanted.is_some();
                if let Some(questions) = &mut self.questions {
                    questions.begin(id, request, told, &self.hearing);
                } else {
                    debug!(%id, "ignored a question, this era has none");
                }
            }
            Err(bad) => debug!(error = %bad.error, "skipped an event that is no message"),
        }
        None
    }
}

impl End {
    pub(super) fn into_error(self) -> AskError {
        match self {
            Self::TooLong { limit } => AskError::TooLong { limit },
            Self::Answer(_) | Self::Quiet { .. } => AskError::lost(),
        }
    }
}
