package com.example.data;

import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;

@Entity
@Table(name = "orders")
class PurchaseOrder {

	@Id
	private long id;

	private String status;

	@OneToMany(mappedBy = "order")
	private List<OrderLine> lines = new ArrayList<>();

	long getId() {
		return this.id;
	}

	String getStatus() {
		return this.status;
	}

	List<OrderLine> getLines() {
		return this.lines;
	}

}
