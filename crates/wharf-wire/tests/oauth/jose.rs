//! Signatures, against the examples of the RFCs and against ourselves.

use serde_json::{Value, json};
use wharf_wire::oauth::jose::{Algorithm, BadKey, Compact, Jwk, Malformed, PublicKey, SigningKey};

fn jwk(value: Value) -> Jwk {
    serde_json::from_value(value).unwrap()
}

/// RFC 7515, appendix A.3.
#[test]
fn the_es256_example_verifies() {
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                 cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa\
                 8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let key = jwk(json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }));
    let token = Compact::parse(token).unwrap();
    let claims: Value = token.verified(&PublicKey::new(&key).unwrap()).unwrap();
    assert_eq!(claims["iss"], "joe");
}

/// RFC 8037, appendices A.3 and A.4. What is signed there is no JSON, which is found out only after
/// the signature is.
#[test]
fn the_eddsa_example_verifies() {
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-0\
                 9PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let key = jwk(json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }));
    assert_eq!(
        key.thumbprint().unwrap(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    let token = Compact::parse(token).unwrap();
    let answer = token.verified::<Value>(&PublicKey::new(&key).unwrap());
    assert_eq!(answer.unwrap_err(), Malformed::Claims);
}

/// RFC 7638, section 3.1.
#[test]
fn the_thumbprint_is_that_of_the_example() {
    let key = jwk(json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPe\
              bWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY3\
              68QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f\
              M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    }));
    assert_eq!(
        key.thumbprint().unwrap(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

const RSA: &str = include_str!("pem/rsa.pem");
const ED25519: &str = include_str!("pem/ed25519.pem");
const P384: &str = include_str!("pem/p384.pem");

#[test]
fn every_algorithm_verifies_what_it_signs_and_nothing_else() {
    for algorithm in Algorithm::ALL {
        let key = match algorithm {
            Algorithm::Es256 => SigningKey::generate(),
            Algorithm::Es384 => SigningKey::from_pem(P384, None).unwrap(),
            Algorithm::EdDsa => SigningKey::from_pem(ED25519, None).unwrap(),
            _ => SigningKey::from_pem(RSA, Some(algorithm)).unwrap(),
        };
        assert_eq!(key.algorithm(), algorithm);
        let token = key.sign("at+jwt", &json!({ "sub": "alice" }));
        let token = Compact::parse(&token).unwrap();
        let public = PublicKey::new(key.public()).unwrap();
        let claims: Value = token.verified(&public).unwrap();
        assert_eq!(claims["sub"], "alice");
        let other = PublicKey::new(SigningKey::generate().public()).unwrap();
        assert_eq!(
            token.verified::<Value>(&other).unwrap_err(),
            Malformed::Signature
        );
    }
}

#[test]
fn a_key_signs_only_by_what_it_is_for() {
    assert_eq!(
        SigningKey::from_pem(RSA, Some(Algorithm::Es256)).unwrap_err(),
        BadKey::Algorithm
    );
    assert_eq!(
        SigningKey::from_pem(P384, Some(Algorithm::Es256)).unwrap_err(),
        BadKey::Algorithm
    );
    assert_eq!(
        SigningKey::from_pem("nonsense", None).unwrap_err(),
        BadKey::Pem
    );
    let empty = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(SigningKey::from_pem(empty, None).unwrap_err(), BadKey::Kind);
}

#[test]
fn no_way_to_print_a_key_shows_it() {
    let key = SigningKey::from_pem(RSA, None).unwrap();
    let printed = format!("{key:?} {:?}", key.kept());
    assert_eq!(
        printed,
        "SigningKey { algorithm: Rs256, kid: None, .. } ***"
    );
}

#[test]
fn what_is_no_token_is_told_apart_without_a_panic() {
    for (text, expected) in [
        ("", Malformed::Shape),
        ("a.b", Malformed::Shape),
        ("!.e30.e30", Malformed::Shape),
        ("e30=.e30.e30", Malformed::Shape),
        ("e30.e30.e30", Malformed::Header),
        ("eyJhbGciOiJub25lIn0.e30.", Malformed::Algorithm),
    ] {
        assert_eq!(Compact::parse(text).unwrap_err(), expected, "{text}");
    }
    assert_eq!(
        Compact::parse(&"a".repeat(20_000)).unwrap_err(),
        Malformed::TooLong
    );
}
