//! Who may see and do what: principals, rules, the proof of admission, redaction, the audit record. Pure.
