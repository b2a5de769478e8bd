//! Every real document of the sample becomes legal tools, all of its operations, none lost silently.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use wharf_openapi::Severity;

use crate::support::{self, compile_bytes, corpus};

#[test]
fn every_operation_of_the_sample_is_a_legal_tool_or_has_a_diagnostic() {
    let Some(folder) = corpus() else {
        eprintln!("skipped: there is no corpus of documents beside the project");
        return;
    };
    let unpacked = unpack(&folder);
    let files = files_below(&unpacked);
    assert!(!files.is_empty(), "the sample is empty");

    let started = Instant::now();
    let mut total = Total::default();
    for file in &files {
        let bytes = fs::read(file).expect("a document of the sample is readable");
        let name = file.strip_prefix(&unpacked).unwrap_or(file);
        total.add(&name.to_string_lossy(), &bytes);
    }
    eprintln!(
        "{} documents, {} operations, {} tools, {} documents clean, {:.1} s",
        files.len(),
        total.operations,
        total.tools,
        total.clean,
        started.elapsed().as_secs_f32()
    );
    assert_eq!(total.defects, Vec::<String>::new());
    assert!(
        total.clean * 100 >= files.len() * 99,
        "only {} of {} documents are clean",
        total.clean,
        files.len()
    );
}

#[derive(Default)]
struct Total {
    operations: usize,
    tools: usize,
    clean: usize,
    defects: Vec<String>,
}

impl Total {
    /// A document is clean if every operation is a tool and no tool has a defect.
    fn add(&mut self, file: &str, bytes: &[u8]) {
        let compiled = compile_bytes(file, bytes);
        let mut defects = Vec::new();
        let mut names = HashSet::new();
        for entry in compiled.entries() {
            let tool = compiled.tool(entry);
            let found = support::defects(&tool);
            defects.extend(
                found
                    .into_iter()
                    .map(|defect| format!("{file} {}: {defect}", entry.pointer)),
            );
            if !names.insert(entry.name.clone()) {
                defects.push(format!("{file}: two tools are called {}", entry.name));
            }
        }
        let errors = compiled
            .diagnostics()
            .iter()
            .filter(|found| found.severity == Severity::Error);
        let lost = compiled.operations() - compiled.entries().len();
        if lost > errors.count() {
            defects.push(format!("{file}: operations are lost without a diagnostic"));
        }
        if compiled.dialect().is_none() {
            defects.push(format!("{file}: not read: {:?}", compiled.diagnostics()));
        }
        self.operations += compiled.operations();
        self.tools += compiled.entries().len();
        self.clean += usize::from(defects.is_empty() && lost == 0);
        self.defects.extend(defects);
    }
}

fn unpack(folder: &Path) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi-sample");
    fs::create_dir_all(&target).expect("the target's folder is writable");
    let status = Command::new("tar")
        .arg("xzf")
        .arg(folder.join("sample.tar.gz"))
        .arg("-C")
        .arg(&target)
        .status();
    assert!(
        status.expect("tar runs").success(),
        "tar could not unpack the sample"
    );
    target
}

/// Every file of a folder and of those in it, in a stable order.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("an unpacked folder is readable") {
            let path = entry.expect("an unpacked folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
