-- Tickets.

-- name: open :one Ticket
INSERT INTO tickets (subject, body, priority, opened_at, due_on)
VALUES (:subject, :body, :priority, :opened_at, :due_on)
RETURNING id, subject, body, state, priority, agent_id, opened_at, closed_at, due_on;

-- name: get :maybe Ticket
SELECT id, subject, body, state, priority, agent_id, opened_at, closed_at, due_on FROM tickets WHERE id = :id;

-- name: newest :many Ticket
SELECT id, subject, body, state, priority, agent_id, opened_at, closed_at, due_on
FROM tickets ORDER BY opened_at DESC, id DESC LIMIT :limit;

-- name: page :many TicketLine
SELECT id, subject FROM tickets WHERE (priority, id) > (:priority, :id) ORDER BY priority, id LIMIT :limit;

-- name: assign :affected
UPDATE tickets SET agent_id = :agent_id, state = 'open' WHERE id = :id AND state IN ('new', 'waiting');

-- name: close_many :affected
UPDATE tickets SET state = 'closed', closed_at = :closed_at WHERE id IN (:ids);

-- name: escalate :affected
UPDATE tickets SET priority = CASE WHEN priority > 1 THEN priority - 1 ELSE 1 END WHERE state = :state;

-- name: unassigned :many TicketLine
SELECT id, subject FROM tickets WHERE agent_id IS NULL AND state NOT IN (:states);

-- name: openings :many OpenTicket
SELECT id, subject, priority, login FROM open_tickets WHERE priority <= :priority;

-- name: with_agent :many TicketAgent
SELECT t.id, t.subject, a.full_name, b.full_name AS boss
FROM tickets AS t
LEFT JOIN agents AS a ON a.id = t.agent_id
LEFT JOIN agents AS b ON b.id = a.boss_id;

-- name: label :affected
INSERT INTO ticket_labels (ticket_id, label) VALUES (:ticket_id, :label);

-- name: labels_of :many scalar
SELECT label FROM ticket_labels WHERE ticket_id = :ticket_id ORDER BY label;

-- name: label_counts :many LabelCount
SELECT l.name, l.colour, count(t.ticket_id) AS n FROM labels AS l
LEFT JOIN ticket_labels AS t ON t.label = l.name GROUP BY l.name, l.colour;

-- name: having_all :many TicketId
SELECT ticket_id FROM ticket_labels WHERE label IN (:labels) GROUP BY ticket_id HAVING count(*) = :n;

-- name: workload :many Workload
SELECT
    a.id, a.login,
    count(t.id) AS tickets,
    sum(CASE WHEN t.state = 'closed' THEN 1 ELSE 0 END) AS closed,
    max(t.opened_at) AS last_at,
    COALESCE(sum(r.minutes), 0) AS minutes,
    a.rate * sum(r.minutes) AS cost
FROM agents AS a
LEFT JOIN tickets AS t ON t.agent_id = a.id
LEFT JOIN replies AS r ON r.ticket_id = t.id
GROUP BY a.id, a.login, a.rate;

-- name: reply :one Reply
INSERT INTO replies (ticket_id, agent_id, body, internal, minutes, attachment)
VALUES (:ticket_id, :agent_id, :body, :internal, :minutes, :attachment)
RETURNING id, ticket_id, agent_id, body, internal, minutes, attachment;

-- name: replies_of :many Reply
SELECT id, ticket_id, agent_id, body, internal, minutes, attachment
FROM replies WHERE ticket_id = :ticket_id AND (internal = :internal OR NOT internal) ORDER BY id;

-- name: attachments :many Attachment
SELECT id, length(attachment) AS size, attachment FROM replies WHERE attachment IS NOT NULL;

-- name: search :many TicketLine
SELECT id, subject FROM tickets WHERE lower(subject) LIKE lower(:pattern) OR body LIKE :pattern;

-- name: chain :many Chain
WITH RECURSIVE c (id, duplicate_of, depth) AS (
    SELECT t.id, t.duplicate_of, 1 FROM tickets AS t WHERE t.id = :id
    UNION ALL
    SELECT t.id, t.duplicate_of, c.depth + 1 FROM tickets AS t INNER JOIN c ON t.id = c.duplicate_of WHERE c.depth < 5
)
SELECT id, duplicate_of, depth FROM c;

-- name: oldest_open :one scalar
SELECT min(opened_at) AS opened_at FROM tickets WHERE state <> 'closed';

-- name: first_reply :many FirstReply
SELECT t.id, (SELECT r.body FROM replies AS r WHERE r.ticket_id = t.id ORDER BY r.id LIMIT 1) AS body,
    (SELECT count(*) FROM replies AS r WHERE r.ticket_id = t.id) AS n,
    EXISTS (SELECT 1 FROM replies AS r WHERE r.ticket_id = t.id AND r.internal) AS has_internal
FROM tickets AS t;

-- name: agents_all :many Agent
SELECT id, login, full_name, boss_id, starts_at, rate, away FROM agents;

-- name: hire :one Agent
INSERT INTO agents (login, full_name, starts_at, rate, away) VALUES (:login, :full_name, :starts_at, :rate, :away)
RETURNING id, login, full_name, boss_id, starts_at, rate, away;

-- name: present :many AgentName
SELECT id, full_name FROM agents WHERE COALESCE(away, FALSE) = :away;

-- name: early :many AgentName
SELECT id, full_name FROM agents WHERE starts_at < :before;

-- name: delete_reply :maybe GoneReply
DELETE FROM replies WHERE id = :id RETURNING id, ticket_id;

-- name: delete_ticket :exec
DELETE FROM tickets WHERE id = :id;

-- name: intersection :many scalar
SELECT ticket_id FROM ticket_labels INTERSECT SELECT ticket_id FROM replies;

-- name: state_words :many StateWord
SELECT id, CASE state WHEN :one THEN :word WHEN 'closed' THEN 'done' ELSE state END AS word FROM tickets;
