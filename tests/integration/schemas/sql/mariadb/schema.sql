CREATE TABLE customers (
    id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(200) NULL, -- Expect C503 mariadb
    email varchar(200) NULL,
    surname varchar(200) NULL, -- Expect C502 mariadb
    birthday boolean NULL, -- Expect C506 mariadb
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_name_check CHECK (char_length(name) > 0),
    CONSTRAINT customers_mail_check CHECK (char_length(email) > 3) -- Expect C505 mariadb
);
CREATE TABLE orders (
    id integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_id integer NOT NULL,
    number integer NOT NULL
);
CREATE TABLE only_there (id integer NOT NULL PRIMARY KEY); -- Expect C501 mariadb
