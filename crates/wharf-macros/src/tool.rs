//! `#[tool]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Error, Ident, ItemFn, Path, Result};

use crate::attribute::Settings;
use crate::function::{Function, placed};
use crate::parameter::{Argument, Parameter};

pub(crate) const KEYS: &[&str] = &[
    "name",
    "title",
    "read_only",
    "destructive",
    "idempotent",
    "open_world",
    "scopes",
    "timeout",
    "tags",
    "icons",
    "task",
    "view",
    "crate",
];

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let settings: Settings = syn::parse2(attribute)?;
    let settings = settings.check(KEYS)?;
    let (function, item) = free_function(item, "tool")?;
    let framework = settings.framework()?;
    let tool = expression(&function, &settings, &framework, &itself(&function))?;
    Ok(maker(
        &function,
        &item,
        "tool",
        &quote!(#framework::Tool),
        &tool,
    ))
}

/// A function outside an `impl` block, free of what only we understand.
pub(crate) fn free_function(item: TokenStream, what: &str) -> Result<(Function, ItemFn)> {
    if let Ok(block) = syn::parse2::<syn::ItemImpl>(item.clone()) {
        return Err(Error::new(
            block.impl_token.span,
            "write `#[wharf::tools]` above an `impl` block",
        ));
    }
    let mut item: ItemFn = syn::parse2(item.clone()).map_err(|error| {
        let message = format!("`#[{what}]` stands above a function: {error}");
        Error::new(error.span(), message)
    })?;
    if let Some(receiver) = item.sig.inputs.first()
        && item.sig.receiver().is_some()
    {
        return Err(Parameter::refuse_receiver(receiver));
    }
    let function = Function::take(&item.attrs, &mut item.sig)?;
    Ok((function, item))
}

/// Where the function itself is found, once its name means what is made of it.
pub(crate) fn itself(function: &Function) -> TokenStream {
    let name = &function.name;
    quote!(#name::call)
}

/// Under the function's name, a function that makes what it is to be served as; and beside it, as
/// `name::call`, the function itself.
pub(crate) fn maker(
    function: &Function,
    item: &ItemFn,
    what: &str,
    kind: &TokenStream,
    made: &TokenStream,
) -> TokenStream {
    let (name, visibility) = (&function.name, &item.vis);
    let documentation: Vec<_> = item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .collect();
    let mut own = item.clone();
    own.sig.ident = Ident::new("call", name.span());
    let beside =
        format!("What the {what} `{name}` does: [`call`](Self::call) is the function itself.");
    let warning = function.documentation_warning(what);
    quote! {
        #(#documentation)*
        #visibility fn #name() -> #kind {
            #made
        }

        #[doc = #beside]
        #[allow(non_camel_case_types, reason = "it has the name of its function")]
        #[derive(Debug)]
        #visibility enum #name {}

        impl #name {
            #own
        }

        #warning
    }
}

/// An expression of type `Tool` for the function that is found under `path`.
pub(crate) fn expression(
    function: &Function,
    settings: &Settings,
    framework: &Path,
    path: &TokenStream,
) -> Result<TokenStream> {
    let name = function.name_or(settings.text("name")?.as_ref())?;
    let arguments = arguments_struct(function, framework)?;
    let names = function.arguments().map(|argument| &argument.name);
    let (extraction, needs) = (function.extraction(framework), function.needs());
    let invocation = function.invocation(path);
    let value = function.value_type(framework);
    let reply = if function.is_fallible() {
        "result"
    } else {
        "value"
    };
    let at = function.output_span();
    let (path, reply) = (placed(framework, at), Ident::new(reply, at));
    let reply = quote_spanned!(at=> #path::__private::#reply(#invocation));
    let (clone, described) = (receiver_clone(function), described(function, settings)?);
    Ok(quote! {{
        #arguments
        #framework::Tool::new(#name, move |call| {
            #clone
            ::std::boxed::Box::pin(async move {
                let __Arguments { #(#names),* } = call.arguments()?;
                #extraction
                #reply
            })
        })
        .takes::<__Arguments>()
        .returns::<#value>()
        #described
        #needs
        .defined_at(::core::file!(), ::core::line!())
    }})
}

/// Each call of a method has its own hold on the object.
pub(crate) fn receiver_clone(function: &Function) -> Option<TokenStream> {
    function
        .receiver
        .then(|| quote!(let this = ::std::sync::Arc::clone(&this);))
}

/// The struct that the caller's arguments are read into, and its schema is made from.
fn arguments_struct(function: &Function, framework: &Path) -> Result<TokenStream> {
    let fields: Vec<_> = function
        .arguments()
        .map(Argument::field)
        .collect::<Result<_>>()?;
    let defaults = function.arguments().filter_map(Argument::default_item);
    let serde = quote!(#framework::__private::serde).to_string();
    let schemars = quote!(#framework::__private::schemars).to_string();
    Ok(quote! {
        #[derive(
            #framework::__private::serde::Deserialize,
            #framework::__private::schemars::JsonSchema
        )]
        #[serde(crate = #serde, deny_unknown_fields)]
        #[schemars(crate = #schemars)]
        struct __Arguments {
            #(#fields),*
        }
        #(#defaults)*
    })
}

/// What the attribute and the doc comment say, as calls on the tool.
fn described(function: &Function, settings: &Settings) -> Result<TokenStream> {
    let description = function
        .documentation
        .as_ref()
        .map(|text| quote!(.description(#text)));
    let title = settings.text("title")?.map(|text| quote!(.title(#text)));
    let view = settings.text("view")?.map(|uri| quote!(.view(#uri)));
    let task = settings.flag("task")?.map(|value| quote!(.task(#value)));
    let timeout = settings
        .milliseconds("timeout")?
        .map(|milliseconds| quote!(.timeout(::core::time::Duration::from_millis(#milliseconds))));
    let listed = |key: &str, method: TokenStream| -> Result<_> {
        let texts = settings.texts(key)?;
        Ok((!texts.is_empty()).then(|| quote!(.#method([#(#texts),*]))))
    };
    let scopes = listed("scopes", quote!(scopes))?;
    let tags = listed("tags", quote!(tags))?;
    let icons = listed("icons", quote!(icons))?;
    let hints = hints(settings)?;
    Ok(quote!(#description #title #hints #scopes #timeout #tags #icons #task #view))
}

fn hints(settings: &Settings) -> Result<TokenStream> {
    if settings.flag("read_only")? == Some(true)
        && settings.flag("destructive")? == Some(true)
        && let Some(span) = settings.span("destructive")
    {
        return Err(Error::new(
            span,
            "a tool that is `read_only` destroys nothing: keep one of the two",
        ));
    }
    let hint = |key: &str, method: TokenStream| -> Result<_> {
        Ok(settings.flag(key)?.map(|value| quote!(.#method(#value))))
    };
    let read_only = hint("read_only", quote!(read_only))?;
    let destructive = hint("destructive", quote!(destructive))?;
    let idempotent = hint("idempotent", quote!(idempotent))?;
    let open_world = hint("open_world", quote!(open_world))?;
    Ok(quote!(#read_only #destructive #idempotent #open_world))
}
