package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.SamplingPolicy;
import dev.apm4j.trace.ScopeListener;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentSink;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rounds of a run whose thread is not started, so that the tests have the clock.
 */
class ProfileRunTests {

	private static final String ENDPOINT = "GET:/orders/{id}";

	private static final long MILLI = 1_000_000;

	private final List<ThreadSnapshot> snapshots = new ArrayList<>();

	private final List<Request> requests = new ArrayList<>();

	private final List<Worker> workers = new ArrayList<>();

	private ProfileRun run = run(0, 9);

	private ApmTracer tracer = tracer(SamplingPolicy.ALWAYS);

	private long now;

	@BeforeEach
	void beginClock() {
		this.now = System.nanoTime();
	}

	@AfterEach
	void endRequests() {
		this.requests.forEach(Request::end);
		this.workers.forEach(Worker::interrupt);
	}

	private ProfileRun run(long minDuration, int maxSegments) {
		return new ProfileRun(
				new ProfileTask("task-1", "serial-1", ENDPOINT, 60_000, minDuration, 10, maxSegments, 0, 0),
				this.snapshots::add);
	}

	private ApmTracer tracer(SamplingPolicy policy) {
		return ApmTracer.builder().sampling(policy).sink(new SegmentSink() {

			@Override
			public void accept(Segment segment) {
			}

			@Override
			public void started(Segment segment) {
				ProfileRunTests.this.run.started(segment);
			}

		}).scopeListener(new ScopeListener() {

			@Override
			public void currentSpanChanged(@Nullable ApmSpan span) {
			}

			@Override
			public void currentSpanChanged(@Nullable ApmSpan before, @Nullable ApmSpan span) {
				ProfileRunTests.this.run.moved(before, span);
			}

		}).build();
	}

	private Request request(@Nullable String route) {
		Request request = new Request(route);
		this.requests.add(request);
		request.start();
		return request;
	}

	private void lookAfter(long millis) {
		this.now = Math.max(this.now, System.nanoTime()) + millis * MILLI;
		this.run.look(this.now);
	}

	private List<String> ids() {
		return this.snapshots.stream().map(ThreadSnapshot::getTraceSegmentId).distinct().toList();
	}

	@Test
	void stackIsThatOfTheRequestOutermostFirst() {
		Request request = request("/orders/{id}");
		lookAfter(10);
		assertThat(this.snapshots).singleElement().satisfies((snapshot) -> {
			assertThat(snapshot.getTaskId()).isEqualTo("task-1");
			assertThat(snapshot.getTraceSegmentId()).isEqualTo(request.span.owner().id());
			assertThat(snapshot.getTime()).isBetween(request.begin, System.currentTimeMillis());
			assertThat(snapshot.getSequence()).isZero();
			List<String> frames = snapshot.getStack().getCodeSignaturesList();
			assertThat(frames.get(0))
				.matches("dev\\.apm4j\\.export\\.skywalking\\.ProfileRunTests\\$Request\\.run:\\d+");
			assertThat(frames.get(1)).matches(".*ProfileRunTests\\$Request\\.work:\\d+");
		});
	}

	@Test
	void samplesComeByThePeriodAndAreNumbered() {
		request("/orders/{id}");
		lookAfter(1);
		this.run.look(this.now + 9 * MILLI);
		assertThat(this.snapshots).hasSize(1);
		this.run.look(this.now + 10 * MILLI);
		this.run.look(this.now + 20 * MILLI);
		assertThat(this.snapshots).extracting(ThreadSnapshot::getSequence).containsExactly(0, 1, 2);
	}

	@Test
	void segmentIsSampledOnceItHasLastedLongEnough() {
		this.run = run(600_000, 9);
		request("/orders/{id}");
		lookAfter(1000);
		assertThat(this.snapshots).isEmpty();
		lookAfter(600_000);
		assertThat(this.snapshots).hasSize(1);
	}

	@Test
	void nameMayComeLaterAndGoAgain() throws Exception {
		Request request = request(null);
		Request other = request("/stock/{id}");
		lookAfter(10);
		assertThat(this.snapshots).isEmpty();
		request.run(() -> request.route("/orders/{id}"));
		lookAfter(10);
		assertThat(ids()).containsExactly(request.span.owner().id()).doesNotContain(other.span.owner().id());
		request.run(() -> request.route("/error"));
		lookAfter(10);
		lookAfter(10);
		assertThat(this.snapshots).hasSize(1);
	}

	@Test
	void segmentThatIsNotSentIsNotProfiled() {
		this.tracer = tracer(SamplingPolicy.NEVER);
		request("/orders/{id}");
		lookAfter(10);
		assertThat(this.snapshots).isEmpty();
	}

	@Test
	void endedSegmentIsNoLongerSampled() {
		Request request = request("/orders/{id}");
		lookAfter(10);
		request.span.end();
		lookAfter(10);
		assertThat(this.snapshots).hasSize(1);
	}

	@Test
	void fiveAreSampledAtOnce() {
		Stream.generate(() -> "/orders/{id}").limit(7).forEach(this::request);
		lookAfter(10);
		assertThat(ids()).hasSize(5);
		this.requests.get(0).span.end();
		lookAfter(10);
		assertThat(ids()).hasSize(6);
	}

	@Test
	void noMoreSegmentsThanAskedFor() {
		this.run = run(0, 2);
		Stream.generate(() -> "/orders/{id}").limit(3).forEach(this::request);
		lookAfter(10);
		this.requests.get(0).span.end();
		this.requests.get(1).span.end();
		lookAfter(10);
		lookAfter(10);
		assertThat(ids()).hasSize(2);
	}

	@Test
	void segmentIsSampledForTenMinutesAtMost() {
		request("/orders/{id}");
		lookAfter(10);
		lookAfter(TimeUnit.MINUTES.toMillis(10));
		lookAfter(10);
		assertThat(this.snapshots.size()).isLessThanOrEqualTo(2);
		int size = this.snapshots.size();
		lookAfter(10);
		assertThat(this.snapshots).hasSize(size);
	}

	@Test
	void threadThatHasGoneOnToAnotherRequestIsNotSampledForTheFirst() throws Exception {
		Request request = request("/orders/{id}");
		lookAfter(10);
		request.run(() -> this.tracer.nextSegment(null).name("another").start());
		lookAfter(10);
		assertThat(this.snapshots).hasSize(1);
	}

	/** Before the next look the thread is back. */
	@Test
	void threadThatHasComeBackFromAnotherRequestIsSampled() throws Exception {
		Request request = request("/orders/{id}");
		request.run(() -> this.tracer.withSpan(request.span));
		lookAfter(10);
		request.run(() -> {
			ApmSpan another = this.tracer.nextSegment(null).name("another").start();
			this.tracer.withSpan(another).close();
			another.end();
		});
		lookAfter(10);
		assertThat(this.snapshots).hasSize(2);
	}

	@Test
	void segmentWithinTheRequestLeavesItSampled() throws Exception {
		Request request = request("/orders/{id}");
		lookAfter(10);
		request.run(() -> this.tracer.nextSegment(request.span).name("job").start());
		lookAfter(10);
		assertThat(this.snapshots).hasSize(2);
	}

	@Test
	void threadThatGoesOnWithTheRequestIsSampledAndTheOneThatLeftItIsNot() throws Exception {
		Request request = request("/orders/{id}");
		Worker worker = worker();
		request.run(() -> this.tracer.withSpan(request.span).close());
		lookAfter(10);
		assertThat(this.snapshots).isEmpty();
		worker.run(() -> worker.scope = this.tracer.withSpan(this.tracer.nextSpan(request.span).start()));
		lookAfter(10);
		assertThat(innermostOwn()).containsExactly("Worker.work");
		worker.run(() -> worker.scope.close());
		lookAfter(10);
		assertThat(this.snapshots).hasSize(1);
	}

	@Test
	void threadThatNeverMadeTheRequestItsOwnIsForgottenWhenAnotherOneDoes() throws Exception {
		Request request = request("/orders/{id}");
		lookAfter(10);
		assertThat(innermostOwn()).containsExactly("Request.work");
		Worker worker = worker();
		worker.run(() -> worker.scope = this.tracer.withSpan(request.span));
		lookAfter(10);
		worker.run(() -> worker.scope.close());
		lookAfter(10);
		assertThat(innermostOwn()).containsExactly("Request.work", "Worker.work");
	}

	@Test
	void oneThreadAtATimeAndThatIsTheOneThatCameLast() throws Exception {
		Request request = request("/orders/{id}");
		Worker worker = worker();
		request.run(() -> this.tracer.withSpan(request.span));
		worker.run(() -> worker.scope = this.tracer.withSpan(request.span));
		lookAfter(10);
		worker.run(() -> worker.scope.close());
		lookAfter(10);
		assertThat(innermostOwn()).containsExactly("Worker.work", "Request.work");
		assertThat(this.snapshots).extracting(ThreadSnapshot::getSequence).containsExactly(0, 1);
	}

	@Test
	void threadThatWorksForAnotherRequestIsNotSampledForTheFirst() throws Exception {
		Request request = request("/orders/{id}");
		Request other = request("/stock/{id}");
		Worker worker = worker();
		worker.run(() -> worker.scope = this.tracer.withSpan(request.span));
		worker.run(() -> this.tracer.withSpan(other.span));
		lookAfter(10);
		assertThat(this.snapshots).isEmpty();
	}

	@Test
	void segmentInWhichTheRequestGoesOnIsSampledWhateverItsName() throws Exception {
		Request request = request("/orders/{id}");
		lookAfter(10);
		Worker worker = worker();
		worker.run(() -> worker.span = this.tracer.nextSegment(request.span).name("mail").start());
		lookAfter(10);
		assertThat(ids()).containsExactly(request.span.owner().id(), worker.span.owner().id());
		assertThat(this.snapshots.get(2).getSequence()).isZero();
		request.span.end();
		lookAfter(10);
		assertThat(this.snapshots).hasSize(4);
		worker.span.end();
		lookAfter(10);
		assertThat(this.snapshots).hasSize(4);
	}

	@Test
	void segmentInWhichAnotherRequestGoesOnIsNotSampled() throws Exception {
		Request other = request("/stock/{id}");
		request("/orders/{id}");
		worker().run(() -> this.tracer.nextSegment(other.span).name("mail").start());
		lookAfter(10);
		assertThat(this.snapshots).hasSize(1);
	}

	@Test
	void segmentsThatGoOnDoNotCountAsRequestsAndAreBounded() throws Exception {
		this.run = run(0, 1);
		Request request = request("/orders/{id}");
		lookAfter(10);
		for (int i = 0; i < ProfileRun.MAX_CONTINUED + 5; i++) {
			worker().run(() -> this.tracer.nextSegment(request.span).name("mail").start());
		}
		lookAfter(10);
		assertThat(ids()).hasSize(1 + ProfileRun.MAX_CONTINUED);
	}

	/** Parked, so that it is on no carrier. */
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadIsSampled() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		Worker worker = new Worker();
		Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
			.invoke(null, (Runnable) () -> {
				ApmSpan root = this.tracer.nextSegment(null).kind(Span.Kind.SERVER).name("GET /orders/{id}").start();
				root.tag("http.request.method", "GET").tag("http.route", "/orders/{id}");
				worker.scope = this.tracer.withSpan(root);
				begun.countDown();
				worker.await(end);
			});
		begun.await();
		Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
		lookAfter(10);
		end.countDown();
		assertThat(innermostOwn()).containsExactly("Worker.await");
	}

	/** Of each stack the innermost method of this test's threads. */
	private List<String> innermostOwn() {
		return this.snapshots.stream()
			.map((snapshot) -> snapshot.getStack()
				.getCodeSignaturesList()
				.stream()
				.filter((frame) -> frame.contains("ProfileRunTests$") && frame.matches(".*[.](work|await):.*"))
				.reduce("", (first, second) -> second)
				.replaceAll(".*\\$|:\\d+", ""))
			.toList();
	}

	private Worker worker() {
		Worker worker = new Worker();
		this.workers.add(worker);
		worker.start();
		return worker;
	}

	@Test
	void stackHasFiveHundredFramesAtMost() {
		Request request = new Request("/orders/{id}");
		request.depth = 2000;
		this.requests.add(request);
		request.start();
		lookAfter(10);
		assertThat(this.snapshots.get(0).getStack().getCodeSignaturesList()).hasSize(500);
	}

	@Test
	void stackForWhichThereIsNoRoomHasNoNumber() {
		List<Integer> numbers = new ArrayList<>();
		this.run = new ProfileRun(new ProfileTask("t", "s", ENDPOINT, 60_000, 0, 10, 9, 0, 0), (snapshot) -> {
			numbers.add(snapshot.getSequence());
			return numbers.size() > 1;
		});
		request("/orders/{id}");
		lookAfter(10);
		lookAfter(10);
		lookAfter(10);
		assertThat(numbers).containsExactly(0, 0, 1);
	}

	/**
	 * A request on a thread of its own that goes on until it is told to end.
	 */
	private final class Request extends Thread {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

		private final @Nullable String route;

		private final long begin = System.currentTimeMillis();

		private int depth;

		private volatile boolean ended;

		private volatile ApmSpan span;

		Request(@Nullable String route) {
			this.route = route;
			setDaemon(true);
		}

		@Override
		public void start() {
			super.start();
			try {
				this.begun.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void run() {
			work(this.depth);
		}

		private void work(int deeper) {
			if (deeper > 0) {
				work(deeper - 1);
				return;
			}
			ApmSpan root = ProfileRunTests.this.tracer.nextSegment(null).kind(Span.Kind.SERVER).name("GET");
			root.tag("http.request.method", "GET");
			this.span = root.start();
			if (this.route != null) {
				route(this.route);
			}
			this.begun.countDown();
			while (!this.ended) {
				try {
					this.tasks.take().run();
				}
				catch (InterruptedException ex) {
					return;
				}
			}
		}

		void route(String name) {
			this.span.tag("http.route", name).name("GET " + name);
		}

		/** Does something on the thread of the request. */
		void run(Runnable task) throws InterruptedException {
			CountDownLatch done = new CountDownLatch(1);
			this.tasks.add(() -> {
				task.run();
				done.countDown();
			});
			done.await();
		}

		void end() {
			this.ended = true;
			interrupt();
		}

	}

	/**
	 * A thread that does what it is told.
	 */
	private static final class Worker extends Thread {

		private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

		private volatile Tracer.SpanInScope scope;

		private volatile ApmSpan span;

		Worker() {
			setDaemon(true);
		}

		@Override
		public void run() {
			work();
		}

		private void work() {
			while (true) {
				try {
					this.tasks.take().run();
				}
				catch (InterruptedException ex) {
					return;
				}
			}
		}

		void await(CountDownLatch latch) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void run(Runnable task) throws InterruptedException {
			CountDownLatch done = new CountDownLatch(1);
			this.tasks.add(() -> {
				task.run();
				done.countDown();
			});
			done.await();
		}

	}

}
