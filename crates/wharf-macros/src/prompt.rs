//! `#[prompt]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericArgument, Ident, Path, PathArguments, Result, Type};

use crate::attribute::Settings;
use crate::function::{Function, placed};
use crate::parameter::Argument;
use crate::tool::{free_function, itself, maker, receiver_clone};

pub(crate) const KEYS: &[&str] = &["name", "title", "icons", "crate"];

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let settings: Settings = syn::parse2(attribute)?;
    let settings = settings.check(KEYS)?;
    let (function, item) = free_function(item, "prompt")?;
    let framework = settings.framework()?;
    let prompt = expression(&function, &settings, &framework, &itself(&function))?;
    Ok(maker(
        &function,
        &item,
        "prompt",
        &quote!(#framework::Prompt),
        &prompt,
    ))
}

/// An expression of type `Prompt` for the function that is found under `path`.
pub(crate) fn expression(
    function: &Function,
    settings: &Settings,
    framework: &Path,
    path: &TokenStream,
) -> Result<TokenStream> {
    let reads = function.arguments().map(read);
    let declared = function.arguments().map(declaration);
    let (extraction, needs) = (function.extraction(framework), function.needs());
    let invocation = function.invocation(path);
    let reply = if function.is_fallible() {
        "messages_result"
    } else {
        "messages"
    };
    let at = function.output_span();
    let (path, reply) = (placed(framework, at), Ident::new(reply, at));
    let reply = quote_spanned!(at=> #path::__private::#reply(#invocation));
    let clone = receiver_clone(function);
    let name = function.name_or(settings.text("name")?.as_ref())?;
    let description = function
        .documentation
        .as_ref()
        .map(|text| quote!(.description(#text)));
    let title = settings.text("title")?.map(|text| quote!(.title(#text)));
    let icons = settings.texts("icons")?;
    let icons = (!icons.is_empty()).then(|| quote!(.icons([#(#icons),*])));
    Ok(quote! {
        #framework::Prompt::new(#name, move |call| {
            #clone
            ::std::boxed::Box::pin(async move {
                #(#reads)*
                #extraction
                #reply
            })
        })
        #description #title #icons
        #(#declared)*
        #needs
        .defined_at(::core::file!(), ::core::line!())
    })
}

/// A client sends texts; what they mean is read here.
fn read(argument: &Argument) -> TokenStream {
    let (name, kind) = (&argument.name, &argument.kind);
    let text = name.to_string();
    match (optional(kind), &argument.default) {
        (Some(inner), _) => {
            quote_spanned!(kind.span()=> let #name = call.optional::<#inner>(#text)?;)
        }
        (None, Some(default)) => quote_spanned!(kind.span()=>
            let #name = match call.optional::<#kind>(#text)? {
                ::core::option::Option::Some(value) => value,
                ::core::option::Option::None => ::core::convert::Into::into(#default),
            };
        ),
        (None, None) => quote_spanned!(kind.span()=> let #name: #kind = call.variable(#text)?;),
    }
}

fn declaration(argument: &Argument) -> TokenStream {
    let name = argument.name.to_string();
    let required = optional(&argument.kind).is_none() && argument.default.is_none();
    let documentation = argument.documentation.as_ref().map_or_else(
        || quote!(::core::option::Option::None),
        |text| quote!(::core::option::Option::Some(#text)),
    );
    let complete = argument
        .complete
        .as_ref()
        .map(|path| quote!(.completes(#name, #path)));
    quote!(.argument(#name, #documentation, #required) #complete)
}

/// `T` of an `Option<T>`.
fn optional(kind: &Type) -> Option<&Type> {
    let Type::Path(path) = kind else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(inside) if last.ident == "Option" => {
            match inside.args.first()? {
                GenericArgument::Type(inner) => Some(inner),
                _ => None,
            }
        }
        _ => None,
    }
}
