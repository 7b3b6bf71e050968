package dev.apm4j.sample.shop.catalog;

import java.math.BigDecimal;

record Product(long id, String sku, String name, String category, BigDecimal price) {

}
