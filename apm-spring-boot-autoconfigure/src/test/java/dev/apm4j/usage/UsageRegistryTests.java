package dev.apm4j.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UsageRegistry}.
 */
class UsageRegistryTests {

	private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

	private static final MethodKey CONSTRUCTOR = new MethodKey("com.acme.A", "<init>", "()V");

	private static final MethodKey RUN = new MethodKey("com.acme.A", "run", "(ILjava/lang/String;)V");

	private static final MethodKey WALK = new MethodKey("com.acme.A", "walk", "()V");

	private static final MethodKey NESTED = new MethodKey("com.acme.A$B", "go", "()V");

	private static final MethodKey BELOW = new MethodKey("com.acme.b.C", "stop", "()V");

	private static final MethodKey ELSEWHERE = new MethodKey("org.other.X", "y", "()V");

	private final Set<String> unseenClasses = new HashSet<>();

	private final UsageRegistry registry = new UsageRegistry(
			(method) -> !this.unseenClasses.contains(method.className()));

	private static CodeBase codeBase(MethodKey... methods) {
		return new CodeBase(
				Arrays.stream(methods).sorted().map((key) -> new CodeBaseMethod(key, Opcodes.ACC_PUBLIC)).toList(), 0,
				0);
	}

	private static CodeBase all() {
		return codeBase(CONSTRUCTOR, RUN, WALK, NESTED, BELOW);
	}

	private static long after(int seconds) {
		return START + seconds * 1000L;
	}

	private static Instant instantAfter(int seconds) {
		return Instant.ofEpochMilli(after(seconds));
	}

	private UsageReport.MethodUsage usage(MethodKey method, int seconds) {
		MethodSignature signature = MethodSignature.of(method, false);
		return this.registry.report(after(seconds))
			.packages()
			.stream()
			.flatMap((pkg) -> pkg.classes().stream())
			.filter((type) -> type.name().equals(method.className()))
			.flatMap((type) -> type.methods().stream())
			.filter((usage) -> usage.name().equals(method.name())
					&& usage.parameterTypes().equals(signature.parameterTypes()))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void callOfAnEarlierRunIsNoneOfThisOne() {
		UsageRegistry earlier = new UsageRegistry((method) -> true);
		earlier.recordingSince(after(0));
		earlier.codeBase(all());
		earlier.invoked(RUN, after(1));
		this.registry.restore(earlier.history(after(5)));
		this.registry.recordingSince(after(10));
		this.registry.codeBase(all());
		this.registry.invoked(WALK, after(10));
		assertThat(this.registry.isCalled(RUN)).isFalse();
		assertThat(this.registry.isCalled(WALK)).isTrue();
	}

	@Test
	void methodsAreShownByPackageAndClass() {
		this.registry.recordingSince(START);
		this.registry.codeBase(all());
		this.registry.invoked(RUN, after(10));
		this.registry.invoked(RUN, after(70));
		this.registry.invoked(BELOW, after(70));

		UsageReport report = this.registry.report(after(100));

		assertThat(report.totals()).isEqualTo(new UsageReport.Totals(5, 2, 3));
		assertThat(report.recordingSince()).isEqualTo(Instant.ofEpochMilli(START));
		assertThat(report.recorded()).isEqualTo(Duration.ofSeconds(100));
		assertThat(report.packages()).extracting(UsageReport.PackageUsage::name)
			.containsExactly("com.acme", "com.acme.b");
		assertThat(report.packages().get(0).totals()).isEqualTo(new UsageReport.Totals(4, 1, 3));
		assertThat(report.packages().get(0).classes()).extracting(UsageReport.ClassUsage::name)
			.containsExactly("com.acme.A", "com.acme.A$B");
		assertThat(report.packages().get(0).classes().get(0).methods()).containsExactly(
				new UsageReport.MethodUsage("<init>", "", Visibility.PUBLIC, true, instantAfter(0), null, null),
				new UsageReport.MethodUsage("run", "int,java.lang.String", Visibility.PUBLIC, true, instantAfter(0),
						instantAfter(10), instantAfter(70)),
				new UsageReport.MethodUsage("walk", "", Visibility.PUBLIC, true, instantAfter(0), null, null));
	}

	@Test
	void withoutACodeBaseThereIsNothingToShowAndNothingToPublish() {
		this.registry.invoked(RUN, after(1));

		assertThat(this.registry.report(after(2)).packages()).isEmpty();
		assertThat(this.registry.report(after(2)).recordingSince()).isNull();
		assertThat(this.registry.takeInvoked()).isEmpty();
		assertThat(this.registry.codeBase()).isNull();
	}

	@Test
	void callsBeforeTheCodeBaseAreKept() {
		this.registry.recordingSince(START);
		this.registry.invoked(RUN, after(1));
		this.registry.invoked(RUN, after(61));
		this.registry.invoked(ELSEWHERE, after(1));

		this.registry.codeBase(all());

		assertThat(usage(RUN, 100).firstCalled()).isEqualTo(instantAfter(1));
		assertThat(usage(RUN, 100).lastCalled()).isEqualTo(instantAfter(61));
		assertThat(this.registry.takeInvoked()).containsExactly(RUN);
	}

	@Test
	void whatIsNotInTheCodeBaseIsCountedOnceAndNotPublished() {
		this.registry.invoked(ELSEWHERE, after(1));
		this.registry.codeBase(all());
		this.registry.invoked(ELSEWHERE, after(2));
		this.registry.invoked(new MethodKey("com.acme.A", "run", "()V"), after(2));

		assertThat(this.registry.report(after(3)).unknown()).isEqualTo(2);
		assertThat(this.registry.takeInvoked()).isEmpty();
	}

	@Test
	void invokedMethodsAreTakenOnceAndAgainWhenCalledAgainOrGivenBack() {
		this.registry.codeBase(all());
		this.registry.invoked(RUN, after(1));
		this.registry.invoked(RUN, after(2));
		this.registry.invoked(NESTED, after(2));

		List<MethodKey> taken = this.registry.takeInvoked();
		assertThat(taken).containsExactly(RUN, NESTED);
		assertThat(this.registry.takeInvoked()).isEmpty();

		this.registry.invoked(BELOW, after(3));
		this.registry.giveBack(taken);
		assertThat(this.registry.takeInvoked()).containsExactly(RUN, NESTED, BELOW);
	}

	@Test
	void methodWhoseCallsAreNotSeenIsNotSaidToBeNeverCalled() {
		this.registry.recordingSince(START);
		this.unseenClasses.add("com.acme.A$B");
		this.registry.codeBase(all());
		assertThat(usage(WALK, 5).isNeverCalled()).isTrue();
		this.unseenClasses.add("com.acme.A");

		assertThat(usage(NESTED, 5).isNeverCalled()).isFalse();
		assertThat(usage(NESTED, 5).watchedSince()).isNull();
		assertThat(usage(WALK, 5).isNeverCalled()).isFalse();
		assertThat(usage(BELOW, 5).isNeverCalled()).isTrue();
		assertThat(this.registry.history(after(5)).size()).isEqualTo(1);
	}

	@Test
	void whileNothingIsRecordedNothingIsSaidToBeNeverCalledOrKept() {
		this.registry.codeBase(all());

		assertThat(this.registry.report(after(5)).totals()).isEqualTo(new UsageReport.Totals(5, 0, 0));
		assertThat(this.registry.history(after(5)).size()).isZero();
	}

	@Test
	void historyIsRestoredBeforeOrAfterTheCodeBase() {
		UsageRegistry earlier = new UsageRegistry((method) -> true);
		earlier.recordingSince(START);
		earlier.codeBase(codeBase(RUN, WALK));
		earlier.invoked(RUN, after(10));
		UsageHistory history = UsageHistory.EMPTY.plus(earlier.history(after(100)), 1000);

		UsageRegistry before = new UsageRegistry((method) -> true);
		before.recordingSince(after(500));
		before.restore(history);
		before.codeBase(all());
		before.invoked(RUN, after(510));
		this.registry.recordingSince(after(500));
		this.registry.codeBase(all());
		this.registry.invoked(RUN, after(510));
		this.registry.restore(history);

		UsageReport report = this.registry.report(after(600));
		assertThat(report).isEqualTo(before.report(after(600)));
		assertThat(report.recordingSince()).isEqualTo(instantAfter(0));
		assertThat(report.recorded()).isEqualTo(Duration.ofSeconds(200));
		assertThat(usage(RUN, 600).firstCalled()).isEqualTo(instantAfter(10));
		assertThat(usage(RUN, 600).lastCalled()).isEqualTo(instantAfter(510));
		assertThat(usage(WALK, 600).watchedSince()).isEqualTo(instantAfter(0));
		assertThat(usage(BELOW, 600).watchedSince()).as("new in this version").isEqualTo(instantAfter(500));
		assertThat(this.registry.takeInvoked()).as("what an earlier process saw it has published").containsExactly(RUN);
	}

	@Test
	void secondCodeBaseKeepsWhatIsKnown() {
		this.registry.recordingSince(START);
		this.registry.codeBase(codeBase(RUN, WALK));
		this.registry.invoked(RUN, after(10));

		this.registry.codeBase(codeBase(RUN, BELOW));

		assertThat(usage(RUN, 20).firstCalled()).isEqualTo(instantAfter(10));
		assertThat(this.registry.takeInvoked()).containsExactly(RUN);
	}

	@Test
	void manyThreads() throws Exception {
		List<MethodKey> methods = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			methods.add(new MethodKey("com.acme.Many", "m" + i, "()V"));
		}
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			CountDownLatch start = new CountDownLatch(1);
			List<Future<?>> reporting = new ArrayList<>();
			for (int thread = 0; thread < 3; thread++) {
				reporting.add(threads.submit(() -> {
					start.await();
					methods.forEach((method) -> this.registry.invoked(method, after(1)));
					return null;
				}));
			}
			reporting.add(threads.submit(() -> {
				start.await();
				this.registry.codeBase(codeBase(methods.toArray(MethodKey[]::new)));
				return null;
			}));
			start.countDown();
			for (Future<?> each : reporting) {
				each.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(this.registry.report(after(2)).totals().called()).isEqualTo(1000);
		assertThat(this.registry.takeInvoked()).hasSize(1000);
	}

}
