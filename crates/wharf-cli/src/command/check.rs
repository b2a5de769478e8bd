//! `wharf check`: API documents, one after the other, with everything that is odd about them.

mod collect;
mod memory;
mod print;
mod verdict;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use self::verdict::Verdict;
use crate::cli::CheckArguments;
use crate::report::Failure;

pub(super) async fn run(arguments: CheckArguments) -> Result<ExitCode, Failure> {
    let mut tools = arguments.tools.as_deref().map(create).transpose()?;
    let mut all_good = true;
    let documents = collect::documents(&arguments.documents);
    for document in &documents {
        // One document at a time, dropped before the next: a folder may hold thousands.
        let verdict = Verdict::of(document, tools.as_mut()).await?;
        all_good &= verdict.is_good();
        if arguments.json {
            let line = serde_json::to_string(&verdict)?;
            writeln!(std::io::stdout(), "{line}")?;
        } else {
            print::verdict(&mut anstream::stdout().lock(), &verdict)?;
        }
    }
    if !arguments.json && documents.len() > 1 {
        writeln!(anstream::stdout(), "{} documents", documents.len())?;
    }
    if let Some(mut tools) = tools {
        tools.flush()?;
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    match File::create(path) {
        Ok(file) => Ok(BufWriter::new(file)),
        Err(error) => {
            let context = format!("cannot write `{}`", path.display());
            Err(Failure::new(anyhow::Error::new(error).context(context)))
        }
    }
}
