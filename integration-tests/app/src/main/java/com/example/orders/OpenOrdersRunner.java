package com.example.orders;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Looks at the orders that were left open when the application was stopped.
 */
@Component
class OpenOrdersRunner implements ApplicationRunner {

	private final PriceImport priceImport;

	OpenOrdersRunner(PriceImport priceImport) {
		this.priceImport = priceImport;
	}

	@Override
	public void run(ApplicationArguments args) {
		this.priceImport.importPrices(3);
	}

}
