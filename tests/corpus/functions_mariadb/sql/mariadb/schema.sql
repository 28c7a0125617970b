-- A to-do list, on which the functions of MariaDB's manual are tried.

CREATE TABLE items (
    id int AUTO_INCREMENT PRIMARY KEY,
    name varchar(300) NOT NULL,
    note text,
    code char(8) NOT NULL,
    n int NOT NULL,
    m int,
    u int unsigned NOT NULL,
    price decimal(20, 2) NOT NULL,
    ratio double NOT NULL,
    active boolean NOT NULL,
    pinned boolean,
    day date NOT NULL,
    due date,
    at_time time NOT NULL,
    stamp datetime(6) NOT NULL,
    later datetime,
    made_in year NOT NULL,
    flags bit(4) NOT NULL,
    choice enum('red', 'green') NOT NULL,
    doc json NOT NULL
);
