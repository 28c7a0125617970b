-- A shop: customers, products, orders and what is in them.

CREATE TABLE customers (
    id integer AUTO_INCREMENT PRIMARY KEY,
    email varchar(190) NOT NULL UNIQUE,
    name varchar(100) NOT NULL,
    phone varchar(40),
    vip boolean NOT NULL DEFAULT FALSE,
    born_on date,
    credit numeric(10, 2) NOT NULL DEFAULT 0,
    created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE products (
    id integer AUTO_INCREMENT PRIMARY KEY,
    sku varchar(20) NOT NULL UNIQUE,
    name varchar(100) NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price >= 0),
    weight double,
    stock integer NOT NULL DEFAULT 0,
    discontinued boolean NOT NULL DEFAULT FALSE
);

CREATE TABLE orders (
    id integer AUTO_INCREMENT PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id),
    status varchar(20) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'sent', 'cancelled')),
    placed_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
    sent_on date,
    note text
);

CREATE TABLE order_lines (
    order_id integer NOT NULL REFERENCES orders (id),
    product_id integer NOT NULL REFERENCES products (id),
    quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

CREATE VIEW order_totals AS
SELECT
    o.id, o.customer_id, o.status,
    count(l.product_id) AS line_count,
    sum(l.quantity * l.price) AS total
FROM orders AS o
LEFT JOIN order_lines AS l ON l.order_id = o.id
GROUP BY o.id, o.customer_id, o.status;
