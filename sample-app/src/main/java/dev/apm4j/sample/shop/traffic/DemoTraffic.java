package dev.apm4j.sample.shop.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.apm4j.sample.shop.web.ServiceAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * One visitor who clicks through the shop, about three times a second, from when the
 * application is ready until it closes. The JDK's own client is used because the visitor
 * isn't part of the shop.
 */
@Component
@ConditionalOnBooleanProperty("demo.traffic")
class DemoTraffic {

	private static final Logger logger = LoggerFactory.getLogger(DemoTraffic.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final List<String> SEARCHES = List.of("tea", "cup", "wood", "lamp", "garden", "wool");

	private final ServiceAddress address;

	private final Random random = new Random();

	private @Nullable Thread thread;

	DemoTraffic(ServiceAddress address) {
		this.address = address;
	}

	@EventListener(ApplicationReadyEvent.class)
	synchronized void start() {
		if (this.thread == null) {
			this.thread = new Thread(this::visit, "demo-traffic");
			this.thread.setDaemon(true);
			this.thread.start();
			logger.info("Sending demo traffic, switch it off with --demo.traffic=false");
		}
	}

	@EventListener(ContextClosedEvent.class)
	synchronized void stop() throws InterruptedException {
		if (this.thread != null) {
			this.thread.interrupt();
			this.thread.join(TIMEOUT.toMillis());
			this.thread = null;
		}
	}

	private void visit() {
		HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
		boolean reachable = true;
		try {
			while (!Thread.currentThread().isInterrupted()) {
				try {
					client.send(nextRequest(), BodyHandlers.discarding());
					reachable = true;
				}
				catch (IOException ex) {
					if (reachable) {
						logger.warn("Demo traffic doesn't get through: {}", ex.toString());
					}
					reachable = false;
				}
				Thread.sleep(this.random.nextInt(150, 400));
			}
		}
		catch (InterruptedException ex) {
			// The application closes, and the thread is at its end anyway.
		}
	}

	private HttpRequest nextRequest() {
		return switch (this.random.nextInt(20)) {
			case 0 -> get("/orders");
			case 1 -> get("/orders/9999");
			case 2 -> placeOrder();
			case 3 -> get("/reports/sales");
			case 4 -> get("/catalog/products");
			case 5 -> get("/catalog/export");
			case 6, 7 -> get("/catalog/search?q=" + SEARCHES.get(this.random.nextInt(SEARCHES.size())));
			case 8, 9 -> get("/catalog/products/" + oneOf(36));
			case 10, 11 -> get("/customers/" + oneOf(8) + "/orders");
			case 12, 13 -> get("/payments/" + oneOf(40));
			default -> get("/orders/" + oneOf(40));
		};
	}

	private HttpRequest placeOrder() {
		String order = "{\"customerId\": %d, \"items\": [{\"productId\": %d, \"quantity\": %d}]}".formatted(oneOf(8),
				oneOf(36), oneOf(3));
		return request("/orders").header("Content-Type", MediaType.APPLICATION_JSON_VALUE)
			.POST(HttpRequest.BodyPublishers.ofString(order))
			.build();
	}

	private HttpRequest get(String path) {
		return request(path).build();
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.address.url(path))).timeout(TIMEOUT);
	}

	private int oneOf(int count) {
		return 1 + this.random.nextInt(count);
	}

}
