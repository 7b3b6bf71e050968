CREATE TABLE orders (id INT PRIMARY KEY, customer VARCHAR(40));
INSERT INTO orders VALUES (1, 'Ada');
