//! Tokens in a file.

use std::path::PathBuf;
use std::sync::Arc;

use wharf_wire::oauth::client::{FileStore, Grant, TokenStore};

use crate::provider::{Behaviour, Provider};
use crate::visitor::{Guard, Protected, Visitor, person};

/// A file of this test's own, gone with it.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let name = format!("wharf-oauth-{}-{name}.json", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_file(self.0.with_extension("json.lock"));
    }
}

fn visitor(server: &Protected, place: &Place) -> Visitor {
    Visitor::with(server, Grant::Person(person()), |settings| {
        let store: Arc<dyn TokenStore> = Arc::new(FileStore::open(&place.0).unwrap());
        settings.store = store;
    })
}

#[tokio::test]
async fn a_program_that_starts_again_is_still_signed_in() {
    let place = Place::new("again");
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(visitor(&server, &place).call().await, Ok(200));
    let later = visitor(&server, &place);
    later.clock.pass(4000);
    assert_eq!(later.call().await, Ok(200));
    assert_eq!(provider.authorize_requests().len(), 1);
    assert_eq!(provider.server.asked("/register").len(), 1);
}

#[tokio::test]
async fn whoever_comes_second_uses_the_token_that_another_process_has_refreshed() {
    let place = Place::new("second");
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let first = visitor(&server, &place);
    assert_eq!(first.call().await, Ok(200));
    let second = visitor(&server, &place);
    assert_eq!(second.call().await, Ok(200));
    for visitor in [&first, &second] {
        visitor.clock.pass(4000);
        assert_eq!(visitor.call().await, Ok(200));
    }
    let asked = provider.token_requests();
    let refreshed = asked.iter().filter(|seen| {
        let grant = seen.parameter("grant_type");
        grant.as_deref() == Some("refresh_token")
    });
    assert_eq!(refreshed.count(), 1);
}

/// Row D9.
#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_file_with_the_tokens() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new("mode");
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(visitor(&server, &place).call().await, Ok(200));
    let mode = std::fs::metadata(&place.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    std::fs::set_permissions(&place.0, PermissionsExt::from_mode(0o644)).unwrap();
    let refusal = FileStore::open(&place.0).unwrap_err();
    assert_eq!(refusal.kind(), std::io::ErrorKind::PermissionDenied);
}

#[test]
fn a_file_that_is_none_of_ours_is_an_error_and_stays_as_it_is() {
    let place = Place::new("other");
    std::fs::write(&place.0, "somebody's notes").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&place.0, PermissionsExt::from_mode(0o600)).unwrap();
    }
    assert!(FileStore::open(&place.0).is_err());
    assert_eq!(
        std::fs::read_to_string(&place.0).unwrap(),
        "somebody's notes"
    );
}

/// A store that somebody else wrote into ends in a new sign-in, not in a panic or in a header more.
#[tokio::test]
async fn what_is_no_token_is_not_shown_because_it_was_kept() {
    let place = Place::new("broken");
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(visitor(&server, &place).call().await, Ok(200));
    let text = std::fs::read_to_string(&place.0).unwrap();
    std::fs::write(&place.0, text.replace("token-1", "a\\r\\nX: y")).unwrap();
    assert_eq!(visitor(&server, &place).call().await, Ok(200));
    assert_eq!(
        server.shown().last().unwrap().as_deref(),
        Some("Bearer token-2")
    );
}
