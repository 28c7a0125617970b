-- :name author_by_id :one
-- One author by key.
select * from authors where id = :id

-- :name author_by_name :1
select id, name from authors where name = :name;

-- :name all_authors :many
select id, name, born from authors order by id

-- :name authors_born_after :*
select id, name from authors where born > :year;

-- :name count_authors :scalar
select count(*) from authors;

-- :name oldest :scalar
select min(born) from authors

-- :name add_author :insert
insert into authors (name, bio) values (:name, :bio);

-- :name rename_author :affected
update authors set name = :name where id = :id;

-- :name remove_author :n
delete from authors where id = :id;

-- :name authors_by_ids :many
select id, name from authors where id in :ids;

-- :name authors_not_named :many
select id from authors where name not in :names and born is not null;

-- :name raw_authors :raw
select id from authors;

-- :name unmarked
select id, bio from authors;

-- :name wrong :several
select 1;

-- :name set_bio :affected
-- Give an author a text.
-- It may be null.
update authors set bio = :bio where id = :id;

-- :name nobody :one

-- :name cast_born :many
select id from authors where born = :born::integer;

-- :name author_names :many
select name from authors order by lower(name);

-- :name any_author :scalar
select exists (select 1 from authors where name = :name);

-- :name add-dashed :affected
insert into authors (name) values (:name);
