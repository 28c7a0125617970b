-- Authors: who writes the books.

-- name: get_by_id^
-- One author by key.
SELECT id, name, bio, born FROM authors WHERE id = :id

-- name: get_by_name(name)^
-- record_class: Author
SELECT * FROM authors WHERE name = :name;

-- name: get-all
-- Every author,
-- by name.
SELECT id, name FROM authors ORDER BY name;

-- name: count$
select count(*) from authors;

-- name: oldest$
-- The year in which the oldest was born.
select min(born) from authors where born is not null;

-- name: add<!
insert into authors (name, bio) values (:name, :bio) returning id;

-- name: add_whole<!
insert into authors (name, bio, born) values (:name, :bio, :born) returning *;

-- name: add_old<!
insert into authors (name) values (:name);

-- name: add_many*!
insert into authors (name, born) values (:name, :born);

-- name: rename!
update authors set name = :name where id = :id;

-- name: remove!
delete from authors where id = :id;

-- name: remove_all!
delete from authors;

-- name: by_ids
select id, name from authors where id in (:ids);

-- name: like
-- A percent sign, and a colon in a text.
select id from authors where name like '%a%' or bio = 'at: noon';

-- name: cast
select id from authors where born = :born::integer;

-- name: commented
select id, -- the key
       name /* and the name */
from authors
where born > :born -- after that year
order by id

-- name: twice
select id from authors where born = :year or born = :year + 1;

-- name: make_index#
create index authors_born_idx on authors (born);

-- name: make_tables#
create table one (a integer);
create table two (a integer);

-- name: with_cte
with old as (select id from authors where born < :year)
select a.name from authors as a inner join old on old.id = a.id;

-- name: exists$
select exists (select 1 from authors where name = :name);

-- name: get-all
select 1;

-- name: empty

-- name: odd name here
select 1;
