CREATE TABLE items (
    id integer NOT NULL PRIMARY KEY,
    name varchar(40) NULL,
    note varchar(40) NULL,
    amount integer NULL,
    price numeric(8, 2) NULL,
    rate double precision NULL,
    active boolean NOT NULL,
    made_on date NULL,
    made_at timestamp NULL
);

CREATE TABLE labels (
    label varchar(40) NOT NULL CONSTRAINT labels_pkey PRIMARY KEY
);
