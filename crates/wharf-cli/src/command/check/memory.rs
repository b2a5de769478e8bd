//! How much memory a document took, as far as the system tells.

/// Forgets the peak so far, where the system lets us.
pub(super) fn reset_peak() {
    // "5" resets the peak resident size (proc(5), /proc/pid/clear_refs). Where that is not allowed,
    // the peak is that of the process so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that was resident since then, in bytes; `None` on systems that do not tell.
pub(super) fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
