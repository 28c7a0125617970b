"""Scripts for PostgreSQL, run by a superuser: ``{victim}`` is a database with rows, ``{folder}`` a folder that the
server may write; ``>>`` marks what is refused."""

HOSTILE = [
    ">>DROP DATABASE {victim};",
    ">>DROP DATABASE IF EXISTS {victim} WITH (FORCE);",
    ">>drop /* a comment */ database {victim};",
    ">>CREATE DATABASE other;\n\\connect other",
    ">>ALTER DATABASE {victim} RENAME TO gone;",
    ">>ALTER DATABASE {victim} SET statement_timeout = 1;",
    ">>COMMENT ON DATABASE {victim} IS 'x';",
    "CREATE TABLE a (id integer);\n>>CREATE ROLE evil SUPERUSER LOGIN PASSWORD 'secret';",
    ">>CREATE USER evil;",
    ">>CREATE GROUP evil;",
    ">>ALTER ROLE postgres PASSWORD 'x';",
    ">>ALTER USER pydb SUPERUSER;",
    ">>ALTER ROLE ALL SET work_mem = '64kB';",
    ">>DROP ROLE pydb;",
    ">>DROP USER IF EXISTS pydb;",
    ">>GRANT postgres TO pydb;",
    ">>GRANT pg_read_all_data, pg_write_all_data TO pydb WITH ADMIN OPTION;",
    ">>REVOKE ADMIN OPTION FOR pg_monitor FROM pydb;",
    ">>GRANT ALL ON DATABASE {victim} TO PUBLIC;",
    ">>REVOKE CONNECT ON DATABASE {victim} FROM PUBLIC;",
    ">>GRANT CREATE ON TABLESPACE pg_default TO pydb;",
    ">>GRANT SET ON PARAMETER work_mem TO pydb;",
    ">>COMMENT ON ROLE pydb IS 'x';",
    ">>SECURITY LABEL ON ROLE pydb IS 'x';",
    ">>REASSIGN OWNED BY pydb TO postgres;",
    ">>DROP OWNED BY pydb;",
    ">>ALTER SYSTEM SET work_mem = '64kB';",
    ">>ALTER SYSTEM RESET ALL;",
    ">>CREATE TABLESPACE t LOCATION '{folder}';",
    ">>DROP TABLESPACE pg_default;",
    "CREATE TABLE a (id integer);\n>>COPY a TO '{folder}/file';",
    "CREATE TABLE a (id integer);\n>>COPY (SELECT 1) TO PROGRAM 'touch {folder}/file';",
    "CREATE TABLE a (t text);\n>>COPY a FROM '/etc/passwd';",
    "CREATE TABLE a (t text);\n>>COPY a FROM PROGRAM 'touch {folder}/file';",
    "CREATE TABLE a (id integer);\n>>COPY a FROM STDIN;\n1\n\\.\n",
    ">>SELECT lo_import('/etc/passwd');",
    ">>SELECT lo_export(lo_from_bytea(0, 'x'), '{folder}/file');",
    ">>SELECT pg_catalog.lo_export(lo_from_bytea(0, 'x'), '{folder}/file');",
    ">>SELECT pg_catalog . \"lo_export\" (lo_from_bytea(0, 'x'), '{folder}/file');",
    ">>SELECT U&\"lo\\005Fexport\"(lo_from_bytea(0, 'x'), '{folder}/file');",
    ">>CREATE FUNCTION f(oid, text) RETURNS integer LANGUAGE internal AS 'be_lo_export';\n"
    "SELECT f(lo_from_bytea(0, 'x'), '{folder}/file');",
    ">>CREATE FUNCTION f() RETURNS void LANGUAGE c AS '{folder}/evil', 'f';",
    ">>CREATE FUNCTION f() RETURNS void LANGUAGE plpython3u AS $$ import os $$;",
    ">>CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE 'plperlu' AS $$ unlink $$;",
    ">>DO LANGUAGE plpython3u $$ import os $$;",
    ">>CREATE LANGUAGE plpython3u;",
    ">>CREATE EXTENSION dblink;\nSELECT dblink_exec('dbname={victim}', 'DELETE FROM users');",
    '>>CREATE EXTENSION IF NOT EXISTS "postgres_fdw" WITH SCHEMA public;',
    ">>CREATE EXTENSION file_fdw;",
    ">>CREATE EXTENSION adminpack;",
    ">>CREATE EXTENSION plpython3u;",
    ">>SELECT dblink('dbname={victim}', 'DELETE FROM users');",
    ">>CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname '{victim}');",
    ">>CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'postgres');",
    ">>CREATE FOREIGN TABLE t (id integer) SERVER s;",
    ">>IMPORT FOREIGN SCHEMA public FROM SERVER s INTO public;",
    ">>CREATE SUBSCRIPTION s CONNECTION 'dbname={victim}' PUBLICATION p;",
    ">>LOAD '{folder}/evil.so';",
    ">>SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{victim}';",
    ">>SELECT pg_reload_conf();",
    ">>SELECT pg_read_file('/etc/passwd');",
    ">>CREATE TABLE a AS SELECT pg_ls_dir('.') AS name;",
    ">>SELECT pg_create_physical_replication_slot('s');",
    ">>SELECT pg_stat_reset();",
    ">>UPDATE pg_authid SET rolsuper = true;",
    ">>DELETE FROM pg_catalog.pg_database WHERE datname = '{victim}';",
    ">>INSERT INTO pg_auth_members SELECT 1;",
    ">>UPDATE ONLY pg_database SET datallowconn = false;",
    ">>DO $$ BEGIN CREATE ROLE evil; END $$;",
    ">>DO $$\nBEGIN\n    IF true THEN\n        DROP ROLE pydb;\n    END IF;\nEND $$;",
    ">>DO 'BEGIN CREATE ROLE evil; END';",
    ">>DO $$ BEGIN EXECUTE 'CREATE ROLE evil'; END $$;",
    ">>DO $$ BEGIN EXECUTE 'CREATE ' || 'ROLE evil'; END $$;",
    ">>DO $$ BEGIN EXECUTE format('CREATE %s evil', 'ROLE'); END $$;",
    ">>DO $$ BEGIN EXECUTE chr(67) || 'REATE ROLE evil'; END $$;",
    ">>DO $$ DECLARE q text := 'ALTER ROLE pydb'; BEGIN q := q || ' SUPERUSER'; EXECUTE q; END $$;",
    ">>DO $$ BEGIN EXECUTE E'\\x43REATE ROLE evil'; END $$;",
    ">>DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO ''{folder}/file'''; END $$;",
    ">>DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'touch {folder}/file'; END $$;",
    ">>DO $$ BEGIN PERFORM lo_export(lo_from_bytea(0, 'x'), '{folder}/file'); END $$;",
    ">>CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP ROLE pydb; END $$;\nSELECT f();",
    ">>CREATE PROCEDURE p() LANGUAGE sql AS 'CREATE ROLE evil';\nCALL p();",
    ">>CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT lo_unlink(1); SELECT pg_reload_conf(); END;",
    "CREATE FUNCTION f(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\n"
    ">>SELECT f('CREATE ROLE evil');",
    "CREATE FUNCTION f(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\n"
    ">>SELECT f(chr(67) || 'OPY (SELECT 1) TO ''{folder}/file''');",
    "CREATE FUNCTION f(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\n"
    "CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ SELECT f(chr(67) || 'REATE ROLE evil') $$;\n"
    ">>SELECT g();",
    "CREATE TABLE a (id integer, q text);\n"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE NEW.q; RETURN NEW; END $$;\n"
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\n"
    ">>INSERT INTO a VALUES (1, 'CREATE ROLE evil');",
    ">>CREATE FUNCTION f() RETURNS void LANGUAGE U&'\\0063' AS '{folder}/evil', 'f';",
    ">>CREATE FUNCTION f(oid, text) RETURNS integer LANGUAGE \"internal\" AS 'be_lo_export';",
    ">>CREATE AGGREGATE a (text) (sfunc = lo_export, stype = oid);",
    ">>CREATE OPERATOR @@@ (procedure = lo_export, leftarg = oid, rightarg = text);",
    ">>CREATE CAST (text AS oid) WITH FUNCTION lo_import(text);",
    ">>UPDATE pg_proc SET prolang = 13 WHERE proname = 'f';",
    ">>INSERT INTO pg_catalog.pg_proc SELECT * FROM pg_proc;",
    ">>SELECT query_to_xml('DELETE FROM pg_authid', true, true, '');",
    ">>SET standard_conforming_strings = off;\nSELECT '\\'' || lo_export(1, '{folder}/file') || '\\'';",
    ">>SELECT set_config('standard_conforming_strings', 'off', false);",
    ">>\\connect {victim}\nDROP TABLE users;",
    ">>\\c {victim}\nDROP TABLE users;",
    ">>\\! touch {folder}/file\nCREATE TABLE a (id integer);",
    ">>\\i {folder}/other.sql\nCREATE TABLE a (id integer);",
    ">>\\copy users FROM '{folder}/file'\nCREATE TABLE a (id integer);",
    ">>BEGIN;\nCREATE TABLE a (id integer);\nCOMMIT;",
    "CREATE TABLE a (id integer);\n>>COMMIT;\nDROP ROLE pydb;",
    ">>ROLLBACK;",
    ">>PREPARE TRANSACTION 'x';",
    ">>START TRANSACTION;",
    ">>PREPARE p AS SELECT 1;\nEXECUTE p;",
    ">>LISTEN everything;",
    ">>VACUUM;",
    ">>CREATE TABLE meetings (event varchar(9), begin date); DROP ROLE pydb;",
    ">>CREATE TABLE meetings (event varchar(9), begin date); CHECKPOINT;",
    ">>EXPLAIN ANALYZE UPDATE pg_database SET datallowconn = false;",
    ">>WITH gone AS (DELETE FROM pg_authid RETURNING oid) SELECT oid FROM gone;",
]

ALLOWED = [
    'CREATE TABLE a (id integer, role text, "user" text, owner text, copy text, load text, system text);\n'
    "ALTER TABLE a DROP role;\nALTER TABLE a DROP COLUMN system;\nALTER TABLE a ALTER owner SET DEFAULT 'x';",
    "CREATE TABLE a (t text);\nINSERT INTO a VALUES ('DROP DATABASE x; CREATE ROLE y'), ($$COPY a TO '/file'$$);\n"
    "COMMENT ON TABLE a IS 'GRANT x TO y';\nUPDATE a SET t = 'DROP ROLE x' WHERE t = 'ALTER SYSTEM';",
    "CREATE TABLE a (id integer);\nGRANT SELECT ON a TO PUBLIC;\nREVOKE ALL ON SCHEMA public FROM PUBLIC;\n"
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;",
    "CREATE EXTENSION IF NOT EXISTS pgcrypto;\nCREATE EXTENSION citext;\nCREATE TABLE a (t citext);",
    "CREATE SCHEMA app;\nCREATE TYPE app.mood AS ENUM ('ok');\nCREATE DOMAIN app.d AS text;\n"
    "CREATE SEQUENCE app.s;\nCREATE TABLE app.a (id integer DEFAULT nextval('app.s'), m app.mood);\n"
    "CREATE MATERIALIZED VIEW app.v AS SELECT id FROM app.a;\nREFRESH MATERIALIZED VIEW app.v;\n"
    "CREATE STATISTICS app.x ON id, m FROM app.a;\nALTER TABLE app.a ENABLE ROW LEVEL SECURITY;\n"
    "CREATE POLICY p ON app.a USING (id > 0);\nCREATE PUBLICATION p FOR TABLE app.a;",
    "CREATE TABLE a (id integer);\n"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := 1; RETURN NEW; END $$;\n"
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO a VALUES (2);",
    "CREATE TABLE a (id integer);\nCREATE RULE r AS ON DELETE TO a DO INSTEAD UPDATE a SET id = 0;",
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'x') THEN RAISE NOTICE 'no role'; END IF; END $$;",
    "CREATE TABLE a (id integer) PARTITION BY RANGE (id);\n"
    "DO $$ BEGIN FOR i IN 1..3 LOOP\n"
    "    EXECUTE format('CREATE TABLE a_%s PARTITION OF a FOR VALUES FROM (%s) TO (%s)', i, i * 10, i * 10 + 10);\n"
    "END LOOP; END $$;",
    "CREATE TABLE a (id integer);\n"
    "CREATE FUNCTION purge(name text) RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN EXECUTE 'DELETE FROM ' || quote_ident(name); END $$;\nINSERT INTO a VALUES (1);\nSELECT count(*) FROM a;",
    "SET statement_timeout = 0;\nSET standard_conforming_strings = on;\n"
    "SELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\n"
    "CREATE TABLE public.a (id integer NOT NULL);\nALTER TABLE public.a OWNER TO postgres;\n"
    "CREATE SEQUENCE public.s START WITH 1;\nALTER SEQUENCE public.s OWNED BY public.a.id;\n"
    "SELECT pg_catalog.setval('public.s', 1, true);",
    "CREATE FUNCTION two() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;",
    "CREATE TABLE a (id integer);\n"
    "DO $$ BEGIN ALTER TABLE a ADD COLUMN b text; EXCEPTION WHEN OTHERS THEN NULL; END $$;",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'DROP ROLE is a text here' $$;\nSELECT f();",
    "CREATE TABLE a (id integer, revoke text);\nSELECT revoke AS r FROM a;\nSELECT a.revoke, id FROM a;",
]
