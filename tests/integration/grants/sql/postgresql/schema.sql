-- Whatever asks for another right than to the columns that a statement names.
CREATE SCHEMA shop;

CREATE TABLE shop.items (
    id serial CONSTRAINT items_pkey PRIMARY KEY,
    code text NOT NULL CONSTRAINT items_code_key UNIQUE,
    price integer NOT NULL DEFAULT 0,
    tax integer GENERATED ALWAYS AS (price / 5) STORED,
    note text NULL
);

CREATE TABLE "Odd ""Names" (
    "select" integer NOT NULL CONSTRAINT odd_pkey PRIMARY KEY,
    "Mixed Case" text NULL
);

CREATE TABLE numbered (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT numbered_pkey PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_pkey PRIMARY KEY,
    what text NULL,
    hidden text NULL
);

CREATE TABLE lines (
    id integer NOT NULL CONSTRAINT lines_pkey PRIMARY KEY,
    item_id integer NOT NULL,
    amount integer NOT NULL,
    CONSTRAINT lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES shop.items (id) ON DELETE CASCADE
);

CREATE SEQUENCE tickets;

CREATE VIEW dear AS
SELECT items.id, items.code, items.price
FROM shop.items
WHERE items.price > 100;

CREATE FUNCTION highest() RETURNS integer LANGUAGE sql STABLE AS
'SELECT max(items.price) FROM shop.items';

CREATE FUNCTION lowest() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER AS
'SELECT min(items.price) FROM shop.items';

CREATE FUNCTION everybody(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';

REVOKE EXECUTE ON FUNCTION highest() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION lowest() FROM PUBLIC;

CREATE VIEW with_lowest AS
SELECT lines.id, lowest() AS lowest
FROM lines;

CREATE FUNCTION note_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (what) VALUES (NEW.id::text);
    RETURN NEW;
END $$;

CREATE FUNCTION note_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO audit (hidden) VALUES (NEW.name);
    RETURN NEW;
END $$;

CREATE TRIGGER lines_noted AFTER INSERT ON lines FOR EACH ROW EXECUTE FUNCTION note_line();

CREATE TRIGGER numbered_noted AFTER INSERT OR UPDATE ON numbered FOR EACH ROW EXECUTE FUNCTION note_number();

CREATE FUNCTION allowed(n integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN n > (SELECT count(*) FROM audit WHERE hidden IS NOT NULL);
END $$;

CREATE FUNCTION some_name() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'x'::text $$;

REVOKE EXECUTE ON FUNCTION allowed(integer) FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION some_name() FROM PUBLIC;

CREATE TABLE guarded (
    n integer NOT NULL CONSTRAINT guarded_n_check CHECK (allowed(n)),
    name text NOT NULL DEFAULT some_name()
);

CREATE FUNCTION shop.hidden(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';

CREATE SEQUENCE shop.receipts;

CREATE TABLE shop.receipts_given (
    id bigint NOT NULL DEFAULT nextval('shop.receipts'),
    at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT receipts_given_pkey PRIMARY KEY (id)
);

CREATE TABLE parts (id integer NOT NULL, region text NOT NULL) PARTITION BY LIST (region);

CREATE TABLE parts_north PARTITION OF parts FOR VALUES IN ('north');

CREATE TABLE shop."Orders Of" (
    "Id" integer GENERATED ALWAYS AS IDENTITY CONSTRAINT orders_of_pkey PRIMARY KEY,
    "Full Name" text NOT NULL,
    "order" integer NOT NULL DEFAULT 0
);

CREATE VIEW "Called" AS SELECT "Id", "Full Name" FROM shop."Orders Of";

CREATE FUNCTION add_called() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shop."Orders Of" ("Full Name") VALUES (NEW."Full Name") RETURNING "Id" INTO NEW."Id";
    RETURN NEW;
END $$;

CREATE TRIGGER called_instead INSTEAD OF INSERT ON "Called" FOR EACH ROW EXECUTE FUNCTION add_called();

CREATE RULE orders_of_kept AS ON DELETE TO shop."Orders Of"
DO INSTEAD UPDATE shop."Orders Of" SET "order" = -1 WHERE "Id" = old."Id";
