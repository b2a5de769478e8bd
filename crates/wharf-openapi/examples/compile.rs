//! Compiles documents and says what came of them and how long it took.
//!
//! `cargo run --release -p wharf-openapi --example compile -- [--render] [--diagnostics] FILE…`
#![expect(clippy::print_stdout, reason = "this is a program for a terminal")]

use std::collections::HashSet;
use std::time::Instant;

use wharf_openapi::{Diagnostic, Settings, Source, compile};

fn main() -> std::io::Result<()> {
    let (flags, files): (Vec<_>, Vec<_>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|known| known == flag);
    for file in &files {
        let bytes = std::fs::read(file)?;
        let source = Source {
            name: file,
            bytes: &bytes,
            base: None,
        };
        let started = Instant::now();
        let compiled = compile(&source, &Settings::default());
        let compiling = started.elapsed();

        let mut diagnostics: HashSet<Diagnostic> = compiled.diagnostics().iter().cloned().collect();
        let (mut inputs, mut outputs) = (Vec::new(), 0);
        let started = Instant::now();
        for entry in compiled.entries().iter().filter(|_| has("--render")) {
            let tool = compiled.tool(entry);
            inputs.push(tool.definition.input_schema.get().len());
            outputs += tool.output_schema.map_or(0, |schema| schema.get().len());
            diagnostics.extend(tool.diagnostics);
        }
        let rendering = started.elapsed();
        inputs.sort_unstable();
        println!(
            "{file}: {}, {} operations, {} tools, {} diagnostics, compiled in {compiling:.3?}, rendered in {rendering:.3?} \
             ({} bytes of input schemas, largest {}, {outputs} of output schemas)",
            compiled
                .dialect()
                .map_or("unreadable", wharf_openapi::Dialect::as_str),
            compiled.operations(),
            compiled.entries().len(),
            diagnostics.len(),
            inputs.iter().sum::<usize>(),
            inputs.last().unwrap_or(&0),
        );
        if has("--diagnostics") {
            for diagnostic in &diagnostics {
                println!("{file}:{diagnostic}");
            }
        }
    }
    Ok(())
}
