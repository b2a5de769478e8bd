//! What stands in an attribute: flags, values and lists, each asked for by its name.

use proc_macro2::Span;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Expr, Ident, Lit, LitStr, Path, Result, Token, parenthesized};

/// The entries of one attribute, in the order they stand there.
#[derive(Default)]
pub(crate) struct Settings(Vec<Entry>);

struct Entry {
    key: Ident,
    value: Value,
}

enum Value {
    /// `key`
    Flag,
    /// `key = value`
    One(Expr),
    /// `key(value, value)`
    Many(Vec<Expr>),
}

impl Settings {
    /// Refuses keys that are not `known`, and those that stand there twice.
    pub(crate) fn check(self, known: &[&str]) -> Result<Self> {
        for (at, entry) in self.0.iter().enumerate() {
            let name = entry.key.to_string();
            if !known.contains(&name.as_str()) {
                return Err(Error::new(entry.key.span(), unknown(&name, known)));
            }
            if self.0[..at].iter().any(|earlier| earlier.key == name) {
                let message = format!("`{name}` stands here twice: keep one of them");
                return Err(Error::new(entry.key.span(), message));
            }
        }
        Ok(self)
    }

    /// Where `key` stands, if it does.
    pub(crate) fn span(&self, key: &str) -> Option<Span> {
        Some(self.entry(key)?.key.span())
    }

    /// `key` or `key = true` or `key = false`; `None` where it is not there.
    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>> {
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        match &entry.value {
            Value::Flag => Ok(Some(true)),
            Value::One(Expr::Lit(literal)) if let Lit::Bool(value) = &literal.lit => {
                Ok(Some(value.value))
            }
            _ => Err(entry.refusal(&format!("`{key}` or `{key} = false`"))),
        }
    }

    /// `key = "text"`.
    pub(crate) fn text(&self, key: &str) -> Result<Option<LitStr>> {
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        match &entry.value {
            Value::One(value) if let Some(text) = literal_text(value) => Ok(Some(text)),
            _ => Err(entry.refusal(&format!("`{key} = \"…\"`"))),
        }
    }

    /// `key("one", "another")` or `key = "one"`.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<LitStr>> {
        let Some(entry) = self.entry(key) else {
            return Ok(Vec::new());
        };
        let values = match &entry.value {
            Value::Flag => return Err(entry.refusal(&format!("`{key}(\"…\")`"))),
            Value::One(value) => std::slice::from_ref(value),
            Value::Many(values) => values,
        };
        let texts: Option<Vec<_>> = values.iter().map(literal_text).collect();
        texts.ok_or_else(|| entry.refusal(&format!("`{key}(\"…\", \"…\")`")))
    }

    /// `key = any expression`.
    pub(crate) fn expression(&self, key: &str) -> Result<Option<Expr>> {
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        match &entry.value {
            Value::One(value) => Ok(Some(value.clone())),
            Value::Flag | Value::Many(_) => Err(entry.refusal(&format!("`{key} = …`"))),
        }
    }

    /// `key = some::path`.
    pub(crate) fn path(&self, key: &str) -> Result<Option<Path>> {
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        match &entry.value {
            Value::One(Expr::Path(value)) => Ok(Some(value.path.clone())),
            _ => Err(entry.refusal(&format!("`{key} = some::path`"))),
        }
    }

    /// `key = "30s"`, as milliseconds.
    pub(crate) fn milliseconds(&self, key: &str) -> Result<Option<u64>> {
        let form = format!("`{key} = \"500ms\"`, `\"30s\"`, `\"5m\"` or `\"1h\"`");
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        match &entry.value {
            Value::One(value) => literal_text(value)
                .and_then(|text| milliseconds(&text.value()))
                .map(Some)
                .ok_or_else(|| entry.refusal(&form)),
            Value::Flag | Value::Many(_) => Err(entry.refusal(&form)),
        }
    }

    /// Where the framework is found.
    pub(crate) fn framework(&self) -> Result<Path> {
        Ok(self
            .path("crate")?
            .unwrap_or_else(|| syn::parse_quote!(::wharf)))
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }
}

impl Entry {
    fn refusal(&self, form: &str) -> Error {
        let span = match &self.value {
            Value::One(value) => value.span(),
            Value::Flag | Value::Many(_) => self.key.span(),
        };
        Error::new(span, format!("write {form}"))
    }
}

impl Parse for Settings {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let entries = Punctuated::<Entry, Token![,]>::parse_terminated(input)?;
        Ok(Self(entries.into_iter().collect()))
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        // `crate` is a keyword, and a key of ours.
        let key = if input.peek(Token![crate]) {
            let token: Token![crate] = input.parse()?;
            Ident::new("crate", token.span())
        } else {
            input.parse()?
        };
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::One(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let inside;
            parenthesized!(inside in input);
            let values = Punctuated::<Expr, Token![,]>::parse_terminated(&inside)?;
            Value::Many(values.into_iter().collect())
        } else {
            Value::Flag
        };
        Ok(Self { key, value })
    }
}

/// What to say of a name that is not among `known`.
fn unknown(name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .filter(|candidate| **candidate != "crate")
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min();
    match nearest {
        Some((distance, candidate)) if distance <= 3 && distance < name.len() => {
            format!("there is no `{name}` here: did you mean `{candidate}`?")
        }
        _ => {
            let known: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
            format!(
                "there is no `{name}` here: it is one of {}",
                known.join(", ")
            )
        }
    }
}

fn literal_text(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number
        .checked_mul(unit)
        .filter(|milliseconds| *milliseconds > 0)
}

/// A legal name of a tool or prompt, at the token that gives it.
///
/// # Errors
///
/// Names what the specification does not allow (2025-11-25, tools, tool names).
pub(crate) fn legal_name(name: &str, at: impl ToTokens) -> Result<()> {
    let bad = name
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')));
    let problem = match bad {
        Some(found) => format!("{found:?} is not allowed in it"),
        None if name.is_empty() => "it is empty".to_owned(),
        None if name.len() > 64 => format!("it has {} characters, and 64 are allowed", name.len()),
        None => return Ok(()),
    };
    let message = format!(
        "`{name}` is no legal name, since {problem}: write letters, digits, `_`, `-` and `.`"
    );
    Err(Error::new_spanned(at, message))
}
