package com.example.data;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/mybatis")
class MyBatisController {

	private final CustomerMapper customers;

	MyBatisController(CustomerMapper customers) {
		this.customers = customers;
	}

	@GetMapping("/query")
	List<String> query() {
		return this.customers.findByCity("zzcity")
			.stream()
			.map((customer) -> Rows.text(customer.id(), customer.name()))
			.toList();
	}

	@GetMapping("/insert")
	String insert(@RequestParam String run) {
		CustomerMapper.NewNote note = new CustomerMapper.NewNote("zzmybatis-" + run);
		this.customers.insert(note);
		return String.valueOf(note.getId());
	}

}
