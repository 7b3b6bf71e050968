package com.example.orders;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class StockReport {

	private volatile long refreshed;

	@Scheduled(fixedRate = 1000)
	void refresh() {
		this.refreshed = System.nanoTime();
	}

}
