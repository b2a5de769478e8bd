//! Tokens bound to a key, and their proofs, one defect at a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use wharf_wire::oauth::jose::SigningKey;
use wharf_wire::oauth::resource::{Presented, ProofPolicy, ResourceServer, Verifier as _};

use crate::clock::BEGIN;
use crate::issuer::{RESOURCE, World, bearer, forged, outcome, verify, with};

/// A token bound to a key, and a good proof that tests spoil.
struct Bound {
    world: World,
    server: ResourceServer,
    key: SigningKey,
    token: String,
}

impl Bound {
    async fn start() -> Self {
        let world = World::start().await;
        let key = SigningKey::generate();
        let token = world.token(&json!({ "cnf": { "jkt": key.public().thumbprint() } }));
        Self {
            server: world.resource(),
            world,
            key,
            token,
        }
    }

    fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.public() })
    }

    fn claims(&self, jti: &str) -> Value {
        json!({
            "jti": jti, "htm": "POST", "htu": RESOURCE, "iat": BEGIN,
            "ath": URL_SAFE_NO_PAD.encode(Sha256::digest(&self.token)),
        })
    }

    fn proof(&self, header: &Value, claims: &Value) -> String {
        use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
        let der = URL_SAFE_NO_PAD.decode(self.key.kept().expose()).unwrap();
        let random = ring::rand::SystemRandom::new();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).unwrap();
        forged(header, claims, |message| {
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        })
    }

    fn headers(&self, proof: &str) -> HeaderMap {
        with(&[
            ("authorization", &format!("DPoP {}", self.token)),
            ("dpop", proof),
        ])
    }

    /// What becomes of a request with `headers`.
    async fn outcome(&self, headers: &HeaderMap) -> String {
        match verify(&self.server, headers).await {
            Ok(caller) => caller.subject,
            Err(rejection) => format!("{} {}", rejection.status.as_u16(), rejection.reason),
        }
    }

    /// What becomes of a good proof with these changes to its header and its claims; `null` takes
    /// a member away.
    async fn spoiled(&self, header: Value, claims: Value) -> String {
        let proof = self.proof(
            &laid_over(self.header(), &header),
            &laid_over(self.claims(&claims.to_string()), &claims),
        );
        self.outcome(&self.headers(&proof)).await
    }
}

fn laid_over(mut whole: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            whole.as_object_mut().unwrap().remove(name);
        } else {
            whole[name] = value.clone();
        }
    }
    whole
}

/// Rows F (DPoP), 40.
#[tokio::test]
async fn a_good_proof_lets_in_and_each_defect_keeps_out() {
    let bound = Bound::start().await;
    assert_eq!(bound.spoiled(json!({}), json!({})).await, "alice");
    assert_eq!(
        bound
            .spoiled(json!({}), json!({ "htu": format!("{RESOURCE}?x#y") }))
            .await,
        "alice"
    );
    let upper = "HTTPS://GATEWAY.example:443/a/mcp";
    assert_eq!(
        bound.spoiled(json!({}), json!({ "htu": upper })).await,
        "alice"
    );

    let mut private = serde_json::to_value(bound.key.public()).unwrap();
    private["d"] = "AAAA".into();
    let other = SigningKey::generate();
    for (header, claims, expected) in [
        (json!({ "typ": "JWT" }), json!({}), "it is of another type"),
        (json!({ "typ": null }), json!({}), "it is of another type"),
        (json!({ "alg": "none" }), json!({}), "it is no signed token"),
        (
            json!({ "alg": "HS256" }),
            json!({}),
            "it is no signed token",
        ),
        (
            json!({ "alg": "RS256" }),
            json!({}),
            "its key did not sign it",
        ),
        (json!({ "crit": ["x"] }), json!({}), "it is no signed token"),
        (json!({ "jwk": null }), json!({}), "it has no key"),
        (
            json!({ "jwk": private }),
            json!({}),
            "its key cannot be used",
        ),
        (
            json!({ "jwk": { "kty": "oct", "k": "AAAA" } }),
            json!({}),
            "its key cannot be used",
        ),
        (
            json!({ "jwk": other.public() }),
            json!({}),
            "its key did not sign it",
        ),
        (
            json!({}),
            json!({ "htm": "GET" }),
            "it is for another method",
        ),
        (
            json!({}),
            json!({ "htm": "post" }),
            "it is for another method",
        ),
        (
            json!({}),
            json!({ "htu": "https://gateway.example/b/mcp" }),
            "it is for another address",
        ),
        (
            json!({}),
            json!({ "htu": "http://gateway.example/a/mcp" }),
            "it is for another address",
        ),
        (json!({}), json!({ "htu": "/a/mcp" }), "it names no address"),
        (
            json!({}),
            json!({ "iat": BEGIN - 121 }),
            "it is not of this moment",
        ),
        (
            json!({}),
            json!({ "iat": BEGIN + 31 }),
            "it is not of this moment",
        ),
        (
            json!({}),
            json!({ "iat": 1e18 }),
            "it is not of this moment",
        ),
        (json!({}), json!({ "iat": null }), "its key did not sign it"),
        (json!({}), json!({ "ath": null }), "it is for another token"),
        (json!({}), json!({ "ath": "x" }), "it is for another token"),
        (json!({}), json!({ "jti": null }), "its key did not sign it"),
        (json!({}), json!({ "jti": "" }), "it has no name"),
        (
            json!({}),
            json!({ "jti": "x".repeat(513) }),
            "it has no name",
        ),
    ] {
        let answer = bound.spoiled(header.clone(), claims.clone()).await;
        assert_eq!(
            answer,
            format!("401 the proof is not valid: {expected}"),
            "{header} {claims}"
        );
    }
}

/// Row 40.
#[tokio::test]
async fn a_proof_counts_once() {
    let bound = Bound::start().await;
    let proof = bound.proof(&bound.header(), &bound.claims("once"));
    let headers = bound.headers(&proof);
    assert_eq!(bound.outcome(&headers).await, "alice");
    let again = "401 the proof is not valid: it was used before";
    assert_eq!(bound.outcome(&headers).await, again);
    bound.world.clock.pass(100);
    assert_eq!(bound.outcome(&headers).await, again);
    bound.world.clock.pass(100);
    assert_eq!(
        bound.outcome(&headers).await,
        "401 the proof is not valid: it is not of this moment"
    );
}

/// Row 40.
#[tokio::test]
async fn a_proof_by_another_key_is_no_proof() {
    let bound = Bound::start().await;
    let thief = Bound {
        key: SigningKey::generate(),
        ..bound
    };
    let answer = thief.spoiled(json!({}), json!({})).await;
    assert_eq!(
        answer,
        "401 the proof is not valid: the token is bound to another key"
    );
}

/// Row 40.
#[tokio::test]
async fn a_proof_stands_there_once() {
    let bound = Bound::start().await;
    let proof = bound.proof(&bound.header(), &bound.claims("a"));
    let other = bound.proof(&bound.header(), &bound.claims("b"));
    let authorization = format!("DPoP {}", bound.token);
    let twice = with(&[
        ("authorization", &authorization),
        ("dpop", &proof),
        ("dpop", &other),
    ]);
    let joined = with(&[
        ("authorization", &authorization),
        ("dpop", &format!("{proof}, {other}")),
    ]);
    let none = with(&[("authorization", &authorization)]);
    assert_eq!(
        bound.outcome(&twice).await,
        "401 the proof is not valid: there is more than one"
    );
    assert_eq!(
        bound.outcome(&joined).await,
        "401 the proof is not valid: it is no signed token"
    );
    assert_eq!(
        bound.outcome(&none).await,
        "401 the proof is not valid: it is missing"
    );
}

/// RFC 9449, section 7.2.
#[tokio::test]
async fn a_bound_token_is_no_bearer_token_nor_the_other_way_round() {
    let bound = Bound::start().await;
    let answer = outcome(&bound.server, &bound.token).await;
    assert_eq!(answer, "401 the token is not valid: it is bound to a key");
    let free = Bound {
        token: bound.world.token(&json!({})),
        ..bound
    };
    let answer = free.spoiled(json!({}), json!({})).await;
    assert_eq!(
        answer,
        "401 the token is not valid: it is not bound to a key"
    );
}

#[tokio::test]
async fn policy_decides_which_tokens_are_taken() {
    let bound = Bound::start().await;
    let free = bearer(&bound.world.token(&json!({})));
    for (proof, by_bearer, by_proof, schemes) in [
        (ProofPolicy::Refused, 200, 401, vec!["Bearer"]),
        (ProofPolicy::Accepted, 200, 200, vec!["Bearer", "DPoP"]),
        (ProofPolicy::Required, 401, 200, vec!["DPoP"]),
    ] {
        let mut settings = bound.world.settings();
        settings.proof = proof;
        let server = ResourceServer::new(settings).unwrap();
        let shown = bound.headers(&bound.proof(&bound.header(), &bound.claims("p")));
        let url: Url = RESOURCE.parse().unwrap();
        for (headers, expected) in [(&free, by_bearer), (&shown, by_proof)] {
            let presented = Presented {
                method: &Method::POST,
                url: &url,
                headers,
            };
            let status = match server.verify(presented).await {
                Ok(_) => 200,
                Err(rejection) => rejection.status.as_u16(),
            };
            assert_eq!(status, expected, "{proof:?}");
        }
        let challenges = verify(&server, &HeaderMap::new())
            .await
            .unwrap_err()
            .challenges;
        let said: Vec<&str> = challenges
            .iter()
            .map(|one| one.split(' ').next().unwrap())
            .collect();
        assert_eq!(said, schemes);
    }
}
