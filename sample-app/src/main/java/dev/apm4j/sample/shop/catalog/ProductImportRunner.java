package dev.apm4j.sample.shop.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/**
 * Imports the supplier's price list, a CSV file with one header line, at start-up.
 */
@Component
class ProductImportRunner implements ApplicationRunner {

	private static final Logger logger = LoggerFactory.getLogger(ProductImportRunner.class);

	private final ProductRepository products;

	private final Resource file;

	ProductImportRunner(ProductRepository products, @Value("${shop.catalog.import-file}") Resource file) {
		this.products = products;
		this.file = file;
	}

	@Override
	public void run(ApplicationArguments args) throws IOException {
		List<Object[]> rows = read();
		this.products.merge(rows);
		logger.info("Imported {} products from {}", rows.size(), this.file.getFilename());
	}

	private List<Object[]> read() throws IOException {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.file.getInputStream(), StandardCharsets.UTF_8))) {
			return reader.lines().skip(1).filter((line) -> !line.isBlank()).map(this::parse).toList();
		}
	}

	private Object[] parse(String line) {
		String[] columns = line.split(",", -1);
		if (columns.length != 4) {
			throw new IllegalArgumentException("Expected sku,name,category,price but got '%s'".formatted(line));
		}
		return new Object[] { columns[0], columns[1], columns[2], new BigDecimal(columns[3]) };
	}

}
