/// Deletes everything.
#[wharf::tool(read_only, destructive)]
fn delete_all() {}

fn main() {}
