package dev.apm4j.export.whatap;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import dev.apm4j.export.BackendStatus;
import dev.apm4j.export.DropReason;
import dev.apm4j.export.ExportPipeline;
import dev.apm4j.export.PipelineSettings;
import dev.apm4j.instrument.SecretNames;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WhaTapBackend} and {@link WhaTapExporter}: a tracer and a pipeline on
 * one side, an agent that reads strictly on the other.
 */
class WhaTapBackendTests {

	private static final Duration WAIT = Duration.ofSeconds(20);

	private final UdpAgent agent = new UdpAgent();

	private final Application application = new Application(this.agent.settings());

	@AfterEach
	void close() {
		this.application.close();
		this.agent.close();
	}

	@Test
	void startIsSentWhileTheTransactionGoesOn() {
		this.application.start();
		ApmSpan request = this.application.request("/orders");
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_START"));
		assertThat(this.agent.types()).doesNotContain("TX_END");
		request.end();
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
		assertThat(this.agent.typesOf(txid(request))).containsExactly("TX_START", "TX_END");
		assertThat(this.agent.names("TX_END")).containsExactly("/orders");
	}

	@Test
	void everyTransactionHasItsStartBeforeItsStepsAndItsEnd() {
		this.application.start();
		for (int i = 0; i < 100; i++) {
			ApmSpan request = this.application.request("/orders/" + i);
			try (var scope = this.application.tracer.withSpan(request)) {
				this.application.tracer.nextSpan().name("work").start().end();
			}
			request.end();
		}
		await().atMost(WAIT).until(() -> this.agent.names("TX_END").size() == 100);
		assertThat(this.agent.failures()).isEmpty();
		this.agent.packetsOf("TX_START")
			.forEach((start) -> assertThat(this.agent.typesOf(start.common().get(0))).containsExactly("TX_START",
					"TX_METHOD", "TX_END"));
		assertThat(this.agent.names("TX_START")).hasSize(100).doesNotHaveDuplicates();
		await().atMost(WAIT).until(() -> this.application.status().sent() == 100);
		assertThat(this.application.exporter.notice()).isNull();
	}

	@Test
	void whatIsNotSampledIsCountedByTheAgentAllTheSame() {
		this.application.tracer.setSamplingPolicy(SamplingPolicy.NEVER);
		this.application.start();
		ApmSpan request = this.application.request("/orders");
		try (var scope = this.application.tracer.withSpan(request)) {
			this.application.tracer.nextSpan().name("work").start().end();
		}
		request.end();
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
		assertThat(this.agent.typesOf(txid(request))).containsExactly("TX_START", "TX_END");
		assertThat(this.application.status().offered()).isZero();
	}

	@Test
	void startsThatFoundNoRoomAreToldWithTheEnd() {
		TransactionTable table = new TransactionTable(4, 20_000);
		try (Application small = new Application(this.agent.settings(), table, Duration.ofSeconds(30))) {
			small.tracer.setSamplingPolicy(SamplingPolicy.NEVER);
			List<ApmSpan> requests = IntStream.range(0, 20).mapToObj((number) -> small.request("/" + number)).toList();
			assertThat(table.notQueued()).isEqualTo(16);
			small.start();
			await().atMost(WAIT).until(() -> this.agent.names("TX_START").size() == 4);
			for (ApmSpan request : requests) {
				int before = this.agent.names("TX_END").size();
				request.end();
				await().atMost(WAIT).until(() -> this.agent.names("TX_END").size() == before + 1);
			}
			assertThat(this.agent.names("TX_START")).hasSize(20).doesNotHaveDuplicates();
			assertThat(small.exporter.notice()).contains("16 transactions were told at their end only");
		}
	}

	@Test
	void tableThatIsFullCostsOnlyTheEarlyStart() {
		TransactionTable table = new TransactionTable(64, 2);
		try (Application small = new Application(this.agent.settings(), table, Duration.ofSeconds(30))) {
			small.start();
			ApmSpan[] requests = { small.request("/0"), small.request("/1"), small.request("/2") };
			await().atMost(WAIT).until(() -> this.agent.names("TX_START").size() == 2 && table.untracked() == 1);
			for (int i = 2; i >= 0; i--) {
				requests[i].end();
			}
			await().atMost(WAIT).until(() -> this.agent.names("TX_END").size() == 3);
			assertThat(this.agent.names("TX_START")).containsExactlyInAnyOrder("/0", "/1", "/2");
			assertThat(this.agent.typesOf(txid(requests[2]))).containsExactly("TX_START", "TX_END");
		}
	}

	@Test
	void secondChanceIsNoSecondTransaction() throws IOException {
		AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {
		});
		TransactionTable table = new TransactionTable(64, 1) {

			@Override
			synchronized List<TrackedTransaction> all() {
				meanwhile.getAndSet(() -> {
				}).run();
				return super.all();
			}

		};
		AgentLink link = new AgentLink(this.agent.settings(), SecretNames.STANDARD::contains);
		TransactionReport report = new TransactionReport(table, link,
				new TransactionWriter(link::send, (segment) -> Caller.NONE, SecretNames.STANDARD::contains, true),
				this.agent::settings, WAIT);
		ApmTracer tracer = ApmTracer.builder().sampling(SamplingPolicy.NEVER).sink(new SegmentSink() {

			@Override
			public void started(Segment segment) {
				table.started(segment);
			}

			@Override
			public void accept(Segment segment) {
				table.ended(segment);
				segment.seal();
			}

		}).build();
		ApmSpan first = tracer.nextSpan().kind(Span.Kind.SERVER).name("first").start();
		ApmSpan second = tracer.nextSpan().kind(Span.Kind.SERVER).name("second").start();
		report.look();
		assertThat(table.untracked()).isEqualTo(1);
		meanwhile.set(first::end);
		report.look();
		report.look();
		second.end();
		report.look();
		link.close();
		await().atMost(WAIT).until(() -> this.agent.typesOf(TransactionWriter.txid(second.owner())).size() == 2);
		assertThat(this.agent.typesOf(TransactionWriter.txid(first.owner()))).containsExactly("TX_START", "TX_END");
	}

	@Test
	void requestIsToldOfWhenItsNameIsKnown() throws IOException {
		TransactionTable table = new TransactionTable(64, 64);
		AgentLink link = new AgentLink(this.agent.settings(), SecretNames.STANDARD::contains);
		TransactionWriter writer = new TransactionWriter(link::send, new SegmentCallers(this.agent::settings),
				SecretNames.STANDARD::contains, true);
		TransactionReport report = new TransactionReport(table, link, writer, this.agent::settings, WAIT);
		ApmTracer tracer = ApmTracer.builder().sink(new SegmentSink() {

			@Override
			public void started(Segment segment) {
				table.started(segment);
			}

			@Override
			public void accept(Segment segment) {
			}

		}).build();
		// As if no time went by.
		long later = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) + TimeUnit.HOURS.toMicros(1);
		Span young = tracer.spanBuilder()
			.kind(Span.Kind.SERVER)
			.tag("url.path", "/orders/7")
			.startTimestamp(later, TimeUnit.MICROSECONDS)
			.start();
		tracer.spanBuilder().kind(Span.Kind.SERVER).tag("url.path", "/old").startTimestamp(1, TimeUnit.SECONDS).start();
		report.look();
		await().atMost(WAIT).until(() -> this.agent.names("TX_START").equals(List.of("/old")));
		young.tag("http.route", "/orders/{id}");
		report.look();
		await().atMost(WAIT).until(() -> this.agent.names("TX_START").equals(List.of("/old", "/orders/{id}")));
		link.close();
	}

	@Test
	void transactionThatTheAgentWouldGiveUpIsEndedBeforeAndReportedAsAWhole() {
		WhaTapSettings impatient = new WhaTapSettings("127.0.0.1", this.agent.port(), 20104, 0, 0, 0,
				Duration.ofMillis(600));
		try (Application slow = new Application(impatient)) {
			slow.start();
			ApmSpan job = slow.request("/job");
			await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
			assertThat(this.agent.typesOf(txid(job))).containsExactly("TX_START", "TX_MSG", "TX_END");
			assertThat(slow.backend.activeTransactions()).singleElement()
				.satisfies((active) -> assertThat(active.segment()).isSameAs(job.owner()));
			long start = this.agent.packetsOf("TX_START").findFirst().orElseThrow().common().get(1);
			job.end();
			await().atMost(WAIT).until(() -> this.agent.types().contains("TX_START_END"));
			DatagramReader.Packet whole = this.agent.packetsOf("TX_START_END").findFirst().orElseThrow();
			assertThat(whole.common().get(0)).isNotEqualTo(txid(job)).isNotZero();
			assertThat(whole.common().get(1)).isEqualTo(start);
			assertThat(whole.common().get(2)).isGreaterThanOrEqualTo(300);
			assertThat(this.agent.names("TX_END")).hasSize(1);
			await().atMost(WAIT).until(() -> slow.backend.activeTransactions().isEmpty());
		}
	}

	@Test
	void spansThatNobodyEndsAreNotHeldOnTo() {
		WhaTapSettings impatient = new WhaTapSettings("127.0.0.1", this.agent.port(), 20104, 0, 0, 0,
				Duration.ofMillis(600));
		try (Application leaking = new Application(impatient)) {
			leaking.start();
			List<WeakReference<Segment>> forgotten = IntStream.range(0, 20)
				.mapToObj((number) -> new WeakReference<>(leaking.request("/" + number).owner()))
				.toList();
			await().atMost(WAIT).until(() -> this.agent.names("TX_END").size() == 20);
			await().atMost(WAIT).until(() -> {
				System.gc();
				return forgotten.stream().allMatch((each) -> each.refersTo(null));
			});
			assertThat(leaking.backend.activeTransactions()).isEmpty();
		}
	}

	@Test
	void longTransactionThatIsNotSampledIsReportedWhenItEnds() {
		WhaTapSettings impatient = new WhaTapSettings("127.0.0.1", this.agent.port(), 20104, 0, 0, 0,
				Duration.ofMillis(600));
		try (Application slow = new Application(impatient)) {
			slow.tracer.setSamplingPolicy(SamplingPolicy.NEVER);
			slow.start();
			ApmSpan job = slow.request("/job");
			await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
			job.end();
			await().atMost(WAIT).until(() -> this.agent.types().contains("TX_START_END"));
			await().atMost(WAIT).until(() -> slow.pipeline.flush(WAIT));
			assertThat(this.agent.typesOf(txid(job))).containsExactly("TX_START", "TX_MSG", "TX_END");
		}
	}

	@Test
	void activeTransactionsAreThoseThatGoOn() {
		this.application.start();
		ApmSpan first = this.application.request("/first");
		ApmSpan second = this.application.request("/second");
		WhaTapBackend backend = this.application.backend;
		await().atMost(WAIT).until(() -> backend.activeTransactions().size() == 2);
		assertThat(backend.activeTransactions()).extracting(ActiveTransaction::segment)
			.containsExactly(first.owner(), second.owner());
		assertThat(backend.activeTransactions().get(0).thread()).isSameAs(Thread.currentThread());
		assertThat(backend.activeTransactions().get(0).txid()).isEqualTo(txid(first));
		first.end();
		assertThat(backend.activeTransactions()).extracting(ActiveTransaction::segment).containsExactly(second.owner());
		second.end();
	}

	@Test
	void keptSegmentThatNeverCameIsEndedWithoutItsSteps() {
		try (Application forgetful = new Application(this.agent.settings(), new TransactionTable(),
				Duration.ofMillis(300))) {
			forgetful.backend.start();
			AtomicReference<Segment> lost = new AtomicReference<>();
			forgetful.instead.set(lost::set);
			ApmSpan request = forgetful.request("/orders");
			request.end();
			lost.get().seal();
			await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
			assertThat(this.agent.typesOf(txid(request))).containsExactly("TX_START", "TX_END");
			assertThat(forgetful.exporter.notice()).contains("1 transactions lost their steps");
			forgetful.instead.set(forgetful.pipeline);
			forgetful.pipeline.start();
			forgetful.pipeline.accept(lost.get());
			assertThat(forgetful.pipeline.flush(WAIT)).isTrue();
			assertThat(this.agent.names("TX_END")).as("told once").hasSize(1);
		}
	}

	@Test
	void absentAgentIsSaidAndEveryBatchIsRejected() {
		int port = UdpAgent.freePort();
		try (Application lonely = new Application(UdpAgent.settings(port))) {
			lonely.start();
			await().atMost(WAIT).until(() -> {
				lonely.request("/orders").end();
				return lonely.pipeline.flush(WAIT)
						&& lonely.status().dropped().getOrDefault(DropReason.REJECTED, 0L) >= 5;
			});
			BackendStatus status = lonely.status();
			assertThat(status.lastError())
				.endsWith("no WhaTap agent listens at UDP 127.0.0.1:" + port + " (port unreachable)");
			assertThat(status.dropped()).containsOnlyKeys(DropReason.REJECTED);
			assertThat(status.sent() + status.dropped().get(DropReason.REJECTED)).isEqualTo(status.offered());
			assertThat(status.notice()).contains("packets lost:").contains("agent unreachable");
		}
	}

	@Test
	void agentThatComesBackIsToldOfWhatGoesOn() {
		this.application.start();
		ApmSpan job = this.application.request("/job");
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_START"));
		this.agent.close();
		await().atMost(WAIT).until(() -> {
			this.application.request("/orders").end();
			return this.application.status().dropped().containsKey(DropReason.REJECTED);
		});
		try (UdpAgent restarted = new UdpAgent(this.application.backend.settings().port())) {
			await().atMost(WAIT).until(() -> {
				this.application.request("/orders").end();
				return restarted.names("TX_START").contains("/job");
			});
			job.end();
			await().atMost(WAIT).until(() -> restarted.names("TX_END").contains("/job"));
			await().atMost(WAIT).until(() -> this.application.status().state().name().equals("UP"));
		}
	}

	@Test
	void shortLifeIsEnoughForStartAndEnd() {
		ApmSpan job = this.application.request("/job");
		job.end();
		this.application.start();
		this.application.pipeline.close();
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
		assertThat(this.agent.typesOf(txid(job))).containsExactly("TX_START", "TX_END");
		assertThat(this.application.backend.link().channel()).isNull();
	}

	@Test
	void whatGoesOnAtTheShutdownIsEnded() {
		this.application.start();
		ApmSpan job = this.application.request("/job");
		this.application.pipeline.close();
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
		assertThat(this.agent.typesOf(txid(job))).containsExactly("TX_START", "TX_MSG", "TX_END");
		job.end();
		this.application.request("/late").end();
		assertThat(this.application.backend.activeTransactions()).isEmpty();
	}

	@Test
	void backendsDoNotDisturbEachOther() {
		try (UdpAgent otherAgent = new UdpAgent(); Application other = new Application(otherAgent.settings())) {
			this.application.start();
			other.start();
			this.application.request("/one").end();
			other.request("/two").end();
			await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
			this.application.close();
			other.request("/three").end();
			await().atMost(WAIT).until(() -> otherAgent.names("TX_END").size() == 2);
			assertThat(this.agent.names("TX_END")).containsExactly("/one");
			assertThat(otherAgent.names("TX_END")).containsExactly("/two", "/three");
		}
	}

	@Test
	void otherPortTakesEffectAtOnce() {
		this.application.start();
		this.application.request("/one").end();
		await().atMost(WAIT).until(() -> this.agent.types().contains("TX_END"));
		try (UdpAgent other = new UdpAgent()) {
			this.application.backend.reconfigure(other.settings());
			this.application.request("/two").end();
			await().atMost(WAIT).until(() -> other.names("TX_END").equals(List.of("/two")));
			other.send("0,0,0");
		}
		assertThat(this.agent.names("TX_END")).containsExactly("/one");
	}

	@Test
	void featuresBeginAndEndWithTheBackendAndMayFail() {
		List<String> log = new CopyOnWriteArrayList<>();
		this.application.backend.add((backend) -> {
			throw new IllegalStateException("odd");
		});
		this.application.backend.add(new WhaTapBackend.Feature() {

			@Override
			public void start(WhaTapBackend backend) {
				log.add("start");
			}

			@Override
			public void end(WhaTapBackend backend) {
				log.add("end");
				throw new IllegalStateException("odd");
			}

		});
		assertThat(log).isEmpty();
		this.application.start();
		this.application.backend.start();
		assertThat(log).containsExactly("start");
		assertThat(this.application.exporter.notice()).contains("fails: odd");
		this.application.close();
		assertThat(log).containsExactly("start", "end");
	}

	@Test
	void startingATransactionCostsAFewBytesAndNoLock() throws InterruptedException {
		TransactionTable table = new TransactionTable(256 * 1024, 10);
		Segment segment = this.application.request("/orders").owner();
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long least = Long.MAX_VALUE;
		for (int attempt = 0; attempt < 20; attempt++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < 10_000; i++) {
				table.started(segment);
			}
			least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 10_000);
		}
		assertThat(least).isLessThanOrEqualTo(40);
		// A request goes on while another thread is in the table.
		Thread request = new Thread(() -> table.started(segment));
		synchronized (table) {
			request.start();
			request.join(Duration.ofSeconds(20).toMillis());
			assertThat(request.isAlive()).isFalse();
		}
	}

	private static long txid(ApmSpan root) {
		return TransactionWriter.txid(root.owner());
	}

	/** A tracer with a pipeline and the backend behind it. */
	private static final class Application implements AutoCloseable {

		private final WhaTapBackend backend;

		private final WhaTapExporter exporter;

		private final ExportPipeline pipeline;

		private final AtomicReference<SegmentSink> instead = new AtomicReference<>();

		private final ApmTracer tracer;

		Application(WhaTapSettings settings) {
			this(settings, new TransactionTable(), Duration.ofSeconds(30));
		}

		Application(WhaTapSettings settings, TransactionTable table, Duration exportWait) {
			this.backend = new WhaTapBackend(settings, SecretNames.STANDARD::contains, this::suppress, table,
					exportWait);
			this.exporter = new WhaTapExporter(this.backend);
			this.pipeline = new ExportPipeline(PipelineSettings.builder()
				.pollInterval(Duration.ofMillis(5))
				.batch(100, 1000, Duration.ofMillis(10))
				.shutdownTimeout(Duration.ofSeconds(20))
				.build(), List.of(this.exporter), List.of(), this::tracer);
			this.instead.set(this.pipeline);
			this.tracer = ApmTracer.builder().sink(new SegmentSink() {

				@Override
				public void started(Segment segment) {
					Application.this.backend.started(segment);
				}

				@Override
				public void accept(Segment segment) {
					Application.this.backend.accept(segment);
					Application.this.instead.get().accept(segment);
				}

			}).build();
		}

		private ApmTracer tracer() {
			return this.tracer;
		}

		private Tracer.SpanInScope suppress() {
			return this.tracer.suppress();
		}

		void start() {
			this.pipeline.start();
			this.backend.start();
		}

		ApmSpan request(String path) {
			return this.tracer.nextSpan()
				.kind(Span.Kind.SERVER)
				.name("GET " + path)
				.tag("http.request.method", "GET")
				.tag("http.route", path)
				.tag("url.path", path)
				.start();
		}

		BackendStatus status() {
			return this.pipeline.status().backends().get(0);
		}

		@Override
		public void close() {
			this.pipeline.close();
			this.backend.close();
		}

	}

}
