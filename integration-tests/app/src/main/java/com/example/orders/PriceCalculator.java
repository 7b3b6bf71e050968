package com.example.orders;

import dev.apm4j.annotation.MethodProfiling;

import org.springframework.stereotype.Service;

@Service
class PriceCalculator {

	@MethodProfiling
	public int price(int quantity) {
		return quantity * 10;
	}

}
