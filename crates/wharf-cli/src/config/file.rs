//! The config as its author typed it: every value with its place, nothing interpreted. What has
//! another shape than the table of keys says is reported by [`super::shape`] and missing here.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text<'a> {
    pub raw: &'a str,
    pub at: Range<usize>,
}

/// A number or a text that says one, like `8MiB`.
#[derive(Clone, Debug)]
pub(super) struct Quantity<'a>(pub Text<'a>);

#[derive(Debug, Default)]
pub(super) struct File<'a> {
    pub server: Server<'a>,
    pub upstreams: Vec<Upstream<'a>>,
    pub rules: Vec<Rule<'a>>,
}

#[derive(Debug, Default)]
pub(super) struct Server<'a> {
    pub listen: Option<Text<'a>>,
    pub insecure_listen: Option<bool>,
    pub store: Option<Text<'a>>,
    pub allowed_hosts: Vec<Text<'a>>,
    pub allowed_origins: Vec<Text<'a>>,
    pub max_concurrent: Option<Text<'a>>,
    pub max_request_bytes: Option<Quantity<'a>>,
}

#[derive(Debug)]
pub(super) struct Upstream<'a> {
    pub name: Text<'a>,
    pub openapi: Option<Text<'a>>,
    pub base_url: Option<Text<'a>>,
    pub auth: Vec<Auth<'a>>,
    pub credential_hosts: Vec<Text<'a>>,
    pub namespace: Option<Text<'a>>,
    pub headers: Vec<(Text<'a>, Text<'a>)>,
    pub timeout: Option<Text<'a>>,
    pub retries: Option<Text<'a>>,
    pub max_answer_bytes: Option<Quantity<'a>>,
    pub refresh: Option<Text<'a>>,
    pub output_schemas: Option<bool>,
}

#[derive(Debug)]
pub(super) struct Auth<'a> {
    pub kind: Option<AuthKind<'a>>,
    pub scheme: Option<Text<'a>>,
}

#[derive(Debug)]
pub(super) enum AuthKind<'a> {
    Bearer(Text<'a>),
    Basic {
        username: Text<'a>,
        password: Text<'a>,
    },
    ApiKey {
        value: Text<'a>,
        place: Option<(Carrier, Text<'a>)>,
    },
    OAuth2 {
        token_url: Text<'a>,
        client_id: Text<'a>,
        client_secret: Text<'a>,
        scopes: Vec<Text<'a>>,
        audience: Option<Text<'a>>,
    },
}

/// What carries a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Carrier {
    Header,
    Query,
    Cookie,
}

#[derive(Debug)]
pub(super) struct Rule<'a> {
    pub allow: Vec<Text<'a>>,
    pub deny: Vec<Text<'a>>,
    pub to: Vec<Text<'a>>,
    pub effect: Vec<Text<'a>>,
}

impl<'a> File<'a> {
    pub(super) fn read(table: &'a DeTable<'a>) -> Self {
        let root = Fields(table);
        Self {
            server: root.table("server").map(Server::read).unwrap_or_default(),
            upstreams: root
                .named("upstream")
                .map(|(name, fields)| Upstream::read(name, fields))
                .collect(),
            rules: root.tables("rule").map(Rule::read).collect(),
        }
    }
}

impl<'a> Server<'a> {
    fn read(fields: Fields<'a>) -> Self {
        Self {
            listen: fields.text("listen"),
            insecure_listen: fields.boolean("insecure_listen"),
            store: fields.text("store"),
            allowed_hosts: fields.texts("allowed_hosts"),
            allowed_origins: fields.texts("allowed_origins"),
            max_concurrent: fields.integer("max_concurrent"),
            max_request_bytes: fields.quantity("max_request_bytes"),
        }
    }
}

impl<'a> Upstream<'a> {
    fn read(name: Text<'a>, fields: Fields<'a>) -> Self {
        Self {
            name,
            openapi: fields.text("openapi"),
            base_url: fields.text("base_url"),
            auth: fields.tables("auth").map(Auth::read).collect(),
            credential_hosts: fields.texts("credential_hosts"),
            namespace: fields.text("namespace"),
            headers: fields.pairs("headers"),
            timeout: fields.text("timeout"),
            retries: fields.integer("retries"),
            max_answer_bytes: fields.quantity("max_answer_bytes"),
            refresh: fields.text("refresh"),
            output_schemas: fields.boolean("output_schemas"),
        }
    }
}

impl<'a> Auth<'a> {
    fn read(fields: Fields<'a>) -> Self {
        let bearer = || fields.text("bearer").map(AuthKind::Bearer);
        let basic = || fields.table("basic").and_then(AuthKind::basic);
        let api_key = || AuthKind::api_key(fields);
        let oauth2 = || fields.table("oauth2").and_then(AuthKind::oauth2);
        Self {
            kind: bearer().or_else(basic).or_else(api_key).or_else(oauth2),
            scheme: fields.text("scheme"),
        }
    }
}

impl<'a> AuthKind<'a> {
    fn basic(fields: Fields<'a>) -> Option<Self> {
        Some(Self::Basic {
            username: fields.text("username")?,
            password: fields.text("password")?,
        })
    }

    fn api_key(fields: Fields<'a>) -> Option<Self> {
        if let Some(value) = fields.text("api_key") {
            return Some(Self::ApiKey { value, place: None });
        }
        let table = fields.table("api_key")?;
        let carriers = [
            ("header", Carrier::Header),
            ("query", Carrier::Query),
            ("cookie", Carrier::Cookie),
        ];
        let place = carriers
            .into_iter()
            .find_map(|(key, carrier)| Some((carrier, table.text(key)?)));
        Some(Self::ApiKey {
            value: table.text("value")?,
            place,
        })
    }

    fn oauth2(fields: Fields<'a>) -> Option<Self> {
        Some(Self::OAuth2 {
            token_url: fields.text("token_url")?,
            client_id: fields.text("client_id")?,
            client_secret: fields.text("client_secret")?,
            scopes: fields.texts("scopes"),
            audience: fields.text("audience"),
        })
    }
}

impl<'a> Rule<'a> {
    fn read(fields: Fields<'a>) -> Self {
        Self {
            allow: fields.texts("allow"),
            deny: fields.texts("deny"),
            to: fields.texts("to"),
            effect: fields.texts("effect"),
        }
    }
}

/// A table whose values are asked for by key and shape.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a DeTable<'a>);

impl<'a> Fields<'a> {
    fn value(self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.0.get(key)
    }

    fn text(self, key: &str) -> Option<Text<'a>> {
        Text::of(self.value(key)?)
    }

    /// One text or an array of them.
    fn texts(self, key: &str) -> Vec<Text<'a>> {
        match self.value(key).map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Array(items))) => items.iter().filter_map(Text::of).collect(),
            Some((value, _)) => Text::of(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The digits of an integer.
    fn integer(self, key: &str) -> Option<Text<'a>> {
        let value = self.value(key)?;
        Some(Text {
            raw: value.get_ref().as_integer()?.as_str(),
            at: value.span(),
        })
    }

    fn quantity(self, key: &str) -> Option<Quantity<'a>> {
        self.integer(key).or_else(|| self.text(key)).map(Quantity)
    }

    fn boolean(self, key: &str) -> Option<bool> {
        self.value(key)?.get_ref().as_bool()
    }

    fn table(self, key: &str) -> Option<Self> {
        self.value(key)?.get_ref().as_table().map(Fields)
    }

    /// One table or an array of them.
    fn tables(self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        let value = self.value(key).map(Spanned::get_ref);
        let one = value.and_then(DeValue::as_table);
        let several = value
            .and_then(DeValue::as_array)
            .into_iter()
            .flat_map(|items| items.iter());
        one.into_iter()
            .chain(several.filter_map(|item| item.get_ref().as_table()))
            .map(Fields)
    }

    fn named(self, key: &str) -> impl Iterator<Item = (Text<'a>, Self)> + use<'a> {
        let tables = self.table(key).into_iter().flat_map(|table| table.0.iter());
        tables.filter_map(|(name, value)| {
            Some((Text::key(name), Fields(value.get_ref().as_table()?)))
        })
    }

    fn pairs(self, key: &str) -> Vec<(Text<'a>, Text<'a>)> {
        let table = self.table(key).into_iter().flat_map(|table| table.0.iter());
        table
            .filter_map(|(name, value)| Some((Text::key(name), Text::of(value)?)))
            .collect()
    }
}

impl<'a> Text<'a> {
    fn of(value: &'a Spanned<DeValue<'a>>) -> Option<Self> {
        Some(Self {
            raw: value.get_ref().as_str()?,
            at: value.span(),
        })
    }

    fn key(name: &'a Spanned<Cow<'a, str>>) -> Self {
        Self {
            raw: name.get_ref(),
            at: name.span(),
        }
    }
}
