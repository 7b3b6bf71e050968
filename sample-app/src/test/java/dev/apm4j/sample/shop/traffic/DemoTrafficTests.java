package dev.apm4j.sample.shop.traffic;

import java.time.Duration;
import java.util.Optional;

import dev.apm4j.sample.shop.ShopApplication;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link DemoTraffic}.
 */
class DemoTrafficTests {

	@Test
	void visitsTheShopUntilItCloses() {
		Thread visitor;
		try (ConfigurableApplicationContext shop = start("--demo.traffic=true")) {
			MeterRegistry meters = shop.getBean(MeterRegistry.class);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(requests(meters)).isGreaterThanOrEqualTo(3));
			visitor = visitor().orElseThrow();
		}
		assertThat(visitor.isAlive()).isFalse();
	}

	@Test
	void staysAwayWhenSwitchedOff() {
		try (ConfigurableApplicationContext shop = start("--demo.traffic=false")) {
			assertThat(shop.getBeanProvider(DemoTraffic.class).getIfAvailable()).isNull();
		}
	}

	private static ConfigurableApplicationContext start(String argument) {
		return SpringApplication.run(ShopApplication.class, "--server.port=0", argument);
	}

	private static long requests(MeterRegistry meters) {
		return meters.find("http.server.requests").timers().stream().mapToLong(Timer::count).sum();
	}

	private static Optional<Thread> visitor() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("demo-traffic"))
			.findAny();
	}

}
