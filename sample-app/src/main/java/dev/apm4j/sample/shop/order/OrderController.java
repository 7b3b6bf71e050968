package dev.apm4j.sample.shop.order;

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderService orders;

	OrderController(OrderService orders) {
		this.orders = orders;
	}

	@GetMapping
	List<Order> orders(@RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
		return this.orders.findLatest(limit);
	}

	@GetMapping("/{id}")
	OrderDetails order(@PathVariable long id) {
		return this.orders.find(id);
	}

	@PostMapping
	ResponseEntity<Placed> place(@RequestBody @Valid NewOrder order) {
		long id = this.orders.place(order);
		URI location = ServletUriComponentsBuilder.fromCurrentRequest().path("/{id}").build(id);
		return ResponseEntity.created(location).body(new Placed(id));
	}

	record Placed(long id) {

	}

}
