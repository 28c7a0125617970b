CREATE TABLE customers (
    id integer NOT NULL CONSTRAINT customers_pkey PRIMARY KEY,
    name text NOT NULL,
    email text NULL,
    nickname text NULL,             -- Expect C502 postgresql, C502 mariadb
    birthday date NULL,
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_name_check CHECK (length(name) > 0),
    CONSTRAINT customers_email_check CHECK (length(email) > 3) -- Expect C505 postgresql, C505 mariadb
);
CREATE TABLE orders ( -- Expect C504 postgresql, C504 mariadb, C504 postgresql, C504 mariadb
    id integer NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
    customer_id integer NOT NULL,
    number integer NOT NULL,
    CONSTRAINT orders_number_key UNIQUE (number), -- Expect C505 postgresql, C505 mariadb
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) -- Expect C505 postgresql, C505 mariadb
);
CREATE TABLE only_here (id integer NOT NULL PRIMARY KEY); -- Expect C501 postgresql, C501 mariadb
