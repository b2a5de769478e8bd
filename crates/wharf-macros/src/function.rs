//! A function that is to be served: what it takes, what it gives, and how it is called.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Error, FnArg, Ident, LitStr, Path, Result, ReturnType, Signature, Type};

use crate::attribute::legal_name;
use crate::documentation;
use crate::parameter::{Argument, Parameter};

/// What there is to know of a function, its parameters free of attributes that only we understand.
pub(crate) struct Function {
    pub(crate) name: Ident,
    pub(crate) documentation: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    /// Whether it is a method.
    pub(crate) receiver: bool,
    is_async: bool,
    output: Type,
}

impl Function {
    /// Reads `signature`, and takes from it the attributes that only we understand.
    ///
    /// # Errors
    ///
    /// Everything that cannot be served, each at its own token.
    pub(crate) fn take(attributes: &[Attribute], signature: &mut Signature) -> Result<Self> {
        check(signature)?;
        let mut problems: Option<Error> = None;
        let mut parameters = Vec::new();
        let receiver = signature.receiver().is_some();
        for input in &mut signature.inputs {
            let FnArg::Typed(input) = input else {
                continue;
            };
            match Parameter::take(input) {
                Ok(parameter) => parameters.push(parameter),
                Err(error) => match &mut problems {
                    Some(problems) => problems.combine(error),
                    None => problems = Some(error),
                },
            }
        }
        if let Some(problems) = problems {
            return Err(problems);
        }
        Ok(Self {
            name: signature.ident.clone(),
            documentation: documentation::text(attributes),
            parameters,
            receiver,
            is_async: signature.asyncness.is_some(),
            output: output(&signature.output),
        })
    }

    /// The name that clients see, unless another is given.
    pub(crate) fn public_name(&self) -> String {
        let name = self.name.to_string();
        name.strip_prefix("r#").unwrap_or(&name).to_owned()
    }

    /// The name that was given, or else the function's own, if it is legal.
    pub(crate) fn name_or(&self, given: Option<&LitStr>) -> Result<String> {
        if let Some(given) = given {
            return legal_name(&given.value(), given).map(|()| given.value());
        }
        let name = self.public_name();
        legal_name(&name, &self.name).map(|()| name)
    }

    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Argument> {
        self.parameters
            .iter()
            .filter_map(|parameter| match parameter {
                Parameter::Argument(argument) => Some(&**argument),
                Parameter::Extracted(_) => None,
            })
    }

    pub(crate) fn extracted(&self) -> impl Iterator<Item = &Type> {
        self.parameters
            .iter()
            .filter_map(|parameter| match parameter {
                Parameter::Extracted(kind) => Some(&**kind),
                Parameter::Argument(_) => None,
            })
    }

    /// The function's path followed by its parameters: arguments by their own names, what was
    /// extracted by number; `.await` where there is something to wait for.
    pub(crate) fn invocation(&self, path: &TokenStream) -> TokenStream {
        let mut number = 0;
        let receiver = self.receiver.then(|| quote!(&this,));
        let values = self.parameters.iter().map(|parameter| match parameter {
            Parameter::Argument(argument) => argument.name.clone(),
            Parameter::Extracted(_) => {
                number += 1;
                extracted(number)
            }
        });
        let wait = self.is_async.then(|| quote!(.await));
        quote!(#path(#receiver #(#values),*) #wait)
    }

    /// One statement for each parameter that is handed in.
    pub(crate) fn extraction(&self, framework: &Path) -> TokenStream {
        let statements = self.extracted().enumerate().map(|(at, kind)| {
            let name = extracted(at + 1);
            let framework = placed(framework, kind.span());
            quote_spanned!(kind.span()=>
                let #name = <#kind as #framework::Extract>::extract(call).await?;
            )
        });
        quote!(#(#statements)*)
    }

    /// One call for each parameter that is handed in, so that a server that lacks it does not start.
    pub(crate) fn needs(&self) -> TokenStream {
        let calls = self
            .extracted()
            .map(|kind| quote_spanned!(kind.span()=> .needs::<#kind>()));
        quote!(#(#calls)*)
    }

    /// Whether it says in its type that it can fail.
    pub(crate) fn is_fallible(&self) -> bool {
        let Type::Path(path) = &self.output else {
            return false;
        };
        let last = path.path.segments.last();
        last.is_some_and(|segment| segment.ident.to_string().ends_with("Result"))
    }

    /// What it gives where it does not fail, as a type.
    pub(crate) fn value_type(&self, framework: &Path) -> TokenStream {
        let output = &self.output;
        if self.is_fallible() {
            quote_spanned!(output.span()=> <#output as #framework::__private::Fallible>::Value)
        } else {
            quote_spanned!(output.span()=> #output)
        }
    }

    pub(crate) fn output_span(&self) -> Span {
        self.output.span()
    }

    /// A warning at the function's name where it says nothing of itself.
    pub(crate) fn documentation_warning(&self, what: &str) -> Option<TokenStream> {
        if self.documentation.is_some() {
            return None;
        }
        let note = format!(
            "`{}` has no doc comment, so a model will not know when to use this {what}: write \
             `/// …` above it",
            self.name
        );
        let missing = Ident::new("missing_doc_comment", self.name.span());
        // A deprecated item of our own is the only way to warn from a macro.
        Some(quote_spanned! {self.name.span()=>
            const _: () = {
                #[deprecated(note = #note)]
                #[allow(non_upper_case_globals, reason = "a sentence, where the compiler names it")]
                const #missing: () = ();
                #missing
            };
        })
    }
}

/// `path` with every token at `span`, so that what is wrong with it is said there.
pub(crate) fn placed(path: &Path, span: Span) -> TokenStream {
    let tokens = path.to_token_stream().into_iter();
    tokens
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}

fn extracted(number: usize) -> Ident {
    format_ident!("extracted_{number}")
}

fn output(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, kind) => (**kind).clone(),
    }
}

fn check(signature: &Signature) -> Result<()> {
    if let Some(first) = signature.generics.params.first() {
        return Err(Error::new_spanned(
            first,
            "what is served has one schema, so it has no type parameters and no lifetimes: write \
             the types themselves",
        ));
    }
    if let ReturnType::Type(_, kind) = &signature.output
        && let Type::ImplTrait(found) = &**kind
    {
        return Err(Error::new_spanned(
            found,
            "the schema of a result must be known: write the type itself in place of `impl …`",
        ));
    }
    if let Some(variadic) = &signature.variadic {
        return Err(Error::new_spanned(
            variadic,
            "write each argument by its name",
        ));
    }
    Ok(())
}
