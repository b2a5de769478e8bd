//! The one place where an HTTP call leaves the process.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, COOKIE, USER_AGENT};
use http::{HeaderName, HeaderValue, Request};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::warn;
use wharf_policy::secret::Secret;

use super::credential::{Place, Value};
use super::plan::{Plan, with_query};
use super::settings::Settings;
use super::token::TokenSource;
use crate::upstream::SendError;
use wharf_wire::outbound::{Cause, Connection, Forbidden, ReceiveError, Received, receive};

/// How long the first repetition waits; each further one waits twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause that an upstream may ask for and get; for longer ones the model is told.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Sends one call and reads its answer, all within the call's timeout. What may be repeated is
/// repeated while the upstream is out of reach or says that it is busy.
pub(super) async fn send(
    plan: &Plan,
    connection: &Connection,
    settings: &Settings,
) -> Result<Received, SendError> {
    let deadline = Instant::now() + settings.call_timeout;
    let attempts = async {
        let mut attempt = 0;
        loop {
            let outcome = once(plan, connection, settings).await;
            match pause(plan, &outcome, attempt, settings.retries) {
                None => return outcome,
                Some(pause) => sleep(pause).await,
            }
            attempt += 1;
            warn!(attempt, upstream = %settings.name, "upstream refused, trying again");
        }
    };
    timeout_at(deadline, attempts)
        .await
        .unwrap_or(Err(SendError::Timeout(settings.call_timeout)))
}

/// How long to wait before the call is repeated; `None` to take the outcome as it is.
fn pause(
    plan: &Plan,
    outcome: &Result<Received, SendError>,
    attempt: u32,
    retries: u32,
) -> Option<Duration> {
    if !plan.idempotent || attempt >= retries {
        return None;
    }
    let usual = FIRST_PAUSE * 2_u32.pow(attempt.min(10));
    match outcome {
        Err(SendError::Connect(_) | SendError::Broken(_)) => Some(usual),
        Ok(answer) if matches!(answer.status, 429 | 502 | 503 | 504) => {
            let asked = retry_after(answer).unwrap_or(usual);
            (asked <= LONGEST_PAUSE).then(|| asked.max(usual))
        }
        _ => None,
    }
}

fn retry_after(answer: &Received) -> Option<Duration> {
    let (_, value) = answer
        .headers
        .iter()
        .find(|(name, _)| name == "retry-after")?;
    value.trim().parse().ok().map(Duration::from_secs)
}

/// One attempt, and a second one where a token that was thought good is refused.
async fn once(
    plan: &Plan,
    connection: &Connection,
    settings: &Settings,
) -> Result<Received, SendError> {
    let (request, tokens) = dressed(plan, connection).await?;
    let answer = exchange(connection, request, settings).await?;
    if answer.status != 401 || tokens.is_empty() {
        return Ok(answer);
    }
    // Refused before it did anything, so repeating it is safe whatever it does.
    for (source, token) in tokens {
        source.forget(&token).await;
    }
    let (request, _) = dressed(plan, connection).await?;
    exchange(connection, request, settings).await
}

async fn exchange(
    connection: &Connection,
    request: Request<Bytes>,
    settings: &Settings,
) -> Result<Received, SendError> {
    let response = connection.send(request).await.map_err(unreached)?;
    receive(response, settings.answer_bytes)
        .await
        .map_err(|error| match error {
            ReceiveError::Broken(_) => SendError::Broken(error.into()),
            _ => SendError::Unreadable(error.into()),
        })
}

type Tokens<'a> = Vec<(&'a TokenSource, Secret)>;

/// The request with its credentials on.
async fn dressed<'a>(
    plan: &'a Plan,
    connection: &Connection,
) -> Result<(Request<Bytes>, Tokens<'a>), SendError> {
    let mut url = plan.url.clone();
    let mut headers: Vec<(HeaderName, HeaderValue)> = plan.headers.clone();
    let mut tokens = Tokens::new();
    for ready in &plan.credentials {
        let text = match &ready.value {
            Value::Known(secret) => secret.clone(),
            Value::Token(source) => {
                let token = source
                    .token(connection)
                    .await
                    .map_err(|error| SendError::Credential(error.into()))?;
                tokens.push((source, token.clone()));
                Secret::new(format!("Bearer {}", token.expose()))
            }
        };
        match &ready.place {
            Place::Header(name) => headers.push((header_name(name)?, sensitive(&text)?)),
            Place::Query(name) => {
                let value = utf8_percent_encode(text.expose(), NON_ALPHANUMERIC).to_string();
                url = with_query(&url, name, &value);
            }
            Place::Cookie(name) => {
                let pair = Secret::new(format!("{name}={}", text.expose()));
                headers.push((COOKIE, sensitive(&pair)?));
            }
        }
    }
    let mut request = Request::builder()
        .method(&plan.method)
        .uri(url)
        .header(USER_AGENT, concat!("wharf/", env!("CARGO_PKG_VERSION")))
        .header(ACCEPT_ENCODING, "gzip");
    for (name, value) in join_cookies(headers) {
        request = request.header(name, value);
    }
    let request = request
        .body(plan.body.clone().unwrap_or_default())
        .map_err(|error| SendError::Credential(error.into()))?;
    Ok((request, tokens))
}

/// One `Cookie` header, as RFC 6265 (section 5.4) has it.
fn join_cookies(headers: Vec<(HeaderName, HeaderValue)>) -> Vec<(HeaderName, HeaderValue)> {
    let (cookies, mut rest): (Vec<_>, Vec<_>) =
        headers.into_iter().partition(|(name, _)| *name == COOKIE);
    let joined = cookies
        .iter()
        .map(|(_, value)| value.as_bytes())
        .collect::<Vec<_>>()
        .join(&b"; "[..]);
    if let (false, Ok(mut value)) = (cookies.is_empty(), HeaderValue::from_bytes(&joined)) {
        value.set_sensitive(true);
        rest.push((COOKIE, value));
    }
    rest
}

fn header_name(name: &str) -> Result<HeaderName, SendError> {
    if name.eq_ignore_ascii_case("authorization") {
        return Ok(AUTHORIZATION);
    }
    HeaderName::from_bytes(name.as_bytes()).map_err(|error| SendError::Credential(error.into()))
}

fn sensitive(text: &Secret) -> Result<HeaderValue, SendError> {
    let mut value = HeaderValue::from_str(text.expose()).map_err(|_| {
        SendError::Credential("a credential has characters that no header can carry".into())
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// What kept the head of the answer from coming.
fn unreached(cause: Cause) -> SendError {
    let mut link: Option<&(dyn Error + 'static)> = Some(&*cause);
    let (mut forbidden, mut connecting) = (false, false);
    while let Some(error) = link {
        forbidden |= error.is::<Forbidden>();
        connecting |= error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect);
        link = error.source();
    }
    match (forbidden, connecting) {
        (true, _) => SendError::Forbidden(cause),
        (false, true) => SendError::Connect(cause),
        (false, false) => SendError::Broken(cause),
    }
}
