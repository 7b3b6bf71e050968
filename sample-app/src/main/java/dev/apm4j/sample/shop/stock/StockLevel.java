package dev.apm4j.sample.shop.stock;

record StockLevel(long productId, int quantity) {

}
