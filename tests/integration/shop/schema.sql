-- A schema with a column of every kind, and names that are Python's.
CREATE TABLE customers (
    id integer NOT NULL CONSTRAINT customers_pkey PRIMARY KEY,
    name text NOT NULL,
    born_on date,
    joined_at timestamptz NOT NULL DEFAULT '2024-01-31 12:00:00.000000+00:00',
    seen_at datetime,
    wakes_at time,
    credit numeric(10, 2) NOT NULL DEFAULT 0,
    rating real,
    active boolean NOT NULL DEFAULT TRUE,
    level text NOT NULL DEFAULT 'new',
    picture blob,
    token uuid,
    settings json NOT NULL DEFAULT '{}',
    stays interval,
    CONSTRAINT customers_name_key UNIQUE (name)
);

CREATE TABLE odd_names (
    id integer NOT NULL CONSTRAINT odd_names_pkey PRIMARY KEY,
    date date NOT NULL,
    list text NOT NULL,
    bool boolean NOT NULL,
    type text,
    str text
);

CREATE TABLE visits (
    customer_id integer NOT NULL,
    day date NOT NULL,
    note text,
    CONSTRAINT visits_pkey PRIMARY KEY (customer_id, day),
    CONSTRAINT visits_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)
);
