-- name: totals
select a.name, count(*) as books, sum(b.price) as worth
from authors as a
inner join books as b on b.author_id = a.id
group by a.name
having count(*) >= :least
order by worth desc;

-- name: running
select id, price, sum(price) over (order by id) as so_far from books order by id;

-- name: by_price
select case when price < 10 then 'cheap' else 'dear' end as kind, count(*) as n from books group by kind;
