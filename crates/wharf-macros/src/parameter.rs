//! The parameters of a function: what the caller sends, and what the framework hands in.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, FnArg, Ident, Pat, PatType, Path, Result, Type};

use crate::attribute::Settings;
use crate::documentation;

/// Types of the framework that are handed in, known by their names. A type of the user's own needs
/// `#[extract]`.
const EXTRACTORS: &[&str] = &[
    "Announce",
    "Ask",
    "Caller",
    "Cancellation",
    "Log",
    "Metadata",
    "Progress",
    "State",
];

/// One parameter.
pub(crate) enum Parameter {
    Argument(Box<Argument>),
    Extracted(Box<Type>),
}

/// What the caller sends.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) kind: Type,
    pub(crate) documentation: Option<String>,
    pub(crate) default: Option<Expr>,
    pub(crate) range: Option<Expr>,
    pub(crate) length: Option<Expr>,
    pub(crate) complete: Option<Path>,
    /// Doc comments, `serde` and `schemars` attributes, for the struct that is read.
    passed: Vec<Attribute>,
}

impl Parameter {
    /// Reads one parameter, and takes from it the attributes that only we understand.
    pub(crate) fn take(input: &mut PatType) -> Result<Self> {
        let attributes = std::mem::take(&mut input.attrs);
        let marked = |name: &str| attributes.iter().any(|it| it.path().is_ident(name));
        if marked("extract") || (!marked("arg") && is_extractor(&input.ty)) {
            return Ok(Self::Extracted(input.ty.clone()));
        }
        Ok(Self::Argument(Box::new(Argument::read(input, attributes)?)))
    }

    /// The receiver of a method, where there must be none.
    pub(crate) fn refuse_receiver(input: &FnArg) -> Error {
        Error::new_spanned(
            input,
            "a method becomes a tool in its `impl` block: write `#[wharf::tools]` above the block, \
             and keep `#[tool]` here",
        )
    }
}

impl Argument {
    fn read(input: &PatType, attributes: Vec<Attribute>) -> Result<Self> {
        let name = name(&input.pat)?;
        check_type(&input.ty)?;
        let settings = match attributes.iter().find(|it| it.path().is_ident("arg")) {
            None => Settings::default(),
            Some(attribute) => attribute.parse_args()?,
        };
        let settings = settings.check(&["default", "range", "length", "complete"])?;
        let documentation = documentation::text(&attributes);
        let passed = attributes.into_iter().filter(|attribute| {
            ["doc", "serde", "schemars"]
                .iter()
                .any(|known| attribute.path().is_ident(known))
        });
        Ok(Self {
            name,
            kind: (*input.ty).clone(),
            documentation,
            default: settings.expression("default")?,
            range: settings.expression("range")?,
            length: settings.expression("length")?,
            complete: settings.path("complete")?,
            passed: passed.collect(),
        })
    }

    /// This argument as a field of the struct that is read from what the caller sends.
    pub(crate) fn field(&self) -> Result<TokenStream> {
        let Self {
            name, kind, passed, ..
        } = self;
        let default = self.default.as_ref().map(|_| {
            let function = self.default_function().to_string();
            quote!(#[serde(default = #function)])
        });
        let range = bounds(self.range.as_ref(), "range")?;
        let length = bounds(self.length.as_ref(), "length")?;
        Ok(quote!(#(#passed)* #default #range #length #name: #kind))
    }

    /// The function that makes the default, where there is one.
    pub(crate) fn default_item(&self) -> Option<TokenStream> {
        let Self { kind, .. } = self;
        let (value, function) = (self.default.as_ref()?, self.default_function());
        let value = match value {
            // So that `default = "metric"` does for a `String`.
            Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)) => {
                quote!(::core::convert::Into::into(#value))
            }
            _ => value.to_token_stream(),
        };
        Some(quote!(fn #function() -> #kind { #value }))
    }

    fn default_function(&self) -> Ident {
        quote::format_ident!("__default_{}", self.name)
    }
}

/// The name of an argument, which is the name that the model writes.
fn name(pattern: &Pat) -> Result<Ident> {
    match pattern {
        Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => {
            Ok(name.ident.clone())
        }
        _ => Err(Error::new_spanned(
            pattern,
            "the model fills arguments by name: write a plain name here, and take the value apart \
             in the body",
        )),
    }
}

fn check_type(kind: &Type) -> Result<()> {
    let message = match kind {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => {
                "an argument belongs to the call: write `String`".to_owned()
            }
            Type::Slice(slice) => format!(
                "an argument belongs to the call: write `Vec<{}>`",
                slice.elem.to_token_stream()
            ),
            other => format!(
                "an argument belongs to the call: write `{}` without `&`",
                other.to_token_stream()
            ),
        },
        Type::ImplTrait(_) => {
            "the schema of an argument must be known: write a type in place of `impl …`".to_owned()
        }
        _ => return Ok(()),
    };
    Err(Error::new(kind.span(), message))
}

fn is_extractor(kind: &Type) -> bool {
    let Type::Path(path) = kind else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|segment| EXTRACTORS.iter().any(|known| segment.ident == known))
}

/// `1..=7` as what `schemars` calls a range or a length.
fn bounds(value: Option<&Expr>, key: &str) -> Result<Option<TokenStream>> {
    let Some(value) = value else {
        return Ok(None);
    };
    let Expr::Range(range) = value else {
        let message = format!("write a range: `{key} = 1..=100`");
        return Err(Error::new_spanned(value, message));
    };
    if matches!(range.limits, syn::RangeLimits::HalfOpen(_)) && range.end.is_some() {
        let message = "write the last value that is allowed: `1..=100`";
        return Err(Error::new_spanned(range, message));
    }
    let least = range.start.as_ref().map(|start| quote!(min = #start));
    let most = range.end.as_ref().map(|end| quote!(max = #end));
    let limits = [least, most].into_iter().flatten();
    let key = Ident::new(key, value.span());
    Ok(Some(quote!(#[schemars(#key(#(#limits),*))])))
}
