INSERT INTO customers (id, name, country) VALUES
	(1, 'Customer One', 'DE'),
	(2, 'Customer Two', 'FR'),
	(3, 'Customer Three', 'KR'),
	(4, 'Customer Four', 'US'),
	(5, 'Customer Five', 'DE'),
	(6, 'Customer Six', 'KR'),
	(7, 'Customer Seven', 'DE'),
	(8, 'Customer Eight', 'FR');

INSERT INTO products (sku, name, category, price) VALUES
	('TEA-001', 'Green tea, 100 g', 'tea', 7.90),
	('TEA-002', 'Black tea, 100 g', 'tea', 6.50),
	('TEA-003', 'Barley tea, 250 g', 'tea', 5.20),
	('CUP-001', 'Tea cup, white', 'kitchen', 9.00),
	('CUP-002', 'Tea cup, blue', 'kitchen', 9.00),
	('POT-001', 'Cast iron teapot', 'kitchen', 48.00),
	('LMP-001', 'Reading lamp', 'living', 39.50),
	('LMP-002', 'Paper lamp', 'living', 24.00),
	('BLK-001', 'Wool blanket', 'living', 69.00),
	('GRD-001', 'Watering can', 'garden', 18.40),
	('GRD-002', 'Garden shears', 'garden', 22.90),
	('GRD-003', 'Seed box', 'garden', 12.30);

INSERT INTO stock (product_id, quantity, reorder_level)
SELECT id, CASE WHEN id IN (3, 8) THEN 5 ELSE 100 END, 20 FROM products;

-- 40 orders spread over last year, in turn with one, two and three items.
INSERT INTO orders (id, customer_id, placed_at, status, payment_method)
SELECT n, MOD(n - 1, 8) + 1,
	DATEADD(DAY, n * 9 - 5, DATE_TRUNC(YEAR, DATEADD(YEAR, -1, CURRENT_TIMESTAMP))),
	'DELIVERED',
	CASE MOD(n, 5) WHEN 0 THEN 'bank-transfer' WHEN 1 THEN 'invoice' ELSE 'card' END
FROM (SELECT X AS n FROM SYSTEM_RANGE(1, 40));

INSERT INTO order_items (order_id, product_id, quantity, unit_price)
SELECT o.id, p.id, 1 + MOD(o.id + p.id, 3), p.price
FROM orders o
JOIN SYSTEM_RANGE(0, 2) item ON item.X <= MOD(o.id - 1, 3)
JOIN products p ON p.id = MOD(o.id * 5 + item.X * 4, 12) + 1;
