package dev.apm4j.sample.shop.report;

import java.math.BigDecimal;
import java.util.Map;

/**
 * The stored function {@code sales_tax(country)}, which H2 calls.
 */
public final class SalesTax {

	private static final Map<String, BigDecimal> RATES = Map.of("DE", new BigDecimal("0.19"), "FR",
			new BigDecimal("0.20"), "KR", new BigDecimal("0.10"), "US", new BigDecimal("0.07"));

	private SalesTax() {
	}

	/**
	 * Return the tax rate of a country.
	 * @param country two letters
	 * @return the rate, 0 if there is none
	 * @throws InterruptedException if the query is given up
	 */
	public static BigDecimal rate(String country) throws InterruptedException {
		// Stands for what such functions do in real databases: a look-up in a remote
		// table.
		Thread.sleep(18);
		return RATES.getOrDefault(country, BigDecimal.ZERO);
	}

}
