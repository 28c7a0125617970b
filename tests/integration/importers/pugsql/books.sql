-- :name book_by_id :one
select id, title, price from books where id = :id;

-- :name books_of :many
select b.id, b.title, a.name
from books b join authors a on a.id = b.author_id
where a.id = :author_id
order by b.id;

-- :name add_book :insert
insert into books (author_id, title, price) values (:author_id, :title, :price);

-- :name upsert_book :affected
insert into books (id, author_id, title, price) values (:id, :author_id, :title, :price)
on conflict (id) do update set title = excluded.title;

-- :name search :many
select id, title from books where title like :pattern order by id limit :limit;

-- :name total :scalar
select sum(price) from books where available;

-- :name sell :affected
update books set available = false where id = :id;

-- :name titles :many
select title from books group by title having count(*) > :least;

-- :name page :many
select id, title from books order by id limit :limit offset :offset;

-- :name tags_of :many
select name from tags where book_id = :book_id order by name;

-- :name tag :affected
insert into tags (book_id, name) values (:book_id, :name);

-- :name untag :affected
delete from tags where book_id = :book_id and name in :names;

-- :name tagged :many
select b.id from books b where exists (select 1 from tags t where t.book_id = b.id and t.name = :name);

-- :name make_view :raw
create view cheap as select id from books where price < 10;

-- :name dearest :one
select id, title from books order by price desc limit 1;

-- :name of_authors :many
select id from books where author_id in :author_ids and price > :price;

-- :name changes :affected
update books set price = price + :more where id in :ids;

-- :name newest :scalar
select max(id) from books;

-- :name with_counts :many
select a.id, (select count(*) from books b where b.author_id = a.id) as books from authors a;

-- :name all_books :many
select books.* from books;
