//! One trivial tool over Streamable HTTP, served by several hands, measured in one sitting.
//!
//! `bench-wire run [SECONDS]` starts each contestant in turn as a process of its own, and prints a
//! table. `bench-wire serve CONTESTANT` is such a process: it prints its port and serves until killed.

mod contest;
mod hand;
mod load;
mod process;
mod rmcp_server;
mod tool;
mod wharf;

use contest::Shape;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", contestant, shape] => runtime.block_on(serve(contestant, Shape::parse(shape)?)),
        ["run", seconds] => runtime.block_on(contest::run(seconds.parse()?)),
        ["run"] => runtime.block_on(contest::run(5)),
        _ => Err("usage: bench-wire run [SECONDS] | serve CONTESTANT SHAPE".into()),
    }
}

async fn serve(contestant: &str, shape: Shape) -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    match contestant {
        "hand" => hand::serve(listener, shape).await,
        "wharf" => wharf::serve(listener, shape).await,
        "rmcp" => rmcp_server::serve(listener, shape).await,
        other => Err(format!("no contestant `{other}`").into()),
    }
}
