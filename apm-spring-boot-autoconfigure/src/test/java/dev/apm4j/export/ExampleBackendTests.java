package dev.apm4j.export;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The example of docs/backends.md works and is what the page shows.
 */
class ExampleBackendTests {

	private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

	private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();

	private HttpServer server;

	@BeforeEach
	void startServer() throws Exception {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/traces", (exchange) -> {
			this.bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			Integer status = this.statuses.poll();
			exchange.sendResponseHeaders((status != null) ? status : 202, -1);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.stop(0);
	}

	@Test
	void sendsTriesAgainAndIsRefused() throws Exception {
		String url = "http://127.0.0.1:" + this.server.getAddress().getPort() + "/traces";
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("test", Map.of("webhook.url", url)));
			context.register(WebhookExporter.class);
			context.refresh();
			List<SegmentExporter> chosen = new BackendSelector(context.getBeansOfType(SegmentExporter.class).values())
				.select(List.of("webhook"));
			PipelineSettings settings = PipelineFixture.quick().batch(1, 100, Duration.ZERO).build();
			try (PipelineFixture apm = new PipelineFixture(settings, chosen.toArray(SegmentExporter[]::new)).start()) {
				apm.segment("GET /orders/{id}");
				assertThat(this.bodies.poll(30, TimeUnit.SECONDS))
					.matches("[0-9a-f]{32} GET /orders/\\{id} \\d+ us\\R");
				this.statuses.addAll(List.of(503, 202));
				apm.segment("twice");
				assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
				assertThat(apm.backend("webhook").sent()).isEqualTo(2);
				assertThat(this.bodies).hasSize(2);
				this.statuses.add(401);
				apm.segment("refused");
				assertThat(apm.pipeline.flush(PipelineFixture.LONG)).isTrue();
				assertThat(apm.backend("webhook").status().lastError()).isEqualTo("ExportRejectedException: HTTP 401");
			}
		}
	}

	@Test
	void thePageShowsIt() throws Exception {
		String source = Files.readString(Path.of("src/test/java/dev/apm4j/export/WebhookExporter.java"),
				StandardCharsets.UTF_8);
		String page = Files.readString(Path.of("../docs/backends.md"), StandardCharsets.UTF_8);
		assertThat(page).contains(source.substring(source.indexOf("@Component\n")).strip());
		assertThat(page).contains(source.lines().filter((line) -> line.startsWith("import ")).toList());
	}

}
