//! The body of a request, read within limits.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::limits::Limits;
use super::refusal::Refusal;

/// Reads all of `body`.
///
/// # Errors
///
/// [`Refusal::TooLarge`] before a byte is read where the length is declared,
/// [`Refusal::TooSlow`] for one that does not come or trickles in.
pub(super) async fn read<B>(body: B, limits: &Limits) -> Result<Bytes, Refusal>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let declared = body.size_hint().lower();
    if declared > limits.body_bytes as u64 {
        return Err(Refusal::TooLarge(limits.body_bytes));
    }
    let mut body = pin!(body);
    let mut received = Received::default();
    let start = Instant::now();
    loop {
        let deadline = start + limits.body_timeout + time_for(received.bytes(), limits.body_rate);
        let frame = timeout_at(deadline, body.frame())
            .await
            .map_err(|_| Refusal::TooSlow)?;
        let Some(frame) = frame else {
            return Ok(received.whole());
        };
        // Trailers are frames too, and mean nothing here.
        if let Ok(data) = frame.map_err(|_| Refusal::BrokenBody)?.into_data() {
            if received.bytes() + data.len() > limits.body_bytes {
                return Err(Refusal::TooLarge(limits.body_bytes));
            }
            received.push(data, declared);
        }
        if body.is_end_stream() {
            return Ok(received.whole());
        }
    }
}

/// How long `bytes` take at `rate` bytes a second.
fn time_for(bytes: usize, rate: u32) -> Duration {
    Duration::from_millis(bytes as u64 * 1000 / u64::from(rate.max(1)))
}

/// What has arrived. Most bodies are one piece, which is kept as it is.
#[derive(Default)]
enum Received {
    #[default]
    Nothing,
    Piece(Bytes),
    Pieces(BytesMut),
}

impl Received {
    fn bytes(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Piece(piece) => piece.len(),
            Self::Pieces(pieces) => pieces.len(),
        }
    }

    fn push(&mut self, data: Bytes, declared: u64) {
        *self = match std::mem::take(self) {
            Self::Nothing => Self::Piece(data),
            Self::Piece(piece) => {
                let room = usize::try_from(declared).unwrap_or_default();
                let mut pieces = BytesMut::with_capacity(room.max(piece.len() + data.len()));
                pieces.extend_from_slice(&piece);
                pieces.extend_from_slice(&data);
                Self::Pieces(pieces)
            }
            Self::Pieces(mut pieces) => {
                pieces.extend_from_slice(&data);
                Self::Pieces(pieces)
            }
        };
    }

    fn whole(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::Piece(piece) => piece,
            Self::Pieces(pieces) => pieces.freeze(),
        }
    }
}
