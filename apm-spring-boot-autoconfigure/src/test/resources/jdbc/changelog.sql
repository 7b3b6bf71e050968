--liquibase formatted sql

--changeset apm4j:1
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40));
INSERT INTO customers VALUES (1, 'Ada');
