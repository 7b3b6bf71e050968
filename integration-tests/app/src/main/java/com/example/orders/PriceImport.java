package com.example.orders;

import dev.apm4j.annotation.BatchProfiling;

import org.springframework.stereotype.Service;

@Service
class PriceImport {

	@BatchProfiling
	public int importPrices(int count) {
		if (count < 0) {
			throw new IllegalArgumentException("A negative number of prices");
		}
		return count;
	}

}
