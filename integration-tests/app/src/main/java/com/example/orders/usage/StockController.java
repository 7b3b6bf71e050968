package com.example.orders.usage;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Uses the stock room while it is made, and by a request. In this package nothing calls
 * what has "dead" in its name.
 */
@RestController
class StockController {

	private final StockRoom room = new StockRoom();

	StockController() throws Exception {
		this.room.open();
	}

	@GetMapping("/stock-room")
	String requested() {
		return this.room.requested();
	}

	@GetMapping("/stock-room/dead")
	String deadEndpoint() {
		return this.room.deadPublic();
	}

}
