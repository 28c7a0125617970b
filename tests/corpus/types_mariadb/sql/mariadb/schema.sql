-- A column of every type of MariaDB's manual, in a plant's records.

CREATE TABLE numbers (
    id bigint unsigned AUTO_INCREMENT PRIMARY KEY,
    tiny tinyint NOT NULL,
    flag boolean NOT NULL,
    small smallint NOT NULL,
    medium mediumint NOT NULL,
    int_ int NOT NULL,
    uint int unsigned NOT NULL,
    big bigint NOT NULL,
    ubig bigint unsigned,
    dec_ decimal(20, 2) NOT NULL,
    whole decimal(18, 0),
    single float NOT NULL,
    double_ double NOT NULL,
    bits bit(8),
    one_bit bit
);

CREATE TABLE texts (
    id int AUTO_INCREMENT PRIMARY KEY,
    fixed char(20) NOT NULL,
    var varchar(300) NOT NULL,
    tiny tinytext,
    free text NOT NULL,
    medium mediumtext,
    long_ longtext,
    choice enum('red', 'green', 'it''s') NOT NULL,
    many set('a', 'b', 'c'),
    latin varchar(50) CHARACTER SET latin1,
    cased varchar(50) COLLATE utf8mb4_bin
);

CREATE TABLE bytes_ (
    id int AUTO_INCREMENT PRIMARY KEY,
    fixed binary(4),
    var varbinary(300) NOT NULL,
    tiny tinyblob,
    free blob NOT NULL,
    long_ longblob
);

CREATE TABLE moments (
    id int AUTO_INCREMENT PRIMARY KEY,
    day date NOT NULL,
    maybe_day date,
    at_time time NOT NULL,
    at_time_6 time(6),
    stamp datetime NOT NULL,
    stamp_6 datetime(6),
    instant timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    made_in year
);

CREATE TABLE others (
    id int AUTO_INCREMENT PRIMARY KEY,
    doc json NOT NULL,
    maybe_doc json,
    uid uuid NOT NULL,
    host4 inet4,
    host6 inet6 NOT NULL,
    place point,
    shape geometry,
    twice int AS (id_copy * 2) VIRTUAL,
    id_copy int NOT NULL DEFAULT 3,
    joined varchar(100) AS (concat('n', id_copy)) STORED
);

CREATE TABLE versions (
    id int AUTO_INCREMENT PRIMARY KEY,
    name varchar(50) NOT NULL
) WITH SYSTEM VERSIONING;

CREATE SEQUENCE numbering START WITH 1;

CREATE PROCEDURE list_texts () SELECT id, free FROM texts;

CREATE FUNCTION double_of (x int) RETURNS int DETERMINISTIC RETURN x * 2;
