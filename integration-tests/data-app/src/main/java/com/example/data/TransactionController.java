package com.example.data;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/transaction")
class TransactionController {

	private final NoteService notes;

	TransactionController(NoteService notes) {
		this.notes = notes;
	}

	@GetMapping("/commit")
	List<String> commit(@RequestParam String run) {
		this.notes.addTwo("zzcommit-" + run);
		return List.of("committed");
	}

	@GetMapping("/rollback")
	List<String> rollback(@RequestParam String run) {
		try {
			this.notes.addAndFail("zzrollback-" + run);
			return List.of("committed");
		}
		catch (IllegalStateException ex) {
			return List.of("rolled back");
		}
	}

	@GetMapping("/savepoint")
	List<String> savepoint(@RequestParam String run) {
		this.notes.addWithSavepoint("zzsavepoint-" + run);
		return List.of("committed");
	}

}
