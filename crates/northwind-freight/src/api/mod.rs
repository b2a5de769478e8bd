//! One file for each desk of the company: its routes, and what it accepts.

pub(crate) mod customers;
pub(crate) mod exports;
pub(crate) mod flaky;
pub(crate) mod health;
pub(crate) mod invoices;
pub(crate) mod orders;
pub(crate) mod partners;
pub(crate) mod reports;
pub(crate) mod shipments;
pub(crate) mod tickets;
pub(crate) mod warehouses;

mod attachments;
mod path;
