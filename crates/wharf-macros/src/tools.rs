//! `#[tools]` above an `impl` block.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Error, ImplItem, ImplItemFn, ItemImpl, Meta, Path, Result};

use crate::attribute::Settings;
use crate::function::Function;
use crate::{prompt, resource, tool};

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let settings: Settings = syn::parse2(attribute)?;
    let framework = settings.check(&["crate"])?.framework()?;
    let mut block: ItemImpl = syn::parse2(item).map_err(|error| {
        Error::new(
            error.span(),
            "`#[tools]` stands above an `impl` block: above a function, write `#[tool]`",
        )
    })?;
    let mut items = Vec::new();
    let mut warnings = Vec::new();
    for member in &mut block.items {
        let ImplItem::Fn(method) = member else {
            continue;
        };
        if let Some((served, warning)) = served(method, &framework)? {
            items.push(served);
            warnings.extend(warning);
        }
    }
    if items.is_empty() {
        return Err(Error::new(
            Span::call_site(),
            "no method of this block is served: write `#[tool]` above one",
        ));
    }
    let (generics, where_clause) = (&block.generics, &block.generics.where_clause);
    let this = &block.self_ty;
    let implementation = quote! {
        impl #generics #framework::IntoItems for #this #where_clause {
            fn into_items(self) -> ::std::vec::Vec<#framework::Item> {
                let this = ::std::sync::Arc::new(self);
                ::std::vec![#(#items),*]
            }
        }
    };
    Ok(quote!(#block #implementation #(#warnings)*))
}

/// The expression of one method's item, if it is to be served, and what to warn of.
fn served(
    method: &mut ImplItemFn,
    framework: &Path,
) -> Result<Option<(TokenStream, Option<TokenStream>)>> {
    let Some((kind, attribute)) = take_mark(&mut method.attrs) else {
        return Ok(None);
    };
    let function = Function::take(&method.attrs, &mut method.sig)?;
    if let Some(receiver) = method.sig.receiver() {
        check_receiver(receiver)?;
    }
    let name = &function.name;
    let path = quote!(Self::#name);
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let (expression, what) = match kind {
        "tool" => {
            let settings = syn::parse2::<Settings>(tokens)?.check(tool::KEYS)?;
            let tool = tool::expression(&function, &settings, framework, &path)?;
            (quote!(#framework::Item::Tool(#tool)), "tool")
        }
        "resource" => {
            let attribute = syn::parse2(tokens)?;
            let resource = resource::expression(&function, &attribute, framework, &path)?;
            (quote!(#framework::Item::Resource(#resource)), "resource")
        }
        _ => {
            let settings = syn::parse2::<Settings>(tokens)?.check(prompt::KEYS)?;
            let prompt = prompt::expression(&function, &settings, framework, &path)?;
            (quote!(#framework::Item::Prompt(#prompt)), "prompt")
        }
    };
    let clone = tool::receiver_clone(&function);
    let warning = function.documentation_warning(what);
    Ok(Some((quote!({ #clone #expression }), warning)))
}

/// Takes away `#[tool]`, `#[resource]` or `#[prompt]`, under any path.
fn take_mark(attributes: &mut Vec<Attribute>) -> Option<(&'static str, Attribute)> {
    const MARKS: [&str; 3] = ["tool", "resource", "prompt"];
    let (at, mark) = attributes.iter().enumerate().find_map(|(at, attribute)| {
        let last = attribute.path().segments.last()?;
        let mark = MARKS.into_iter().find(|mark| last.ident == mark)?;
        Some((at, mark))
    })?;
    Some((mark, attributes.remove(at)))
}

fn check_receiver(receiver: &syn::Receiver) -> Result<()> {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, _, None) => Ok(()),
        _ => Err(Error::new_spanned(
            receiver,
            "calls run side by side and share the object: write `&self`",
        )),
    }
}
