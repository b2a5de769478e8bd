//! The attributes of `wharf`: from a function to a tool, a resource or a prompt.
//!
//! Each expands to what one would have written by hand: a function under the same name that makes the
//! tool, and the function itself beside it as `name::call`. (A unit struct under that name would turn
//! every `let` of the same name into a pattern.) Paths go through `::wharf`, or through what
//! `crate = …` says.
//!
//! In reading order: what stands in the attribute (`attribute`), what the function says of itself
//! (`documentation`, `parameter`, `function`, `template`), and one expansion each (`tool`, `resource`,
//! `prompt`, `tools`).

// What they are for is told where people find them: at the re-exports of `wharf`.
#![allow(
    missing_docs,
    reason = "a sentence here would stand before the ones there"
)]

mod attribute;

mod documentation;
mod function;
mod parameter;
mod template;

mod prompt;
mod resource;
mod tool;
mod tools;

use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn tool(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(tool::expand(attribute.into(), item.into()))
}

#[proc_macro_attribute]
pub fn tools(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(tools::expand(attribute.into(), item.into()))
}

#[proc_macro_attribute]
pub fn resource(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(resource::expand(attribute.into(), item.into()))
}

#[proc_macro_attribute]
pub fn prompt(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(prompt::expand(attribute.into(), item.into()))
}

fn settled(expanded: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    expanded
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
