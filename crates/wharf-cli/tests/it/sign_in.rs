//! `wharf login` and `logout`, and every other command at a server that asks who we are.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use expect_test::expect;
use serde_json::json;
use url::Url;

use crate::legacy;
use crate::sandbox::{Ended, Sandbox, ended};
use crate::scripted::{Reply, Scripted, Seen};

/// A server that asks for tokens, and the one that issues them.
struct Guarded {
    issuer: Scripted,
    server: Scripted,
    url: String,
}

impl Guarded {
    /// Tokens that people get last for `seconds`.
    fn start(seconds: u64) -> Self {
        let issuer = Scripted::start(|base| move |seen: &Seen| issue(&base, seen, seconds));
        let named = issuer.base.clone();
        let server = Scripted::start(|base| move |seen: &Seen| guard(&base, &named, seen));
        let url = format!("{}/mcp", server.base);
        Self {
            issuer,
            server,
            url,
        }
    }

    /// What kinds of token were asked for, in order.
    fn grants(&self) -> Vec<String> {
        let asked = self.issuer.asked("/token");
        let grant = |seen: &Seen| seen.parameter("grant_type").unwrap_or_default();
        asked.iter().map(grant).collect()
    }

    /// A transcript with addresses in place of ports, and moments in place of times.
    fn told(&self, ended: &Ended) -> String {
        let told = ended.transcript().replace(&self.url, "URL");
        let told = told.replace(&self.issuer.base, "ISSUER");
        match told.split_once(", until ") {
            Some((before, after)) => {
                let rest = after.split_once(" UTC").map_or(after, |(_, rest)| rest);
                format!("{before}, until MOMENT{rest}")
            }
            None => told,
        }
    }
}

fn issue(base: &str, seen: &Seen, seconds: u64) -> Reply {
    match seen.path() {
        "/.well-known/oauth-authorization-server" => Reply::json(&json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "registration_endpoint": format!("{base}/register"),
            "code_challenge_methods_supported": ["S256"],
        })),
        "/register" => Reply::json(&json!({"client_id": "registered"})),
        "/authorize" => {
            let asked = |name| seen.parameter(name).unwrap_or_default();
            let mut back = Url::parse(&asked("redirect_uri")).unwrap();
            let mut query = back.query_pairs_mut();
            query
                .append_pair("code", "c0de")
                .append_pair("state", &asked("state"));
            drop(query);
            Reply::status(302).with("location", back)
        }
        "/token" => issued(seen, seconds),
        _ => Reply::status(404),
    }
}

fn issued(seen: &Seen, seconds: u64) -> Reply {
    let token = |name: &str, seconds: u64| json!({"access_token": name, "token_type": "Bearer", "expires_in": seconds});
    match seen.parameter("grant_type").as_deref() {
        Some("client_credentials") => Reply::json(&token("s3cret-token-of-a-program", 3600)),
        Some("refresh_token") => Reply::json(&token("s3cret-token-renewed", 3600)),
        _ => {
            let mut first = token("s3cret-token", seconds);
            first["refresh_token"] = "s3cret-refresh".into();
            Reply::json(&first)
        }
    }
}

fn guard(base: &str, issuer: &str, seen: &Seen) -> Reply {
    if seen.path() == "/.well-known/oauth-protected-resource/mcp" {
        return Reply::json(&json!({
            "resource": format!("{base}/mcp"),
            "authorization_servers": [issuer],
        }));
    }
    match seen.header("authorization") {
        Some(token) if token.starts_with("Bearer s3cret-token") => legacy::answer(seen),
        _ => Reply::status(401).with("www-authenticate", "Bearer"),
    }
}

/// Goes to `page` as a browser does, redirects followed.
fn visit(page: &str) {
    let mut page = Url::parse(page).unwrap();
    loop {
        let address = page.socket_addrs(|| None).unwrap()[0];
        let target = &page[url::Position::BeforePath..];
        let mut stream = TcpStream::connect(address).unwrap();
        let request =
            format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        match answer
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
        {
            Some(next) => page = Url::parse(next).unwrap(),
            None => return,
        }
    }
}

/// Runs a command in which somebody signs in, at the address that it prints.
fn signing_in(sandbox: &Sandbox, arguments: &[&str]) -> Ended {
    let mut command = sandbox.command(arguments);
    command.env("SECRET", "s3cret-of-a-client");
    let (reader, writer) = std::io::pipe().unwrap();
    command.stderr(writer).stdout(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    // The command holds the other end of the pipe, which must end with the child.
    drop(command);
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(reader));
    let page = lines.next().unwrap().unwrap();
    visit(page.strip_prefix("Sign in at ").unwrap());
    let mut ended = ended(child.wait_with_output().unwrap());
    ended.stderr = lines.map(|line| line.unwrap() + "\n").collect();
    ended
}

#[test]
fn who_signs_in_once_is_signed_in_for_every_command() {
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(3600);
    let url = guarded.url.as_str();
    let login = signing_in(&sandbox, &["login", url, "--no-browser"]);
    expect![[r#"
        signed in at URL by ISSUER, until MOMENT, then renewed
        exit 0
    "#]]
    .assert_eq(&guarded.told(&login));
    let called = sandbox.run(&["call", "add", "a=1", "--url", url, "--json"]);
    expect![[r#"
        {"content":[{"type":"text","text":"{\"a\":1}"}],"unheardOf":1}
        exit 0
    "#]]
    .assert_eq(&guarded.told(&called));
    assert_eq!(guarded.grants(), ["authorization_code"]);
    let again = sandbox.run(&["login", url, "--no-browser"]);
    expect![[r#"
        signed in at URL by ISSUER, until MOMENT, then renewed
        exit 0
    "#]]
    .assert_eq(&guarded.told(&again));

    let logout = sandbox.run(&["logout", url]);
    expect![[r#"
        signed out of URL; what ISSUER has on record of this program stays there
        exit 0
    "#]]
    .assert_eq(&guarded.told(&logout));
    let refused = sandbox.run(&["tools", url]);
    expect![[r#"
        error: cannot connect to `URL`
          cause: cannot get to know the server
          cause: cannot sign in at the server
          cause: nobody signed in
          cause: there is nobody to ask: sign in where a browser is
        hint: `wharf login URL` signs in; `--client-id ID --client-secret-from '${env:SECRET}'` needs nobody to
        exit 1
    "#]].assert_eq(&guarded.told(&refused));
    for ended in [login, called, again, logout, refused] {
        assert!(!ended.transcript().contains("s3cret"), "{ended:?}");
    }
}

#[cfg(unix)]
#[test]
fn tokens_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(3600);
    signing_in(&sandbox, &["login", &guarded.url, "--no-browser"]);
    let path = sandbox.path("state/wharf/tokens.json");
    let mut mode = std::fs::metadata(&path).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);

    mode.set_mode(0o644);
    std::fs::set_permissions(&path, mode).unwrap();
    let refused = sandbox.run(&["tools", &guarded.url]).transcript();
    let place = path.display().to_string();
    expect![[r#"
        error: cannot use the tokens in `FILE`
          cause: others can read the file with the tokens: make it 0600, and sign in anew
        exit 1
    "#]]
    .assert_eq(&refused.replace(&place, "FILE"));
}

#[test]
fn whoever_does_something_else_signs_in_on_the_way() {
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(3600);
    let ended = signing_in(&sandbox, &["tools", &guarded.url, "add", "--no-browser"]);
    expect![[r#"
        add	read	Adds
        exit 0
    "#]]
    .assert_eq(&guarded.told(&ended));
}

#[test]
fn a_token_that_ends_is_renewed_without_anybody() {
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(1);
    signing_in(&sandbox, &["login", &guarded.url, "--no-browser"]);
    for _ in 0..2 {
        let ended = sandbox.run(&["tools", &guarded.url, "add"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    let grants = guarded.grants();
    assert_eq!(grants.last().map(String::as_str), Some("refresh_token"));
    let refreshed = grants.iter().filter(|grant| *grant == "refresh_token");
    assert_eq!(refreshed.count(), 1, "{grants:?}");
    let shown = guarded.server.asked("/mcp").pop().unwrap();
    assert_eq!(
        shown.header("authorization"),
        Some("Bearer s3cret-token-renewed")
    );
}

#[test]
fn a_token_of_a_client_with_a_secret_is_renewed_with_it() {
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(1);
    let client = [
        "--client-id",
        "ours",
        "--client-secret-from",
        "${env:SECRET}",
    ];
    let login = [&["login", &guarded.url, "--no-browser"][..], &client].concat();
    let login = signing_in(&sandbox, &login);
    assert!(!login.transcript().contains("s3cret"), "{login:?}");
    assert_eq!(sandbox.run(&["tools", &guarded.url]).code, Some(0));
    let renewed = guarded.issuer.asked("/token").pop().unwrap();
    assert_eq!(
        renewed.parameter("grant_type").as_deref(),
        Some("refresh_token")
    );
    assert!(
        renewed
            .header("authorization")
            .unwrap()
            .starts_with("Basic ")
    );
    assert!(guarded.issuer.asked("/register").is_empty());
}

#[test]
fn a_program_needs_nobody_and_leaves_nothing() {
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(3600);
    let mut command = sandbox.command(&["tools", &guarded.url, "add"]);
    command.args([
        "--client-id",
        "robot",
        "--client-secret-from",
        "${env:SECRET}",
    ]);
    let ended = ended(
        command
            .env("SECRET", "s3cret-of-a-client")
            .output()
            .unwrap(),
    );
    expect![[r#"
        add	read	Adds
        exit 0
    "#]]
    .assert_eq(&guarded.told(&ended));
    assert_eq!(guarded.grants(), ["client_credentials"]);
    assert!(!sandbox.path("state/wharf/tokens.json").exists());
}

#[test]
fn a_secret_goes_to_the_issuer_that_was_named_and_to_no_other() {
    let sandbox = Sandbox::new();
    let guarded = Guarded::start(3600);
    let mut command = sandbox.command(&["tools", &guarded.url]);
    command.args([
        "--client-id",
        "robot",
        "--client-secret-from",
        "${env:SECRET}",
    ]);
    command.args(["--issuer", "https://issuer.example"]);
    let ended = ended(
        command
            .env("SECRET", "s3cret-of-a-client")
            .output()
            .unwrap(),
    );
    expect![[r#"
        error: cannot connect to `URL`
          cause: cannot get to know the server
          cause: cannot sign in at the server
          cause: tokens come from `ISSUER` now, but this client is registered with `https://issuer.example`: register it there
        hint: `--issuer URL` names the issuer to use
        exit 1
    "#]].assert_eq(&guarded.told(&ended));
    assert!(guarded.issuer.asked("/token").is_empty());
}

#[test]
fn a_server_that_asks_nobody_has_no_sign_in() {
    let sandbox = Sandbox::new();
    let server = Scripted::start(|_| legacy::answer);
    let url = format!("{}/mcp", server.base);
    let login = sandbox.run(&["login", &url]).transcript();
    expect![[r#"
        error: `URL` asked for no sign-in
        hint: it lets everybody in, as far as its list of tools goes
        exit 1
    "#]]
    .assert_eq(&login.replace(&url, "URL"));
    let logout = sandbox.run(&["logout", &url]).transcript();
    expect![[r#"
        nobody was signed in at URL
        exit 0
    "#]]
    .assert_eq(&logout.replace(&url, "URL"));
}
