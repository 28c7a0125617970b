-- A help desk.

CREATE TABLE agents (
    id integer AUTO_INCREMENT PRIMARY KEY,
    login varchar(190) NOT NULL UNIQUE,
    full_name text NOT NULL,
    boss_id integer REFERENCES agents (id),
    starts_at time(6) NOT NULL DEFAULT '08:00:00',
    rate decimal(8, 2),
    away boolean
);

CREATE TABLE tickets (
    id integer AUTO_INCREMENT PRIMARY KEY,
    subject text NOT NULL,
    body text,
    state varchar(190) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'waiting', 'closed')),
    priority integer NOT NULL DEFAULT 3,
    agent_id integer REFERENCES agents (id),
    duplicate_of integer REFERENCES tickets (id),
    opened_at datetime(6) NOT NULL,
    closed_at datetime(6),
    due_on date
);

CREATE TABLE labels (
    name varchar(190) NOT NULL PRIMARY KEY,
    colour char(7) NOT NULL DEFAULT '#ffffff'
);

CREATE TABLE ticket_labels (
    ticket_id integer NOT NULL REFERENCES tickets (id),
    label varchar(190) NOT NULL REFERENCES labels (name),
    PRIMARY KEY (ticket_id, label)
);

CREATE TABLE replies (
    id integer AUTO_INCREMENT PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets (id),
    agent_id integer REFERENCES agents (id),
    body text NOT NULL,
    internal boolean NOT NULL DEFAULT FALSE,
    minutes integer,
    attachment longblob
);

CREATE INDEX tickets_state ON tickets (state, priority);

CREATE VIEW open_tickets AS
SELECT t.id, t.subject, t.priority, a.login FROM tickets AS t
LEFT JOIN agents AS a ON a.id = t.agent_id WHERE t.state <> 'closed';
