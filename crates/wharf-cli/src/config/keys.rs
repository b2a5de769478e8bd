//! Every key of `wharf.toml`, in one table. It drives what is read and refused, the nearest-key
//! hints, the JSON Schema and the reference manual.

use self::Shape::{Boolean, Integer, List, Named, Table, Tables, Text, Texts};

/// What stands between `[` and `]`, or between `{` and `}`.
#[derive(Debug)]
pub(crate) struct Section {
    /// What it describes, as a sentence of the manual.
    pub doc: &'static str,
    pub keys: &'static [Key],
    /// Of these keys exactly one must be there; empty where there is no such choice.
    pub exactly_one: &'static [&'static str],
}

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    pub name: &'static str,
    /// Values of any of these shapes are taken.
    pub shapes: &'static [Shape],
    pub doc: &'static str,
    /// What holds where the key is missing, as TOML; `None` where nothing does.
    pub default: Option<&'static str>,
    pub required: bool,
    /// Known, and refused: what it asks for comes with a later version.
    pub later: bool,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text(Format),
    Integer,
    Boolean,
    /// An array of texts.
    List(Format),
    /// A table in which every name stands for a text.
    Texts,
    Table(&'static Section),
    Tables(&'static Section),
    /// A table of tables, each under a name of its own.
    Named(&'static Section),
}

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Plain,
    /// `60s`, `1m30s`, `500ms`.
    Duration,
    /// The same, or `never`.
    DurationOrNever,
    /// `8MiB`, `500kB`.
    Size,
    /// A secret, which should be a reference.
    Secret,
    /// One of these.
    Words(&'static [&'static str]),
}

impl Section {
    /// Of which keys exactly one must be there, those left out that come later.
    pub(crate) fn choice(&self) -> Vec<&'static str> {
        let now = self
            .keys
            .iter()
            .filter(|key| !key.later)
            .map(|key| key.name);
        now.filter(|name| self.exactly_one.contains(name)).collect()
    }
}

impl Key {
    const fn new(name: &'static str, shapes: &'static [Shape], doc: &'static str) -> Self {
        Self {
            name,
            shapes,
            doc,
            default: None,
            required: false,
            later: false,
        }
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn later(mut self) -> Self {
        self.later = true;
        self
    }
}

const TEXT: &[Shape] = &[Text(Format::Plain)];
const TEXT_OR_LIST: &[Shape] = &[Text(Format::Plain), List(Format::Plain)];
const LIST: &[Shape] = &[List(Format::Plain)];
const SECRET: &[Shape] = &[Text(Format::Secret)];
const DURATION: &[Shape] = &[Text(Format::Duration)];
const SIZE: &[Shape] = &[Text(Format::Size), Integer];

/// What a rule may say of effects.
pub(crate) const EFFECTS: &[&str] = &["read", "write", "destructive"];

/// The file as a whole.
pub(crate) static FILE: Section = Section {
    doc: "The config of one gateway.",
    exactly_one: &[],
    keys: &[
        Key::new(
            "server",
            &[Table(&SERVER)],
            "Where the gateway listens, and what it keeps.",
        ),
        Key::new(
            "upstream",
            &[Named(&UPSTREAM)],
            "The systems behind the gateway, each under a name of `a-z`, `0-9`, `_` and `-`, at most 32 of them.",
        ),
        Key::new(
            "rule",
            &[Tables(&RULE)],
            "Who may use what. A matching `deny` wins over every `allow`, wherever the two stand. \
             What no rule speaks of is allowed if it only reads, and denied if it writes; with no \
             rules at all everything is allowed.",
        ),
    ],
};

static SERVER: Section = Section {
    doc: "Where the gateway listens, and what it keeps.",
    exactly_one: &[],
    keys: &[
        Key::new("listen", TEXT, "Address and port; MCP is at `/mcp`. Port 0 takes any free one.")
            .or("\"127.0.0.1:7777\""),
        Key::new(
            "insecure_listen",
            &[Boolean],
            "Whether `listen` may be reachable from other machines. Nobody has to log in: whoever \
             reaches the port may do what the rules allow everybody.",
        )
        .or("false"),
        Key::new(
            "store",
            TEXT,
            "Where the audit log is kept: `sqlite:PATH`, relative to this file, or `sqlite::memory:`.",
        )
        .or("\"sqlite:wharf.db\""),
        Key::new(
            "allowed_hosts",
            LIST,
            "Names beside those of the loopback interface under which clients may call, as `name` or `name:port`.",
        )
        .or("[]"),
        Key::new(
            "allowed_origins",
            LIST,
            "Web pages that may call, as `scheme://host` or `scheme://host:port`.",
        )
        .or("[]"),
        Key::new("max_concurrent", &[Integer], "Requests answered at one time; one more is told to come back.")
            .or("1024"),
        Key::new("max_request_bytes", SIZE, "Largest body of a request.").or("\"4MiB\""),
    ],
};

static UPSTREAM: Section = Section {
    doc: "One system behind the gateway.",
    exactly_one: &["openapi", "mcp", "command", "sql"],
    keys: &[
        Key::new(
            "openapi",
            TEXT,
            "Its API document, Swagger 2.0 to OpenAPI 3.2: a URL, or a path relative to this file.",
        ),
        Key::new("mcp", TEXT, "The URL of an MCP server.").later(),
        Key::new("command", TEXT_OR_LIST, "The command of an MCP server on standard streams.").later(),
        Key::new("sql", TEXT, "The URL of a database.").later(),
        Key::new("base_url", TEXT, "The address of the API, in place of what its document says."),
        Key::new(
            "auth",
            &[Table(&AUTH), Tables(&AUTH)],
            "Its credentials: one, or an array of several. Which of them an operation gets, its document says.",
        ),
        Key::new(
            "credential_hosts",
            LIST,
            "Hosts beside the API's own that may be given its credentials, as `host` or `host:port`.",
        )
        .or("[]"),
        Key::new("namespace", TEXT, "Stands before the names of its tools; `\"\"` for nothing. Default: the upstream's name."),
        Key::new("headers", &[Texts], "Sent with every request.").or("{}"),
        Key::new("timeout", DURATION, "Longest time for one call, retries included.").or("\"60s\""),
        Key::new("retries", &[Integer], "How often a call that may be repeated is repeated, at most 10.").or("2"),
        Key::new("max_answer_bytes", SIZE, "Largest answer that is read; a longer one is cut.").or("\"8MiB\""),
        Key::new(
            "refresh",
            &[Text(Format::DurationOrNever)],
            "How often the document is asked for again, or `never`.",
        )
        .or("\"60s\""),
        Key::new("output_schemas", &[Boolean], "Whether lists show output schemas, which are most of a list's bytes.")
            .or("false"),
    ],
};

static AUTH: Section = Section {
    doc: "One credential.",
    exactly_one: &["bearer", "basic", "api_key", "oauth2"],
    keys: &[
        Key::new(
            "bearer",
            SECRET,
            "A token, sent as `Authorization: Bearer …`.",
        ),
        Key::new("basic", &[Table(&BASIC)], "A user and a password."),
        Key::new(
            "api_key",
            &[Text(Format::Secret), Table(&API_KEY)],
            "A key; where it goes, the document says, or this table.",
        ),
        Key::new(
            "oauth2",
            &[Table(&OAUTH2)],
            "A token that is fetched with client credentials.",
        ),
        Key::new(
            "scheme",
            TEXT,
            "The security scheme of the document that it answers. Default: whichever fits.",
        ),
    ],
};

static BASIC: Section = Section {
    doc: "A user and a password.",
    exactly_one: &[],
    keys: &[
        Key::new("username", TEXT, "The user.").required(),
        Key::new("password", SECRET, "The password.").required(),
    ],
};

static API_KEY: Section = Section {
    doc: "A key and where it goes.",
    exactly_one: &["header", "query", "cookie"],
    keys: &[
        Key::new("value", SECRET, "The key.").required(),
        Key::new("header", TEXT, "The header that carries it."),
        Key::new("query", TEXT, "The query parameter that carries it."),
        Key::new("cookie", TEXT, "The cookie that carries it."),
    ],
};

static OAUTH2: Section = Section {
    doc: "Client credentials (RFC 6749, section 4.4).",
    exactly_one: &[],
    keys: &[
        Key::new("token_url", TEXT, "Where tokens are issued.").required(),
        Key::new("client_id", TEXT, "The client.").required(),
        Key::new("client_secret", SECRET, "Its secret.").required(),
        Key::new("scopes", LIST, "What to ask for.").or("[]"),
        Key::new(
            "audience",
            TEXT,
            "What the token is for, where the issuer wants to know.",
        ),
    ],
};

static RULE: Section = Section {
    doc: "One rule.",
    exactly_one: &["allow", "deny", "approve"],
    keys: &[
        Key::new(
            "allow",
            TEXT_OR_LIST,
            "Tools that may be used: globs over `upstream.tool`.",
        ),
        Key::new(
            "deny",
            TEXT_OR_LIST,
            "Tools that may not be used, whatever other rules say.",
        ),
        Key::new(
            "approve",
            TEXT_OR_LIST,
            "Tools that a person is asked about.",
        )
        .later(),
        Key::new(
            "to",
            TEXT_OR_LIST,
            "Whom it speaks of: `*`, `user:NAME` or `group:NAME`. Default: everybody.",
        ),
        Key::new(
            "effect",
            &[Text(Format::Words(EFFECTS)), List(Format::Words(EFFECTS))],
            "Narrows it to tools that read, write or destroy. Default: all.",
        ),
        Key::new("when", TEXT, "A condition on the call.").later(),
    ],
};
