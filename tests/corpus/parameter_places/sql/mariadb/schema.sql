CREATE TABLE people (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(100) NOT NULL,
    nick varchar(100),
    age integer,
    score double,
    price decimal(10, 2) NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE,
    born date,
    seen datetime(6),
    doc json,
    raw blob,
    CONSTRAINT people_pkey PRIMARY KEY (id)
);
