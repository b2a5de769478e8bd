#[derive(serde::Deserialize, wharf::JsonSchema)]
struct Seats {
    count: u8,
    row: String,
}

/// Books seats, once it has been told which.
#[wharf::tool(destructive)]
async fn book(show: String, ask: wharf::Ask) -> wharf::Result<String> {
    let hold: u32 = ask
        .once("hold", async { Ok::<_, wharf::Error>(4711) })
        .await?;
    let seats: Seats = ask
        .form(format!("How many seats for {show}, and where?"))
        .await?;
    Ok(format!(
        "{} seats in row {} for {show}, held as {hold}",
        seats.count, seats.row
    ))
}
fn main() -> wharf::Result {
    wharf::Server::new("tickets").tool(book).run()
}
