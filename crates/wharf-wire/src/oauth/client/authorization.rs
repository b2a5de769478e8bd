//! What lets the requests of one server in: its token, got when it asks, renewed before it ends.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;
use wharf_protocol::port::BoxFuture;

use super::error::SignInError;
use super::held::Held;
use super::settings::{Grant, Settings};
use super::source::Source;
use super::state::{Current, Demand, Flight};
use crate::client::{AuthorizeError, Authorizer, Challenge, OutgoingFacts, Verdict};
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::Fetch;
use crate::outbound::{Egress, is_loopback, same_origin};

/// A token is renewed this long before it ends, so that none ends on its way.
const MARGIN: u64 = 30;
/// How long a program that was refused a token asks for no other. A person is not asked again at
/// all before somebody says so.
const PAUSE: Duration = Duration::from_mins(1);

/// Lets in at one server, and shows its token to no other.
///
/// However many requests are refused at once, one token is got for all of them.
#[derive(Debug)]
pub struct Authorization {
    settings: Settings,
    fetch: Fetch,
    held: Held,
    // Locked across sign-ins on purpose: whoever comes second waits for the first one's token.
    flight: Mutex<Flight>,
}

impl Authorization {
    pub fn new(settings: Settings) -> Self {
        let mut trusted: Vec<&Url> = settings.trusted.iter().collect();
        trusted.push(settings.server.url());
        if let Grant::Enterprise(enterprise) = &settings.grant {
            trusted.push(enterprise.provider.url());
        }
        // A server on this machine may have an issuer on this machine; no other may.
        let egress = Egress::new(&trusted, is_loopback(settings.server.url()));
        Self {
            fetch: Fetch::new(egress),
            held: Held::new(&settings),
            settings,
            flight: Mutex::default(),
        }
    }

    /// Why nobody signs in any more, if so; [`Authorization::allow_sign_in`] ends it.
    pub fn needs_sign_in(&self) -> Option<String> {
        // While somebody signs in, it is not so.
        let flight = self.flight.try_lock().ok()?;
        let now = self.settings.clock.running();
        flight.blocked(now).map(ToOwned::to_owned)
    }

    /// Lets the next refusal lead to a sign-in again.
    pub async fn allow_sign_in(&self) {
        self.flight.lock().await.unblock();
    }

    /// Forgets the token; the registration stays.
    pub async fn sign_out(&self) {
        let _flight = self.flight.lock().await;
        self.held.adopt(None).await;
    }

    async fn shown(
        &self,
        request: &OutgoingFacts<'_>,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, SignInError> {
        // A token goes to its own server and to no other (MCP, token handling).
        let Some(server) = self.own(request.url) else {
            return Ok(Vec::new());
        };
        let Some(current) = self.usable().await? else {
            return Ok(Vec::new());
        };
        Ok(self.held.shown(&current, request.method, &server))
    }

    /// The token to show now, renewed if it is about to end; `None` before any sign-in.
    async fn usable(&self) -> Result<Option<Arc<Current>>, SignInError> {
        let current = self.held.current();
        if let Some(current) = &current
            && !self.held.ends_within(current, MARGIN)
        {
            return Ok(Some(Arc::clone(current)));
        }
        let mut flight = if current.is_some() {
            self.flight.lock().await
        } else if let Ok(flight) = self.flight.try_lock() {
            flight
        } else {
            // Somebody signs in, which may take minutes. This request goes as it is; its refusal
            // waits for them.
            return Ok(None);
        };
        self.held.load(&mut flight).await;
        self.check_blocked(&flight)?;
        match self.held.current() {
            Some(current) if self.held.ends_within(&current, MARGIN) => {
                self.renew(&mut flight, &current).await
            }
            current => Ok(current),
        }
    }

    /// Another token for `current`, which is about to end or has ended.
    async fn renew(
        &self,
        flight: &mut Flight,
        current: &Arc<Current>,
    ) -> Result<Option<Arc<Current>>, SignInError> {
        if let Some(newer) = self.held.newer(current).await
            && !self.held.ends_within(&newer, MARGIN)
        {
            return Ok(Some(newer));
        }
        let renewed = self.source().renewed(&current.granted).await;
        let ended = self.held.ends_within(current, 0);
        match renewed {
            Ok(Some(granted)) => Ok(self.held.adopt(Some(granted)).await),
            Ok(None) if ended => Ok(self.held.adopt(None).await),
            Err(error) if error.is_final() && self.settings.grant.is_person() => {
                // Another process may have been quicker, and spent what refreshes.
                if let Some(newer) = self.held.newer(current).await {
                    return Ok(Some(newer));
                }
                tracing::info!(%error, "a token cannot be refreshed");
                Ok(self.held.adopt(None).await)
            }
            Err(error) if ended => {
                self.give_up(flight, &error);
                Err(error)
            }
            // Still good for a moment.
            Ok(None) | Err(_) => Ok(Some(Arc::clone(current))),
        }
    }

    async fn answer(&self, refusal: &Challenge<'_>) -> Result<Verdict, SignInError> {
        let Some(server) = self.own(refusal.request.url) else {
            return Ok(Verdict::GiveUp);
        };
        let demand = Demand::read(refusal);
        if let Some(verdict) = self.nonce(&server, &demand, refusal) {
            return Ok(verdict);
        }
        let seen = self.held.current();
        let mut flight = self.flight.lock().await;
        self.held.load(&mut flight).await;
        self.check_blocked(&flight)?;
        let current = self.held.current();
        if let Some(current) = &current
            && (current.is_unused() || !seen.is_some_and(|seen| Arc::ptr_eq(&seen, current)))
        {
            // Somebody got another one meanwhile.
            return Ok(Verdict::Retry);
        }
        match (refusal.status, current) {
            (StatusCode::UNAUTHORIZED, current) => {
                // Of its next refusal we would not be told.
                let last = refusal.refusals + 1 >= Challenge::MOST;
                self.sign_in(flight, &demand, current, last).await
            }
            (status, Some(current)) if demand.wants_scope(status) => {
                self.step_up(flight, &demand, &current).await
            }
            _ => Ok(Verdict::GiveUp),
        }
    }

    /// Learns the nonce that a refusal brings. The verdict, where that is all it is about.
    fn nonce(
        &self,
        server: &Endpoint,
        demand: &Demand,
        refusal: &Challenge<'_>,
    ) -> Option<Verdict> {
        self.held.keys.learn(server, refusal.dpop_nonce?);
        // Once to learn it, once where it changed meanwhile.
        let verdict = match refusal.refusals {
            0 | 1 => Verdict::Retry,
            _ => Verdict::GiveUp,
        };
        demand.wants_nonce().then_some(verdict)
    }

    /// Gets a token, or another one for `current`.
    async fn sign_in(
        &self,
        mut flight: MutexGuard<'_, Flight>,
        demand: &Demand,
        current: Option<Arc<Current>>,
        last: bool,
    ) -> Result<Verdict, SignInError> {
        if let Some(current) = &current
            && (!flight.refused(current) || last)
        {
            let why = "it refuses every token that its issuer issues";
            flight.block(why.to_owned(), self.pause());
            self.held.adopt(None).await;
            return Err(self.needs(why));
        }
        if let Some(current) = &current
            && self.held.newer(current).await.is_some()
        {
            return Ok(Verdict::Retry);
        }
        let previous = current.as_ref().map(|current| &current.granted);
        let refreshing = flight.may_refresh();
        match self.source().token(demand, previous, refreshing).await {
            Ok(granted) => {
                self.held.adopt(Some(granted)).await;
                Ok(Verdict::Retry)
            }
            Err(error) => {
                self.give_up(&mut flight, &error);
                // What refreshes outlives an issuer that cannot be reached just now.
                if error.is_final() {
                    self.held.adopt(None).await;
                }
                Err(error)
            }
        }
    }

    /// Gets a token that reaches further (MCP, step-up authorization flow).
    async fn step_up(
        &self,
        mut flight: MutexGuard<'_, Flight>,
        demand: &Demand,
        current: &Current,
    ) -> Result<Verdict, SignInError> {
        let granted = &current.granted;
        let Some(needed) = &demand.scopes else {
            return Ok(Verdict::GiveUp);
        };
        // What a workload may do, its platform decides; asking for more is refused, and once is
        // enough. A token that has all that is asked for becomes no better by being replaced.
        let hopeless = matches!(self.settings.grant, Grant::Workload(_))
            || granted.scopes.cover(needed)
            || !flight.may_step_up(needed);
        if hopeless {
            return Ok(Verdict::GiveUp);
        }
        let granted = self.source().token(demand, Some(granted), false).await?;
        self.held.adopt(Some(granted)).await;
        Ok(Verdict::Retry)
    }

    fn source(&self) -> Source<'_> {
        Source {
            settings: &self.settings,
            fetch: &self.fetch,
            keys: &self.held.keys,
        }
    }

    fn give_up(&self, flight: &mut Flight, error: &SignInError) {
        if error.is_final() {
            flight.block(error.to_string(), self.pause());
        }
    }

    fn check_blocked(&self, flight: &Flight) -> Result<(), SignInError> {
        match flight.blocked(self.settings.clock.running()) {
            Some(why) => Err(self.needs(why)),
            None => Ok(()),
        }
    }

    /// Until when nothing is tried after a refusal that is final.
    fn pause(&self) -> Option<Duration> {
        (!self.settings.grant.is_person()).then(|| self.settings.clock.running() + PAUSE)
    }

    /// `url` as an endpoint of our server, if it is one.
    fn own(&self, url: &Url) -> Option<Endpoint> {
        let ours = same_origin(url, self.settings.server.url());
        ours.then(|| Endpoint::new(url.clone()).ok()).flatten()
    }

    fn needs(&self, why: &str) -> SignInError {
        SignInError::NeedsSignIn {
            server: self.settings.server.to_string(),
            why: why.to_owned(),
        }
    }
}

impl Authorizer for Authorization {
    fn headers<'a>(
        &'a self,
        request: &'a OutgoingFacts<'a>,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, HeaderValue)>, AuthorizeError>> {
        Box::pin(async move { Ok(self.shown(request).await?) })
    }

    fn challenged<'a>(
        &'a self,
        challenge: &'a Challenge<'a>,
    ) -> BoxFuture<'a, Result<Verdict, AuthorizeError>> {
        Box::pin(async move { Ok(self.answer(challenge).await?) })
    }
}
