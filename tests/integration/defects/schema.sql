CREATE TABLE customers (
    id integer NOT NULL CONSTRAINT customers_pkey PRIMARY KEY,
    name text NOT NULL,
    email text NULL,
    birthday date NULL,
    active boolean NOT NULL DEFAULT TRUE,
    credit numeric(10, 2) NOT NULL DEFAULT 0,
    joined_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_credit_check CHECK (credit BETWEEN 0 AND 1000000)
);
CREATE TABLE orders (
    id integer NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
    customer_id integer NOT NULL,
    total numeric(10, 2) NOT NULL,
    note text NULL,
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT orders_total_check CHECK (total BETWEEN 0 AND 1000000)
);
CREATE TABLE items (
    order_id integer NOT NULL,
    line integer NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT items_pkey PRIMARY KEY (order_id, line),
    CONSTRAINT items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT items_quantity_check CHECK (quantity BETWEEN 1 AND 1000)
) WITHOUT ROWID;
CREATE TABLE documents (
    id integer NOT NULL CONSTRAINT documents_pkey PRIMARY KEY,
    body json NOT NULL,
    picture blob NULL,
    token uuid NULL
);
CREATE VIEW customer_orders AS
SELECT customers.id, customers.name, orders.total
FROM customers
LEFT JOIN orders ON orders.customer_id = customers.id;
