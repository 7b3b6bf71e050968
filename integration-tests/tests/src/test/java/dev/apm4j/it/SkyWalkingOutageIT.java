package dev.apm4j.it;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apm4j.it.app.Application;
import dev.apm4j.it.app.Applications;
import dev.apm4j.it.app.BootLine;
import dev.apm4j.it.app.Caller;
import dev.apm4j.it.app.Deployment;
import dev.apm4j.it.app.Traces;
import dev.apm4j.it.oap.OapQueries;
import dev.apm4j.it.oap.OapServer;
import dev.apm4j.it.oap.Reporting;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A SkyWalking server that is away for a while, and one that cannot be talked to.
 */
class SkyWalkingOutageIT {

	private static final String TOKEN = "s3cret-token";

	private static final OapServer server = new OapServer("outage").withToken(TOKEN);

	@RegisterExtension
	final Applications applications = new Applications();

	@BeforeAll
	static void start() {
		server.start();
	}

	@AfterAll
	static void end() {
		server.close();
	}

	@Test
	void applicationNeverNoticesAnOutage() {
		Application application = this.applications
			.add(Reporting.sample(server.address(), "outage", "--apm.skywalking.token=" + TOKEN,
					"--apm.export.queue-size=64", "--apm.export.batch-size=16"))
			.awaitStarted();
		Caller caller = new Caller(application);
		OapQueries oap = server.queries();
		eventually().until(() -> traceArrives(caller, oap));
		try (Load load = new Load(application)) {
			server.stop();
			eventually().untilAsserted(() -> {
				JsonNode backend = backend(caller);
				assertThat(backend.path("state").asText()).isEqualTo("down");
				assertThat(dropped(backend)).isPositive();
				assertThat(backend.path("lastError").asText()).contains(server.address()).contains("cannot be reached");
			});
			long meanwhile = load.answered();
			eventually().until(() -> load.answered() > meanwhile + 100);

			server.start();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.pollInterval(Duration.ofMillis(500))
				.until(() -> traceArrives(caller, oap));
			eventually().untilAsserted(() -> assertThat(backend(caller).path("state").asText()).isEqualTo("up"));
			// The new server knew nothing of this instance.
			eventually().untilAsserted(() -> assertThat(oap.instances("outage")).singleElement()
				.satisfies((instance) -> assertThat(instance.path("language").asText()).isEqualTo("JAVA")));
			assertThat(load.failures()).isEmpty();
			// What the application does takes milliseconds.
			assertThat(load.slowestMillis()).isLessThan(10_000);
		}
		// Whatever became of a segment, it is counted once.
		eventually().untilAsserted(() -> {
			JsonNode apm = caller.json("/actuator/apm");
			JsonNode backend = apm.path("backends").path(0);
			assertThat(backend.path("queue").asInt()).isZero();
			assertThat(backend.path("offered").asLong()).isEqualTo(backend.path("sent").asLong() + dropped(backend));
		});
		assertThat(application.log()).doesNotContain(TOKEN);
	}

	/**
	 * Makes a request and looks for its trace for as long as a trace takes to be found.
	 */
	private static boolean traceArrives(Caller caller, OapQueries oap) {
		String traceId = Traces.newTraceId();
		assertThat(caller.get("/stock/1", "traceparent", Traces.traceparent(traceId)).statusCode()).isEqualTo(200);
		long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
		while (System.nanoTime() < end) {
			if (!oap.trace(traceId).isEmpty()) {
				return true;
			}
			LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
		}
		return false;
	}

	@ParameterizedTest
	@EnumSource
	void reasonWhyNothingArrivesIsTold(Mistake mistake) {
		Application application = this.applications.start(Deployment.of(BootLine.BOOT_4_1), "skywalking " + mistake,
				Reporting.arguments(mistake.address(), "mistaken", mistake.arguments()));
		Caller caller = new Caller(application);
		assertThat(caller.get("/products/1").statusCode()).isEqualTo(200);
		eventually().untilAsserted(() -> {
			JsonNode backend = backend(caller);
			assertThat(backend.path("state").asText()).isEqualTo("down");
			assertThat(backend.path("lastError").asText()).contains(mistake.reason());
			assertThat(backend.path("notice").asText()).contains("keep-alive").contains(mistake.reason());
		});
		List<String> warnings = application.log()
			.lines()
			.filter((line) -> line.contains(" WARN ") && line.contains(mistake.reason()))
			.toList();
		// Each of pipeline and heartbeat says it once a minute.
		assertThat(warnings).isNotEmpty().hasSizeLessThanOrEqualTo(4);
		assertThat(application.log()).doesNotContain(TOKEN).doesNotContain("wrong-token").doesNotContain("\tat io.");
	}

	enum Mistake {

		WRONG_TOKEN("apm.skywalking.token is not the one it knows", "--apm.skywalking.token=wrong-token"),

		NO_TOKEN("it wants a token"),

		HTTP_PORT("not in gRPC: a wrong port", "--apm.skywalking.token=" + TOKEN) {

			@Override
			String address() {
				return server.httpAddress();
			}

		},

		CLOSED_PORT("connection refused", "--apm.skywalking.token=" + TOKEN) {

			@Override
			String address() {
				return "127.0.0.1:1";
			}

		},

		TLS("does not speak TLS", "--apm.skywalking.token=" + TOKEN, "--apm.skywalking.tls.enabled=true");

		private final String reason;

		private final String[] arguments;

		Mistake(String reason, String... arguments) {
			this.reason = reason;
			this.arguments = arguments;
		}

		String address() {
			return server.address();
		}

		String reason() {
			return this.reason;
		}

		String[] arguments() {
			return this.arguments;
		}

	}

	private static ConditionFactory eventually() {
		return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(300));
	}

	private static JsonNode backend(Caller caller) {
		JsonNode backend = caller.json("/actuator/apm").path("backends").path(0);
		assertThat(backend.path("name").asText()).isEqualTo("skywalking");
		return backend;
	}

	private static long dropped(JsonNode backend) {
		return StreamSupport.stream(backend.path("dropped").spliterator(), false).mapToLong(JsonNode::longValue).sum();
	}

	/**
	 * Requests, one after the other, until closed.
	 */
	private static final class Load implements AutoCloseable {

		private final AtomicBoolean ended = new AtomicBoolean();

		private final AtomicLong answered = new AtomicLong();

		private final AtomicLong slowestNanos = new AtomicLong();

		private final Queue<String> failures = new ConcurrentLinkedQueue<>();

		private final Thread thread;

		Load(Application application) {
			Caller caller = new Caller(application);
			this.thread = new Thread(() -> run(caller), "load");
			this.thread.start();
		}

		private void run(Caller caller) {
			while (!this.ended.get()) {
				long begin = System.nanoTime();
				try {
					int status = caller.get("/stock/1").statusCode();
					this.slowestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
					if (status == 200) {
						this.answered.incrementAndGet();
					}
					else {
						this.failures.add("status " + status);
					}
				}
				catch (RuntimeException ex) {
					this.failures.add(ex.toString());
				}
			}
		}

		long answered() {
			return this.answered.get();
		}

		long slowestMillis() {
			return Duration.ofNanos(this.slowestNanos.get()).toMillis();
		}

		Queue<String> failures() {
			return this.failures;
		}

		@Override
		public void close() {
			this.ended.set(true);
			try {
				this.thread.join(30_000);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
