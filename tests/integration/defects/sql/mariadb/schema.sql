CREATE TABLE customers (
    id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(200) NOT NULL,
    email varchar(200) NULL,
    birthday date NULL,
    active boolean NOT NULL DEFAULT TRUE,
    credit numeric(10, 2) NOT NULL DEFAULT 0,
    joined_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_credit_check CHECK (credit BETWEEN 0 AND 1000000)
);
CREATE TABLE orders (
    id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_id integer NOT NULL,
    total numeric(10, 2) NOT NULL,
    note text NULL,
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT orders_total_check CHECK (total BETWEEN 0 AND 1000000)
);
CREATE TABLE items (
    order_id integer NOT NULL,
    line integer NOT NULL,
    sku varchar(50) NOT NULL,
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, line),
    CONSTRAINT items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT items_quantity_check CHECK (quantity BETWEEN 1 AND 1000)
);
CREATE TABLE documents (
    id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    body json NOT NULL,
    picture blob NULL,
    token uuid NULL
);
CREATE VIEW customer_orders AS
SELECT customers.id, customers.name, orders.total
FROM customers
LEFT JOIN orders ON orders.customer_id = customers.id;
