//! Northwind Freight as its visitors see it: over a real port, every answer held against the API document.

#![allow(clippy::unwrap_used, reason = "a panic is how a test says no")]

mod authentication;
mod changes;
mod contract;
mod document;
mod failures;
mod media;
mod pages;
mod seed;
mod visitor;
