//! `#[resource("uri")]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Error, Ident, LitStr, Path, Result, Token};

use crate::attribute::Settings;
use crate::function::{Function, placed};
use crate::template::variables;
use crate::tool::{free_function, itself, maker, receiver_clone};

const KEYS: &[&str] = &["name", "title", "mime", "icons", "crate"];

/// A URI or a pattern of URIs, and what else there is to say.
pub(crate) struct Attribute {
    uri: LitStr,
    settings: Settings,
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let uri: LitStr = input.parse().map_err(|error| {
            let message = "write the resource's URI first: `#[resource(\"notes://{id}\")]`";
            Error::new(error.span(), message)
        })?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let settings = input.parse::<Settings>()?.check(KEYS)?;
        Ok(Self { uri, settings })
    }
}

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let attribute: Attribute = syn::parse2(attribute)?;
    let (function, item) = free_function(item, "resource")?;
    let framework = attribute.settings.framework()?;
    let resource = expression(&function, &attribute, &framework, &itself(&function))?;
    Ok(maker(
        &function,
        &item,
        "resource",
        &quote!(#framework::Resource),
        &resource,
    ))
}

/// An expression of type `Resource` for the function that is found under `path`.
pub(crate) fn expression(
    function: &Function,
    attribute: &Attribute,
    framework: &Path,
    path: &TokenStream,
) -> Result<TokenStream> {
    check_variables(function, &attribute.uri)?;
    let (uri, settings) = (&attribute.uri, &attribute.settings);
    let reads = function.arguments().map(|argument| {
        let (name, kind) = (&argument.name, &argument.kind);
        let text = name.to_string();
        quote_spanned!(kind.span()=> let #name: #kind = call.variable(#text)?;)
    });
    let completions = function.arguments().filter_map(|argument| {
        let (name, complete) = (argument.name.to_string(), argument.complete.as_ref()?);
        Some(quote!(.completes(#name, #complete)))
    });
    let (extraction, needs) = (function.extraction(framework), function.needs());
    let invocation = function.invocation(path);
    let reply = if function.is_fallible() {
        "contents_result"
    } else {
        "contents"
    };
    let at = function.output_span();
    let (path, reply) = (placed(framework, at), Ident::new(reply, at));
    let reply = quote_spanned!(at=> #path::__private::#reply(#invocation));
    let clone = receiver_clone(function);
    let described = described(function, settings)?;
    Ok(quote! {
        #framework::Resource::new(#uri, move |call| {
            #clone
            ::std::boxed::Box::pin(async move {
                #(#reads)*
                #extraction
                #reply
            })
        })
        #described
        #(#completions)*
        #needs
        .defined_at(::core::file!(), ::core::line!())
    })
}

fn described(function: &Function, settings: &Settings) -> Result<TokenStream> {
    let name = settings
        .text("name")?
        .map_or_else(|| function.public_name(), |it| it.value());
    let description = function
        .documentation
        .as_ref()
        .map(|text| quote!(.description(#text)));
    let title = settings.text("title")?.map(|text| quote!(.title(#text)));
    let mime = settings.text("mime")?.map(|text| quote!(.mime(#text)));
    let icons = settings.texts("icons")?;
    let icons = (!icons.is_empty()).then(|| quote!(.icons([#(#icons),*])));
    Ok(quote!(.name(#name) #description #title #mime #icons))
}

/// Every variable is an argument, and every argument a variable.
fn check_variables(function: &Function, uri: &LitStr) -> Result<()> {
    let variables = variables(uri)?;
    for argument in function.arguments() {
        if !variables.iter().any(|variable| argument.name == variable) {
            let message = format!(
                "the URI has no `{{{0}}}`, so nothing can fill this: write it into the URI, or \
                 take `{0}` away",
                argument.name
            );
            return Err(Error::new_spanned(&argument.name, message));
        }
    }
    for variable in &variables {
        if !function
            .arguments()
            .any(|argument| argument.name == variable)
        {
            let message =
                format!("`{{{variable}}}` reaches nobody: add an argument `{variable}: String`");
            return Err(Error::new_spanned(uri, message));
        }
    }
    Ok(())
}
