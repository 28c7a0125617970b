-- name: all
select * from books;

-- name: by_author
select b.*, a.name as author
from books as b
inner join authors as a on b.author_id = a.id
where a.id = :author_id
order by b.id;

-- name: find
select id, title from books
where title like :pattern
and price between :low and :high
order by title limit :limit offset :offset;

-- name: add<!
insert into books (author_id, title, price) values (:author_id, :title, :price)
returning id, title, price;

-- name: upsert!
insert into books (id, author_id, title, price) values (:id, :author_id, :title, :price)
on conflict (id) do update set title = excluded.title, price = excluded.price;

-- name: discount!
update books set price = price * :factor where author_id = :author_id;

-- name: sell!
update books set available = false where id = :id and available;

-- name: cheapest^
select id, title, price from books order by price, id limit 1;

-- name: total$
select coalesce(sum(price), 0) from books where available;

-- name: titles
select distinct title from books order by title;

-- name: without_tags
select b.id, b.title from books as b left join tags as t on t.book_id = b.id where t.book_id is null;

-- name: tag!
insert or ignore into tags (book_id, name) values (:book_id, :name);

-- name: tag_many*!
insert into tags (book_id, name) values (:book_id, :name);

-- name: from_keyword
select id from books where price >= :from and price < :to;

-- name: null_test
select id from books where :title is null or title = :title;
