package dev.apm4j.sample.shop.stock;

import dev.apm4j.sample.shop.web.NotFoundException;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StockController {

	private final StockRepository stock;

	StockController(StockRepository stock) {
		this.stock = stock;
	}

	@GetMapping("/stock/{productId}")
	StockLevel stock(@PathVariable long productId) {
		return this.stock.findByProduct(productId).orElseThrow(() -> new NotFoundException("product", productId));
	}

}
