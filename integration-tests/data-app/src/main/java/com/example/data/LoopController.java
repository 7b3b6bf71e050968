package com.example.data;

import java.util.ArrayList;
import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Queries in loops, as they should not be.
 */
@RestController
@RequestMapping("/loop")
class LoopController {

	private final ProductRepository products;

	private final ProductReader reader;

	LoopController(ProductRepository products, ProductReader reader) {
		this.products = products;
		this.reader = reader;
	}

	@GetMapping("/query")
	List<String> query(@RequestParam int count) {
		List<String> names = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			names.add(this.products.name(1 + i % 10));
		}
		return names;
	}

	/** The loop's body is a span of its own. */
	@GetMapping("/profiled")
	List<String> profiled(@RequestParam int count) {
		List<String> names = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			names.add(this.reader.read(1 + i % 10));
		}
		return names;
	}

	/** Statements that differ in their values and in how often something is repeated. */
	@GetMapping("/literals")
	List<String> literals(@RequestParam int count) {
		List<String> names = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			names.add(this.products.nameByLiteral(1 + i % 10));
		}
		return names;
	}

}
