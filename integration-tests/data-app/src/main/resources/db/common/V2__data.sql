INSERT INTO digits (n) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);

INSERT INTO readings (id, amount)
SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n, a.n
FROM digits a CROSS JOIN digits b CROSS JOIN digits c CROSS JOIN digits d CROSS JOIN digits e;

INSERT INTO customers (id, name, city) VALUES
	(1, 'Customer One', 'zzcity'), (2, 'Customer Two', 'zzcity'), (3, 'Customer Three', 'elsewhere');

INSERT INTO products (id, name, stock) SELECT n + 1, 'zzproduct', 100 FROM digits;

INSERT INTO orders (id, customer_id, status)
SELECT 1 + a.n + 10 * b.n, 1 + MOD(a.n, 3), 'zzopen' FROM digits a CROSS JOIN digits b WHERE b.n < 4;

INSERT INTO order_lines (id, order_id, product, quantity)
SELECT o.id * 10 + d.n, o.id, 'zzproduct', d.n + 1 FROM orders o CROSS JOIN digits d WHERE d.n < 2;
