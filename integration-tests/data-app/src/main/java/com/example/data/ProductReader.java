package com.example.data;

import dev.apm4j.annotation.MethodProfiling;

import org.springframework.stereotype.Component;

@Component
class ProductReader {

	private final ProductRepository products;

	ProductReader(ProductRepository products) {
		this.products = products;
	}

	@MethodProfiling
	public String read(long id) {
		return this.products.name(id);
	}

}
