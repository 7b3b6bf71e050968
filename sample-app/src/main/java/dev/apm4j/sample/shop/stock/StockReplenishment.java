package dev.apm4j.sample.shop.stock;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Orders a box of everything that runs low.
 */
@Component
class StockReplenishment {

	private static final Logger logger = LoggerFactory.getLogger(StockReplenishment.class);

	private static final int PIECES_IN_A_BOX = 40;

	private final StockRepository stock;

	StockReplenishment(StockRepository stock) {
		this.stock = stock;
	}

	@Scheduled(initialDelay = 5, fixedRate = 15, timeUnit = TimeUnit.SECONDS)
	void replenish() {
		List<StockLevel> low = this.stock.findLow();
		low.forEach((level) -> this.stock.add(level.productId(), PIECES_IN_A_BOX));
		if (!low.isEmpty()) {
			logger.info("Replenished {} products", low.size());
		}
	}

}
