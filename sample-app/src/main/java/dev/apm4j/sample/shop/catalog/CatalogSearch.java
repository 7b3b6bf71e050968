package dev.apm4j.sample.shop.catalog;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Service;

@Service
class CatalogSearch {

	private final ProductRepository products;

	CatalogSearch(ProductRepository products) {
		this.products = products;
	}

	@Async
	CompletableFuture<List<Product>> search(String text) {
		return CompletableFuture.completedFuture(this.products.search(text));
	}

}
