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

#![warn(missing_docs)]

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

/// Makes a tool of a function; see the documentation of `wharf`.
#[proc_macro_attribute]
pub fn tool(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(tool::expand(attribute.into(), item.into()))
}

/// Makes tools, resources and prompts of the methods of an `impl` block; see the documentation of
/// `wharf`.
#[proc_macro_attribute]
pub fn tools(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(tools::expand(attribute.into(), item.into()))
}

/// Makes a resource, or a template of resources, of a function; see the documentation of `wharf`.
#[proc_macro_attribute]
pub fn resource(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(resource::expand(attribute.into(), item.into()))
}

/// Makes a prompt of a function; see the documentation of `wharf`.
#[proc_macro_attribute]
pub fn prompt(attribute: TokenStream, item: TokenStream) -> TokenStream {
    settled(prompt::expand(attribute.into(), item.into()))
}

fn settled(expanded: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    expanded
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
