-- What the dynamic statements of this folder read and write.
CREATE TABLE tenants (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (
    id integer PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants (id),
    username text NOT NULL UNIQUE,
    email text,
    role text NOT NULL,
    manager_id integer REFERENCES users (id),
    active boolean NOT NULL DEFAULT TRUE,
    created_at text NOT NULL
);
CREATE TABLE posts (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    title text NOT NULL,
    body text,
    status text NOT NULL,
    score integer NOT NULL DEFAULT 0,
    deleted_at text,
    created_at text NOT NULL
);
CREATE TABLE tags (post_id integer NOT NULL REFERENCES posts (id), name text NOT NULL, PRIMARY KEY (post_id, name));
CREATE TABLE stock (sku text PRIMARY KEY, place text NOT NULL, quantity integer NOT NULL, price numeric(10, 2));
