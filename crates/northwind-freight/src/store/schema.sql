-- The books of Northwind Freight. Money is whole cents, time is UTC text as in
-- `2025-03-14T09:26:53Z`. AUTOINCREMENT where ids are shown to the world: one that was deleted never comes back.

CREATE TABLE customers (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    name               TEXT    NOT NULL,
    email              TEXT    NOT NULL UNIQUE,
    phone              TEXT,
    status             TEXT    NOT NULL CHECK (status IN ('prospect', 'active', 'on_hold', 'closed')),
    tier               TEXT    NOT NULL CHECK (tier IN ('standard', 'silver', 'gold')),
    street             TEXT    NOT NULL,
    city               TEXT    NOT NULL,
    postal_code        TEXT    NOT NULL,
    country            TEXT    NOT NULL,
    credit_limit_cents INTEGER NOT NULL CHECK (credit_limit_cents >= 0),
    currency           TEXT    NOT NULL,
    account_manager    TEXT,
    version            INTEGER NOT NULL DEFAULT 1, -- counts the changes, shown as the entity tag
    created_at         TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at         TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);

CREATE TABLE orders (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id  INTEGER NOT NULL REFERENCES customers (id),
    reference    TEXT,
    status       TEXT    NOT NULL CHECK (status IN ('pending', 'confirmed', 'picking', 'shipped', 'delivered', 'cancelled')),
    service      TEXT    NOT NULL CHECK (service IN ('economy', 'standard', 'express')),
    street       TEXT    NOT NULL,
    city         TEXT    NOT NULL,
    postal_code  TEXT    NOT NULL,
    country      TEXT    NOT NULL,
    total_cents  INTEGER NOT NULL,
    currency     TEXT    NOT NULL,
    cancellation TEXT,
    placed_at    TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at   TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX orders_of_customer ON orders (customer_id);
CREATE INDEX orders_by_time ON orders (placed_at);

CREATE TABLE order_lines (
    order_id         INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line             INTEGER NOT NULL,
    sku              TEXT    NOT NULL REFERENCES products (sku),
    quantity         INTEGER NOT NULL CHECK (quantity > 0),
    unit_price_cents INTEGER NOT NULL,
    PRIMARY KEY (order_id, line)
) WITHOUT ROWID;

CREATE TABLE products (
    sku              TEXT    PRIMARY KEY,
    name             TEXT    NOT NULL,
    weight_grams     INTEGER NOT NULL,
    unit_price_cents INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE shipments (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    tracking_number TEXT    NOT NULL UNIQUE,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    warehouse       TEXT    NOT NULL REFERENCES warehouses (code),
    carrier         TEXT    NOT NULL,
    status          TEXT    NOT NULL CHECK (status IN
        ('label_created', 'in_transit', 'out_for_delivery', 'delivered', 'exception')),
    weight_grams    INTEGER NOT NULL CHECK (weight_grams > 0),
    cost_cents      INTEGER NOT NULL,
    currency        TEXT    NOT NULL,
    created_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    delivered_at    TEXT
);
CREATE INDEX shipments_of_order ON shipments (order_id);

CREATE TABLE tracking_events (
    id          INTEGER PRIMARY KEY,
    shipment_id INTEGER NOT NULL REFERENCES shipments (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    place       TEXT    NOT NULL,
    note        TEXT,
    happened_at TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX events_of_shipment ON tracking_events (shipment_id);

CREATE TABLE tickets (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    order_id    INTEGER REFERENCES orders (id),
    subject     TEXT    NOT NULL,
    description TEXT    NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('open', 'pending', 'solved', 'closed')),
    priority    TEXT    NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    assignee    TEXT,
    created_at  TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at  TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX tickets_of_customer ON tickets (customer_id);

CREATE TABLE ticket_comments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id  INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    author     TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    internal   INTEGER NOT NULL,
    created_at TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX comments_of_ticket ON ticket_comments (ticket_id);

CREATE TABLE ticket_attachments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id  INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    filename   TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    note       TEXT,
    content    BLOB    NOT NULL,
    created_at TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX attachments_of_ticket ON ticket_attachments (ticket_id);

CREATE TABLE warehouses (
    code       TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    city       TEXT    NOT NULL,
    country    TEXT    NOT NULL,
    pallets    INTEGER NOT NULL,
    zones      TEXT    NOT NULL -- the tree of zones, as JSON
) WITHOUT ROWID;

CREATE TABLE stock_levels (
    warehouse     TEXT    NOT NULL REFERENCES warehouses (code),
    sku           TEXT    NOT NULL REFERENCES products (sku),
    zone          TEXT    NOT NULL,
    on_hand       INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved      INTEGER NOT NULL CHECK (reserved >= 0),
    reorder_point INTEGER NOT NULL CHECK (reorder_point >= 0),
    updated_at    TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    PRIMARY KEY (warehouse, sku)
) WITHOUT ROWID;

CREATE TABLE stock_adjustments (
    id         INTEGER PRIMARY KEY,
    warehouse  TEXT    NOT NULL REFERENCES warehouses (code),
    sku        TEXT    NOT NULL REFERENCES products (sku),
    change     INTEGER NOT NULL,
    reason     TEXT    NOT NULL CHECK (reason IN ('count', 'damage', 'receipt', 'return', 'theft')),
    note       TEXT,
    created_at TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);

CREATE TABLE invoices (
    id          INTEGER PRIMARY KEY,
    number      TEXT    NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    order_id    INTEGER NOT NULL REFERENCES orders (id),
    status      TEXT    NOT NULL CHECK (status IN ('open', 'overdue', 'paid', 'void')),
    total_cents INTEGER NOT NULL,
    paid_cents  INTEGER NOT NULL CHECK (paid_cents BETWEEN 0 AND total_cents),
    currency    TEXT    NOT NULL,
    issued_on   TEXT    NOT NULL,
    due_on      TEXT    NOT NULL,
    void_reason TEXT
);
CREATE INDEX invoices_of_customer ON invoices (customer_id);

CREATE TABLE payments (
    id           INTEGER PRIMARY KEY,
    invoice_id   INTEGER NOT NULL REFERENCES invoices (id),
    amount_cents INTEGER NOT NULL,
    currency     TEXT    NOT NULL,
    method       TEXT    NOT NULL CHECK (method IN ('bank_transfer', 'card', 'direct_debit')),
    reference    TEXT,
    received_at  TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX payments_of_invoice ON payments (invoice_id);
