//! `wharf demo`: a company to play with, and a gateway in front of it.

mod files;

use std::process::ExitCode;
use std::time::Duration;

use northwind_freight::{Company, Database, Settings};

use self::files::Files;
use super::serve;
use crate::cli::DemoArguments;
use crate::config;
use crate::environment::own_name;
use crate::paint;
use crate::report::Failure;
use crate::source::state_folder;

/// How long the company's slowest report takes: long enough to be noticed.
const SLOW_REPORT: Duration = Duration::from_secs(5);

pub(super) async fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let company = Company::open(Settings {
        address: ([127, 0, 0, 1], 0).into(),
        database: Database::InMemory,
        slow_report: SLOW_REPORT,
    })
    .await
    .map_err(Failure::new)?;
    let ended = serve(&company, arguments).await;
    company.close().await;
    ended
}

/// The gateway runs on a config like anybody's: it can be read, changed while it runs, and used by
/// `wharf call`.
async fn serve(company: &Company, arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let files = Files::write(&state_folder()?, company)?;
    let config = config::load(&files.config).await?.config;
    let epilogue = what_next(company, &files);
    serve::serve_http(config, Some(arguments.listen), &epilogue).await
}

fn what_next(company: &Company, files: &Files) -> String {
    let (faint, strong) = (paint::FAINT, paint::STRONG);
    let config = shell_word(&files.config.to_string_lossy());
    let wharf = shell_word(&own_name().to_string_lossy());
    let api = company.url();
    format!(
        "
{strong}Northwind Freight{strong:#} answers at {api}; its API document is {api}/openapi.json.
It has three doors with three kinds of credentials. Clients of the gateway need none of them.

{faint}Read, from another terminal:{faint:#}
  {wharf} call --config {config} northwind_listInvoices status=overdue per_page=2
  {wharf} call --config {config} northwind_getStockLevel warehouse=RTM1 sku=NF-0104-M
{faint}Write:{faint:#}
  {wharf} call --config {config} northwind_createTicket customer_id=67 subject='Box was open' description='Two bottles are missing.'
{faint}Show what a call would send, and send nothing:{faint:#}
  {wharf} call --config {config} northwind_recordPayment invoice_id=900 amount_cents=129900 method=card --dry-run
{faint}Denied by a rule: no client sees this tool:{faint:#}
  {wharf} call --config {config} northwind_deleteShipment shipment_id=NWF000100037 || echo denied
{faint}What was called; it is all on record:{faint:#}
  {wharf} audit --config {config}

{faint}The config is {config}: change a rule while this runs. Ctrl-C ends it.{faint:#}
"
    )
}

/// A path as a shell takes it for one word.
fn shell_word(path: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@".contains(letter);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
