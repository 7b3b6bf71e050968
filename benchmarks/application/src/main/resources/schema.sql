CREATE TABLE orders (id INT PRIMARY KEY, customer VARCHAR(100) NOT NULL);
INSERT INTO orders SELECT x, 'customer ' || x FROM system_range(0, 999);
