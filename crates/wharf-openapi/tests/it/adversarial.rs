//! Documents that are made to hurt their reader.

use std::fs;

use crate::support::{compile_bytes, corpus, defects};

#[test]
fn hostile_documents_stay_small() {
    let Some(folder) = corpus() else {
        eprintln!("skipped: there is no corpus of documents beside the project");
        return;
    };
    for file in
        fs::read_dir(folder.join("adversarial")).expect("the hostile documents are readable")
    {
        let path = file.expect("the hostile documents are readable").path();
        let bytes = fs::read(&path).expect("a hostile document is readable");
        let compiled = compile_bytes("hostile", &bytes);
        for entry in compiled.entries() {
            let tool = compiled.tool(entry);
            assert_eq!(defects(&tool), Vec::<String>::new(), "{}", path.display());
            assert!(
                tool.definition.input_schema.get().len() < 100_000,
                "{}",
                path.display()
            );
        }
    }
}
