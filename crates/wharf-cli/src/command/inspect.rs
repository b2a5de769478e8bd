//! `wharf inspect`: what an MCP server is and what it offers, on one screen.

mod print;

use std::process::ExitCode;

use serde_json::value::RawValue;
use wharf_protocol::method::Method;

use crate::cli::InspectArguments;
use crate::client::{Connected, Named, Occasion};
use crate::report::Failure;

pub(super) async fn run(arguments: InspectArguments) -> Result<ExitCode, Failure> {
    let named = Named::of(&arguments.server, arguments.place.as_deref())?;
    let named = named.ok_or_else(|| {
        Failure::usage("no server is named")
            .with_hint("write `wharf inspect URL` or `wharf inspect -- COMMAND`")
    })?;
    let (how, occasion) = (&arguments.server, Occasion::OnDemand);
    let (learnt, counts) = Connected::with(named.clone(), how, occasion, async |server| {
        Ok((server.learnt(), Counts::of(server).await?))
    })
    .await?;
    if arguments.json {
        print::for_programs(&named, &learnt, &counts)?;
    } else {
        print::for_people(&named, &learnt, &counts)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How much there is of everything; `None` of what the server does not offer.
#[derive(Debug, serde::Serialize)]
struct Counts {
    tools: Option<usize>,
    resources: Option<usize>,
    resource_templates: Option<usize>,
    prompts: Option<usize>,
}

impl Counts {
    /// Reads every list that the server says it has.
    async fn of(server: &Connected) -> Result<Self, Failure> {
        let offers = server.learnt().capabilities.clone();
        let has_resources = offers.resources.is_some();
        Ok(Self {
            tools: count(server, Method::TOOLS_LIST, offers.tools.is_some()).await?,
            resources: count(server, Method::RESOURCES_LIST, has_resources).await?,
            resource_templates: templates(server, has_resources).await,
            prompts: count(server, Method::PROMPTS_LIST, offers.prompts.is_some()).await?,
        })
    }
}

async fn count(
    server: &Connected,
    method: Method,
    is_offered: bool,
) -> Result<Option<usize>, Failure> {
    if !is_offered {
        return Ok(None);
    }
    let listed: Vec<Box<RawValue>> = server.list(method).await?;
    Ok(Some(listed.len()))
}

/// A server with resources may have nothing to say of templates.
async fn templates(server: &Connected, has_resources: bool) -> Option<usize> {
    let method = Method::RESOURCES_TEMPLATES_LIST;
    count(server, method, has_resources).await.ok().flatten()
}
