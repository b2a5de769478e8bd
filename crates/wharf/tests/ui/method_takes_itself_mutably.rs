struct Counter(u32);

#[wharf::tools]
impl Counter {
    /// Counts.
    #[tool]
    fn count(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {}
