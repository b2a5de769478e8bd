//! What lets the requests of one server in: its token, got when it asks, renewed before it ends.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, StatusCode};
use tokio::sync::MutexGuard;
use url::Url;
use wharf_protocol::port::BoxFuture;

use super::error::SignInError;
use super::obtain::Obtainer;
use super::proof::Proofs;
use super::protected::Protected;
use super::settings::{Grant, Settings};
use super::state::{Current, Demand, Flight};
use super::store::{Granted, TokenKind};
use crate::client::{AuthorizeError, Authorizer, Challenge, OutgoingFacts, Verdict};
use crate::oauth::discovery;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::Fetch;
use crate::oauth::jose::SigningKey;
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::scope::Scopes;
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
    keys: Proofs,
    current: RwLock<Option<Arc<Current>>>,
    // Held across sign-ins on purpose: whoever comes second waits for the first one's token.
    flight: tokio::sync::Mutex<Flight>,
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
            keys: Proofs::new(Arc::clone(&settings.clock)),
            settings,
            current: RwLock::default(),
            flight: tokio::sync::Mutex::default(),
        }
    }

    /// Why nobody signs in any more, if so; [`Authorization::allow_sign_in`] ends it.
    pub async fn needs_sign_in(&self) -> Option<String> {
        let flight = self.flight.lock().await;
        flight
            .blocked(self.settings.clock.running())
            .map(ToOwned::to_owned)
    }

    /// Lets the next refusal lead to a sign-in again.
    pub async fn allow_sign_in(&self) {
        self.flight.lock().await.unblock();
    }

    /// Forgets the token; the registration stays.
    pub async fn sign_out(&self) {
        let _flight = self.flight.lock().await;
        self.adopt(None).await;
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
        current.serve();
        let token = &current.granted.access_token;
        let scheme = match current.granted.kind {
            TokenKind::Bound => "DPoP",
            TokenKind::Bearer | TokenKind::Other => "Bearer",
        };
        let mut value = HeaderValue::from_str(&format!("{scheme} {}", token.expose()))
            .expect("tokens were found to be visible characters");
        value.set_sensitive(true);
        let mut headers = vec![(AUTHORIZATION, value)];
        if current.granted.kind == TokenKind::Bound {
            headers.push(
                self.keys
                    .header(request.method.as_str(), &server, Some(token)),
            );
        }
        Ok(headers)
    }

    /// The token to show now, renewed if it is about to end; `None` before any sign-in.
    async fn usable(&self) -> Result<Option<Arc<Current>>, SignInError> {
        let current = self.current();
        if let Some(current) = &current
            && !self.ends_within(&current.granted, MARGIN)
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
        self.load(&mut flight).await;
        self.check_blocked(&flight)?;
        match self.current() {
            Some(current) if self.ends_within(&current.granted, MARGIN) => {
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
        let renewed = self.renewed(&current.granted).await;
        let ended = self.ends_within(&current.granted, 0);
        match renewed {
            Ok(Some(granted)) => Ok(self.adopt(Some(granted)).await),
            Ok(None) if ended => Ok(self.adopt(None).await),
            Err(error) if error.is_final() && self.is_person() => {
                tracing::info!(%error, "a token cannot be refreshed");
                Ok(self.adopt(None).await)
            }
            Err(error) if ended => {
                self.give_up(flight, &error);
                Err(error)
            }
            // Still good for a moment.
            Ok(None) | Err(_) => Ok(Some(Arc::clone(current))),
        }
    }

    async fn renewed(&self, old: &Granted) -> Result<Option<Granted>, SignInError> {
        let protected = Protected {
            resource: old.resource.clone(),
            issuers: vec![old.issuer.clone()],
            scopes: None,
            binds: old.kind == TokenKind::Bound,
        };
        let server = discovery::authorization_server(&self.fetch, &old.issuer).await?;
        let scopes = Some(old.requested.clone()).filter(|scopes| !scopes.is_empty());
        let obtainer = self.obtainer(&protected, &server, false, scopes);
        if let Some(granted) = obtainer.refresh(old).await? {
            return Ok(Some(granted));
        }
        if self.is_person() {
            return Ok(None);
        }
        obtainer.obtain().await.map(Some)
    }

    async fn answer(&self, refusal: &Challenge<'_>) -> Result<Verdict, SignInError> {
        let Some(server) = self.own(refusal.request.url) else {
            return Ok(Verdict::GiveUp);
        };
        let demand = Demand::read(refusal);
        if let Some(nonce) = refusal.dpop_nonce {
            self.keys.learn(&server, nonce);
            if demand.wants_nonce() {
                return Ok(once(refusal.refusals < 2));
            }
        }
        let seen = self.current();
        let mut flight = self.flight.lock().await;
        self.load(&mut flight).await;
        self.check_blocked(&flight)?;
        let current = self.current();
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
            self.adopt(None).await;
            return Err(self.needs(why));
        }
        let previous = current.as_ref().map(|current| &current.granted);
        let refreshing = flight.may_refresh();
        match self.obtain(demand, previous, refreshing).await {
            Ok(granted) => {
                self.adopt(Some(granted)).await;
                Ok(Verdict::Retry)
            }
            Err(error) => {
                self.give_up(&mut flight, &error);
                self.adopt(None).await;
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
        let granted = self.obtain(demand, Some(granted), false).await?;
        self.adopt(Some(granted)).await;
        Ok(Verdict::Retry)
    }

    /// A token for what `demand` asks for, and for what `previous` could do.
    async fn obtain(
        &self,
        demand: &Demand,
        previous: Option<&Granted>,
        refreshing: bool,
    ) -> Result<Granted, SignInError> {
        let protected = self.protected(demand).await?;
        let issuer = self.chosen(&protected)?;
        let server = discovery::authorization_server(&self.fetch, issuer).await?;
        // Of another issuer's tokens nothing is carried over.
        let previous = previous.filter(|previous| previous.issuer == server.issuer);
        let scopes = selected(demand, &protected, previous);
        let obtainer = self.obtainer(&protected, &server, demand.bound, scopes);
        if refreshing && let Some(previous) = previous {
            match obtainer.refresh(previous).await {
                Ok(Some(granted)) => return Ok(granted),
                Ok(None) => {}
                Err(SignInError::Token { source, .. }) if source.is_spent() => {}
                Err(error) => return Err(error),
            }
        }
        obtainer.obtain().await
    }

    async fn protected(&self, demand: &Demand) -> Result<Protected, SignInError> {
        let server = &self.settings.server;
        let named = demand.resource_metadata.as_deref();
        match (
            Protected::of(&self.fetch, server, named).await?,
            &self.settings.issuer,
        ) {
            (Some(protected), _) => Ok(protected),
            (None, Some(issuer)) => Ok(Protected::silent(server, issuer)),
            (None, None) => Err(self.no_issuer()),
        }
    }

    /// The issuer to go to: where this client is registered, or else the first (RFC 9728, section
    /// 7.6, leaves it to us).
    fn chosen<'a>(&'a self, protected: &'a Protected) -> Result<&'a str, SignInError> {
        let credentials = match &self.settings.grant {
            Grant::Person(person) => person.credentials.as_ref(),
            Grant::Program(credentials) => Some(credentials),
            Grant::Enterprise(enterprise) => Some(&enterprise.credentials),
            Grant::Workload(_) => None,
        };
        let registered = credentials.and_then(|credentials| credentials.issuer.as_deref());
        let preferred = [registered, self.settings.issuer.as_deref()];
        let issuers = &protected.issuers;
        preferred
            .into_iter()
            .flatten()
            .find(|preferred| issuers.iter().any(|issuer| issuer == preferred))
            .or_else(|| issuers.first().map(String::as_str))
            .or(self.settings.issuer.as_deref())
            .ok_or_else(|| self.no_issuer())
    }

    fn obtainer<'a>(
        &'a self,
        protected: &'a Protected,
        server: &'a AuthorizationServer,
        bound: bool,
        scopes: Option<Scopes>,
    ) -> Obtainer<'a> {
        Obtainer {
            settings: &self.settings,
            fetch: &self.fetch,
            keys: &self.keys,
            protected,
            server,
            bound,
            scopes,
            now: self.settings.clock.unix(),
        }
    }

    /// Looks for a token from before, once.
    async fn load(&self, flight: &mut Flight) {
        if std::mem::replace(&mut flight.loaded, true) {
            return;
        }
        let name = self.settings.server.url().as_str();
        let Some(granted) = self.settings.store.granted(name).await else {
            return;
        };
        if let Some(key) = granted.key.as_ref().map(SigningKey::from_kept) {
            match key {
                Ok(key) => self.keys.adopt(key),
                // A token whose key is gone is worth nothing.
                Err(_) => return,
            }
        }
        self.set(Some(Arc::new(Current::new(granted))));
    }

    /// Goes on with `granted`, here and in the store.
    async fn adopt(&self, granted: Option<Granted>) -> Option<Arc<Current>> {
        let current = granted
            .clone()
            .map(|granted| Arc::new(Current::new(granted)));
        self.set(current.clone());
        let name = self.settings.server.url().as_str();
        self.settings.store.keep_granted(name, granted).await;
        current
    }

    fn current(&self) -> Option<Arc<Current>> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, current: Option<Arc<Current>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
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
        (!self.is_person()).then(|| self.settings.clock.running() + PAUSE)
    }

    fn is_person(&self) -> bool {
        matches!(self.settings.grant, Grant::Person(_))
    }

    fn ends_within(&self, granted: &Granted, seconds: u64) -> bool {
        let then = self.settings.clock.unix().saturating_add(seconds);
        granted.expires_at.is_some_and(|end| end <= then)
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

    fn no_issuer(&self) -> SignInError {
        SignInError::NoIssuer {
            server: self.settings.server.to_string(),
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

/// The scopes to ask for: what the challenge names, or else all that the server publishes, or else
/// none (MCP, scope selection strategy); and what was asked for before, which would be lost.
fn selected(demand: &Demand, protected: &Protected, previous: Option<&Granted>) -> Option<Scopes> {
    let asked = demand.scopes.as_ref().or(protected.scopes.as_ref());
    let asked = asked.cloned().unwrap_or_default();
    let all = match previous {
        Some(previous) => previous.requested.union(&previous.scopes).union(&asked),
        None => asked,
    };
    Some(all).filter(|scopes| !scopes.is_empty())
}

fn once(worth_it: bool) -> Verdict {
    if worth_it {
        Verdict::Retry
    } else {
        Verdict::GiveUp
    }
}
