package dev.apm4j.autoconfigure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.web.client.HttpClientObservationsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.web.servlet.WebMvcObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.http.client.HttpClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.web.client.RestClientAutoConfiguration;
import org.springframework.boot.autoconfigure.web.embedded.EmbeddedWebServerFactoryCustomizerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a request to a whole application allocates on its thread because it is traced:
 * from the container's first byte to the last, with Spring Boot's own observations and
 * meters on both sides. {@code docs/performance.md} has the exact figures.
 */
class RequestAllocationTests {

	private static final int REQUESTS = 300;

	/** Most that the compiler may need to find out what doesn't leave a method. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@Test
	void tracingARequestAddsFewBytes() throws IOException {
		try (OtherService other = new OtherService();
				ConfigurableApplicationContext traced = start(other, "traced", true);
				ConfigurableApplicationContext plain = start(other, "plain", false)) {
			assertThat(added(traced, plain, "/text/1", 1_900)).isBetween(1L, 1_900L);
			assertThat(added(traced, plain, "/sql/1", 2_600)).isBetween(1L, 2_600L);
			assertThat(added(traced, plain, "/call/1", 4_600)).isBetween(1L, 4_600L);
		}
	}

	private static ConfigurableApplicationContext start(OtherService other, String name, boolean enabled) {
		return new SpringApplication(Shop.class).run("--apm.enabled=" + enabled, "--spring.application.name=" + name,
				"--server.port=0", "--server.address=127.0.0.1", "--server.tomcat.threads.max=1",
				"--server.tomcat.threads.min-spare=1", "--server.tomcat.max-keep-alive-requests=-1",
				"--spring.main.banner-mode=off", "--logging.level.root=warn", "--spring.jmx.enabled=false",
				"--spring.http.client.factory=jdk", "--spring.datasource.url=jdbc:h2:mem:" + name,
				"--apm.dashboard.enabled=false", "--test.other=" + other.url());
	}

	/** The least of many rounds, as the compiler comes to its best at a time unknown. */
	private long added(ConfigurableApplicationContext traced, ConfigurableApplicationContext plain, String path,
			long enough) throws IOException {
		long tracedBytes = Long.MAX_VALUE;
		long plainBytes = Long.MAX_VALUE;
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		for (int round = 0; round < 10
				|| (tracedBytes - plainBytes > enough && System.nanoTime() < deadline); round++) {
			tracedBytes = Math.min(tracedBytes, bytes(traced, path));
			plainBytes = Math.min(plainBytes, bytes(plain, path));
		}
		return tracedBytes - plainBytes;
	}

	private long bytes(ConfigurableApplicationContext application, String path) throws IOException {
		int port = ((ServletWebServerApplicationContext) application).getWebServer().getPort();
		byte[] request = request(path);
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			OutputStream out = socket.getOutputStream();
			long thread = Long.parseLong(exchange(in, out, request("/thread")));
			exchange(in, out, request);
			long before = this.threads.getThreadAllocatedBytes(thread);
			for (int i = 0; i < REQUESTS; i++) {
				exchange(in, out, request);
			}
			return (this.threads.getThreadAllocatedBytes(thread) - before) / REQUESTS;
		}
	}

	private static byte[] request(String path) {
		return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: test\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static String exchange(InputStream in, OutputStream out, byte[] request) throws IOException {
		out.write(request);
		assertThat(line(in)).startsWith("HTTP/1.1 200");
		int length = 0;
		for (String header = line(in); !header.isEmpty(); header = line(in)) {
			if (header.startsWith("Content-Length: ")) {
				length = Integer.parseInt(header.substring("Content-Length: ".length()));
			}
		}
		return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.read(); c != '\n'; c = in.read()) {
			assertThat(c).isNotNegative();
			line.append((char) c);
		}
		return line.toString().strip();
	}

	/**
	 * Answers at once, in one packet: a server that sends two waits for the first one's
	 * acknowledgement.
	 */
	private static final class OtherService implements AutoCloseable {

		private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n12"
			.getBytes(StandardCharsets.US_ASCII);

		private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final ExecutorService threads = Executors.newCachedThreadPool();

		OtherService() throws IOException {
			this.threads.execute(this::accept);
		}

		String url() {
			return "http://localhost:" + this.socket.getLocalPort();
		}

		private void accept() {
			try {
				while (true) {
					Socket connection = this.socket.accept();
					this.threads.execute(() -> answer(connection));
				}
			}
			catch (IOException ex) {
				// Closed.
			}
		}

		private static void answer(Socket connection) {
			try (connection) {
				InputStream in = new BufferedInputStream(connection.getInputStream());
				while (true) {
					while (!line(in).isEmpty()) {
						// The headers don't matter.
					}
					connection.getOutputStream().write(ANSWER);
				}
			}
			catch (IOException | AssertionError ex) {
				// The client has closed the connection.
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
			this.threads.shutdownNow();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ApmProperties.class)
	@ImportAutoConfiguration({ EmbeddedWebServerFactoryCustomizerAutoConfiguration.class,
			ServletWebServerFactoryAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
			ErrorMvcAutoConfiguration.class, DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			HttpClientAutoConfiguration.class, RestClientAutoConfiguration.class, ObservationAutoConfiguration.class,
			WebMvcObservationAutoConfiguration.class, HttpClientObservationsAutoConfiguration.class,
			MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
			SimpleMetricsExportAutoConfiguration.class, ApmTracingAutoConfiguration.class,
			EmbeddedBackendAutoConfiguration.class, ServletInstrumentationAutoConfiguration.class,
			RestClientInstrumentationAutoConfiguration.class, ObservationInstrumentationAutoConfiguration.class,
			JdbcInstrumentationAutoConfiguration.class, LoggingInstrumentationAutoConfiguration.class })
	@RestController
	static class Shop {

		private final JdbcTemplate jdbc;

		private final RestClient client;

		Shop(JdbcTemplate jdbc, RestClient.Builder client, @Value("${test.other}") String other) {
			this.jdbc = jdbc;
			this.client = client.baseUrl(other).build();
			jdbc.execute("create table items (id int primary key, name varchar(20))");
			jdbc.update("insert into items values (1, 'one')");
		}

		/** The only worker there is. */
		@GetMapping("/thread")
		String thread() {
			return Long.toString(Thread.currentThread().getId());
		}

		@GetMapping("/text/{id}")
		String text(@PathVariable("id") int id) {
			return "hello";
		}

		@GetMapping("/sql/{id}")
		String sql(@PathVariable("id") int id) {
			return this.jdbc.queryForObject("select name from items where id = ?", String.class, id);
		}

		@GetMapping("/call/{id}")
		String call(@PathVariable("id") int id) {
			return this.client.get().uri("/items/{id}", id).retrieve().body(String.class);
		}

	}

}
