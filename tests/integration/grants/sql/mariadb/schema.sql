-- Whatever asks for another right than to the columns that a statement names.
CREATE SEQUENCE tickets;

CREATE TABLE items (
    id integer NOT NULL AUTO_INCREMENT,
    code varchar(20) NOT NULL,
    price integer NOT NULL DEFAULT 0,
    tax integer AS (price * 2) STORED,
    note varchar(20) NULL,
    CONSTRAINT items_pkey PRIMARY KEY (id),
    CONSTRAINT items_code_key UNIQUE (code)
);

CREATE TABLE `Odd ``Names` (
    `select` integer NOT NULL,
    `Mixed Case` varchar(20) NULL,
    CONSTRAINT odd_pkey PRIMARY KEY (`select`)
);

CREATE TABLE ticketed (
    id bigint NOT NULL DEFAULT (nextval(tickets)),
    what varchar(20) NULL,
    CONSTRAINT ticketed_pkey PRIMARY KEY (id)
);

CREATE TABLE audit (
    what varchar(20) NULL
);

CREATE TABLE lines_ (
    id integer NOT NULL,
    item_id integer NOT NULL,
    amount integer NOT NULL,
    CONSTRAINT lines_pkey PRIMARY KEY (id),
    CONSTRAINT lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items (id) ON DELETE CASCADE
);

CREATE VIEW dear AS
SELECT items.id, items.code, items.price
FROM items
WHERE items.price > 100;

CREATE SQL SECURITY INVOKER VIEW dear_to_me AS
SELECT items.id, items.note
FROM items
WHERE items.price > 100;

CREATE FUNCTION highest() RETURNS integer READS SQL DATA SQL SECURITY INVOKER
RETURN (SELECT max(items.price) FROM items);

CREATE FUNCTION lowest() RETURNS integer READS SQL DATA
RETURN (SELECT min(items.price) FROM items);

CREATE VIEW with_lowest AS
SELECT lines_.id, lowest() AS lowest
FROM lines_;

CREATE TRIGGER lines_noted AFTER INSERT ON lines_ FOR EACH ROW INSERT INTO audit (what) VALUES (NEW.id);
