package com.example.data;

import java.util.List;

import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/jpa")
class JpaController {

	private final PurchaseOrderRepository orders;

	private final NoteRepository notes;

	private final OrderSummary summary;

	JpaController(PurchaseOrderRepository orders, NoteRepository notes, OrderSummary summary) {
		this.orders = orders;
		this.notes = notes;
		this.summary = summary;
	}

	@GetMapping("/find")
	List<String> find() {
		PurchaseOrder order = this.orders.findById(7L).orElseThrow();
		return List.of(Rows.text(order.getId(), order.getStatus()));
	}

	@GetMapping("/save")
	String save(@RequestParam String run) {
		return String.valueOf(this.notes.save(new Note("zzjpa-" + run)).getId());
	}

	@GetMapping("/loop")
	List<String> loop() {
		return this.summary.quantities();
	}

	@GetMapping("/too-long")
	List<String> tooLong() {
		try {
			this.notes.save(new Note("zztoolong".repeat(100)));
			return List.of();
		}
		catch (DataAccessException ex) {
			return Rows.failure(ex);
		}
	}

}
