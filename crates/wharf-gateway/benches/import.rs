//! How long a document takes from bytes to a catalog, and its first list page after that.
//!
//! ```sh
//! cargo bench -p wharf-gateway --bench import -- path/to/openapi.json
//! ```
//!
//! Prints the median of eleven runs of each; every run starts from the bytes, nothing is kept between
//! runs. Compare runs of one sitting only.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use wharf_gateway::audit::Store;
use wharf_gateway::gateway::Gateway;
use wharf_gateway::settings::{Limits, Settings, UpstreamKind, UpstreamSettings};
use wharf_gateway::upstream::http;
use wharf_gateway::upstream::http::settings::DocumentSource;
use wharf_openapi::Source;
use wharf_policy::decide::Policy;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Exchange, Handler as _, Request};
use wharf_protocol::revision::Revision;

const RUNS: usize = 11;

#[expect(clippy::print_stdout, reason = "a benchmark reports")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`; whatever else is there is the document.
    let Some(path) = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"))
    else {
        println!("no document named, nothing measured");
        return Ok(());
    };
    let path = PathBuf::from(path);
    let bytes = std::fs::read(&path)?;
    let (mut compiled, mut pages, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut operations, mut page_bytes) = (0, 0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for _ in 0..RUNS {
        let source = Source {
            name: "document",
            bytes: &bytes,
            base: None,
        };
        let start = Instant::now();
        let document = wharf_openapi::compile(&source, &wharf_openapi::Settings::default());
        compiled.push(start.elapsed());
        operations = document.entries().len();
        drop(black_box(document));

        let gateway = runtime.block_on(gateway(&path))?;
        pages.push(page(&runtime, &gateway, &mut page_bytes)?);
        seconds.push(page(&runtime, &gateway, &mut page_bytes)?);
        runtime.block_on(gateway.close());
    }
    println!("{} bytes, {operations} tools", bytes.len());
    println!(
        "compile                 {:>10.3} ms",
        milliseconds(&mut compiled)
    );
    println!(
        "first list page         {:>10.3} ms ({page_bytes} bytes)",
        milliseconds(&mut pages)
    );
    println!(
        "the same page again     {:>10.3} ms",
        milliseconds(&mut seconds)
    );
    Ok(())
}

async fn gateway(path: &std::path::Path) -> Result<Gateway, Box<dyn std::error::Error>> {
    let document = DocumentSource::File(path.to_owned());
    let (gateway, report) = Gateway::start(Settings {
        upstreams: vec![UpstreamSettings {
            namespace: String::new(),
            kind: UpstreamKind::Http(http::Settings::new("api", document)),
        }],
        policy: Policy::default(),
        store: Store::Memory,
        limits: Limits { page_tools: 100 },
    })
    .await?;
    match report.failed.into_iter().next() {
        Some((_, error)) => Err(error.into()),
        None => Ok(gateway),
    }
}

/// One `tools/list`, as the wire would ask for it.
fn page(
    runtime: &tokio::runtime::Runtime,
    gateway: &Gateway,
    page_bytes: &mut usize,
) -> Result<Duration, Box<dyn std::error::Error>> {
    let exchange = Exchange::in_process(Revision::LATEST);
    let request = Request {
        method: Method::TOOLS_LIST,
        params: None,
    };
    let start = Instant::now();
    let answer = runtime.block_on(gateway.handle(request, &exchange))?;
    let elapsed = start.elapsed();
    if let Answer::Complete { fields, .. } = answer {
        *page_bytes = fields.get().len();
    }
    Ok(elapsed)
}

fn milliseconds(durations: &mut [Duration]) -> f64 {
    durations.sort_unstable();
    durations[durations.len() / 2].as_secs_f64() * 1000.0
}
