package dev.apm4j.usage;

import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.apm4j.usage.woven.early.Starter;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Recorder} in this JVM, which has one; what other tests called is known
 * to it.
 */
class RecorderTests {

	private static Instrumentation instrumentation;

	private final Recorder recorder = Recorder.shared(Recorder.DEFAULT_MAX_METHODS);

	private final List<Recorder.View> views = new ArrayList<>();

	@BeforeAll
	static void attach() {
		instrumentation = ByteBuddyAgent.install();
	}

	@AfterEach
	void close() {
		this.views.forEach(Recorder.View::close);
	}

	@Test
	void exactlyTheCalledMethodsAreAlive() {
		Recorder.View view = open();
		new WovenSamples.Loader().runEverything();
		Set<String> called = drain(view);
		assertThat(called).isEqualTo(WovenSamples.alive()).hasSizeGreaterThan(50);
		assertThat(WovenSamples.dead()).hasSizeGreaterThan(15).doesNotContainAnyElementsOf(called);
		assertThat(WovenSamples.codeBase()).allMatch(view::isRecorded);
	}

	@Test
	void callIsHandedOutOncePerInterval() {
		Recorder.View view = open();
		WovenSamples.Loader application = new WovenSamples.Loader();
		application.runEverything();
		assertThat(drain(view)).isNotEmpty();
		assertThat(drain(view)).isEmpty();
		application.runEverything();
		assertThat(drain(view)).isEqualTo(aliveWithoutInitializers());
	}

	@Test
	void twoContextsSeeTheSameCalls() {
		Recorder.View first = open();
		Recorder.View second = open();
		new WovenSamples.Loader().runEverything();
		assertThat(drain(first)).isEqualTo(WovenSamples.alive());
		assertThat(drain(second)).isEqualTo(WovenSamples.alive());
	}

	@Test
	void contextSeesNothingOfPackagesThatItDidNotAskFor() {
		Recorder.View other = open(new ScanSettingsBuilder().packages("com.acme").build());
		Recorder.View view = open();
		new WovenSamples.Loader().runEverything();
		assertThat(drain(other)).isEmpty();
		assertThat(drain(view)).isNotEmpty();
	}

	@Test
	void contextThatComesLaterKnowsWhatWasCalledBefore() {
		Recorder.View first = open();
		new WovenSamples.Loader().runEverything();
		drain(first);
		first.close();
		Recorder.View later = this.recorder.open(WovenSamples.SETTINGS, instrumentation);
		this.views.add(later);
		assertThat(drain(later)).containsAll(WovenSamples.alive());
	}

	@Test
	void restartUsesNoNewNumbers() {
		Recorder.View view = open();
		new WovenSamples.Loader().runEverything();
		int methods = view.figures().methods();
		new WovenSamples.Loader().runEverything();
		assertThat(view.figures().methods()).isEqualTo(methods);
	}

	@Test
	void classLoaderOfAnEndedApplicationIsCollected() {
		Recorder.View view = open();
		WeakReference<ClassLoader> ended = run();
		drain(view);
		await().atMost(Duration.ofMinutes(1)).until(() -> {
			System.gc();
			return ended.get() == null;
		});
	}

	private static WeakReference<ClassLoader> run() {
		WovenSamples.Loader application = new WovenSamples.Loader();
		application.runEverything();
		return new WeakReference<>(application);
	}

	@Test
	void nothingIsWovenAfterTheLastContextClosed() throws Exception {
		Recorder.View view = open();
		view.close();
		int methods = view.figures().methods();
		Class<?> made = new WovenSamples.Loader().define(GeneratedClass.NAME + "Unseen",
				renamed(GeneratedClass.NAME + "Unseen"));
		((Runnable) made.getDeclaredConstructor().newInstance()).run();
		assertThat(view.figures().methods()).isEqualTo(methods);
		assertThat(WovenSamples.codeBase()).noneMatch(view::isRecorded);
	}

	@Test
	void neverCalledMethodsOfAClassThatRanBeforeAreUncertain() throws Exception {
		String name = GeneratedClass.NAME + "Before";
		Class<?> made = new WovenSamples.Loader().define(name, renamed(name));
		Runnable ran = (Runnable) made.getDeclaredConstructor().newInstance();
		ran.run();
		Recorder.View view = open();
		assertThat(view.isRecorded(new MethodKey(name, "dead", "()V"))).isFalse();
		assertThat(drain(view)).noneMatch((method) -> method.startsWith("MadeBefore"));
		ran.run();
		assertThat(drain(view)).contains("MadeBefore.run()V", "MadeBefore.loop(I)V");
		assertThat(view.figures().uncertainMethods()).isPositive();
	}

	@Test
	void classThatWasLoadedBeforeButNotUsedIsRecordedFromTheStart() throws Exception {
		String name = GeneratedClass.NAME + "Untouched";
		Class<?> made = new WovenSamples.Loader().define(name, renamed(name));
		Recorder.View view = open();
		assertThat(view.isRecorded(new MethodKey(name, "dead", "()V"))).isTrue();
		((Runnable) made.getDeclaredConstructor().newInstance()).run();
		assertThat(drain(view)).contains("MadeUntouched.<init>()V", "MadeUntouched.run()V")
			.doesNotContain("MadeUntouched.dead()V", "MadeUntouched.run$default(I)V");
	}

	@Test
	void methodsThatRunWhileTheRecordingStartsAreAlive() {
		List<Recorder.View> opened = new ArrayList<>();
		Starter.start(() -> opened.add(this.recorder.open(WovenSamples.SETTINGS, instrumentation)));
		Recorder.View view = opened.get(0);
		this.views.add(view);
		assertThat(drain(view))
			.contains("early.Starter.start(Ljava/lang/Runnable;)V", "early.Starter.start(Ljava/lang/Runnable;I)V")
			.doesNotContain("early.Starter.start(Ljava/lang/Runnable;Ljava/lang/String;)V");
		assertThat(view.isRecorded(new MethodKey(Starter.class.getName(), "neverCalled", "()V"))).isFalse();
		assertThat(view.isRecorded(new MethodKey(Starter.class.getName(), "start", "(Ljava/lang/Runnable;)V")))
			.isTrue();
	}

	@Test
	void methodThatRunsOnAnotherThreadIsAliveIfThereIsButOneOfThatName() throws Exception {
		String name = GeneratedClass.NAME + "Waiting";
		Class<?> made = new WovenSamples.Loader().define(name, GeneratedClass.thatWaits(name));
		Object monitor = made.getDeclaredConstructor().newInstance();
		Thread thread = new Thread((Runnable) monitor, "waiting");
		thread.start();
		await().until(() -> thread.getState() == Thread.State.WAITING);
		Recorder.View view = this.recorder.open(WovenSamples.SETTINGS, instrumentation);
		this.views.add(view);
		assertThat(drain(view)).contains("MadeWaiting.run()V");
		synchronized (monitor) {
			monitor.notifyAll();
		}
		thread.join();
	}

	@Test
	void classRedefinedByAnotherAgentIsStillRecorded() throws Exception {
		Recorder.View view = open();
		WovenSamples.Loader application = new WovenSamples.Loader();
		application.runEverything();
		drain(view);
		instrumentation.retransformClasses(application.loadClass(WovenSamples.EVERYTHING));
		application.runEverything();
		assertThat(drain(view)).isEqualTo(aliveWithoutInitializers());
		assertThat(WovenSamples.codeBase()).allMatch(view::isRecorded);
	}

	@Test
	void everyVersionThatThisJvmRunsIsRecorded() throws Exception {
		Recorder.View view = open();
		for (int major = Opcodes.V1_8; major <= Opcodes.V17; major++) {
			drain(view);
			Class<?> made = new WovenSamples.Loader().define(GeneratedClass.NAME, GeneratedClass.ofVersion(major));
			((Runnable) made.getDeclaredConstructor().newInstance()).run();
			assertThat(drain(view)).as("version " + major)
				.containsExactly("Made.<init>()V", "Made.loop(I)V", "Made.run()V");
		}
	}

	private Set<String> aliveWithoutInitializers() {
		Set<String> alive = WovenSamples.alive();
		alive.remove("Everything.initialize()I");
		alive.removeIf((method) -> method.startsWith("Everything$Color.<init>"));
		return alive;
	}

	private static byte[] renamed(String name) {
		return GeneratedClass.ofVersion(Opcodes.V17, name);
	}

	private Recorder.View open() {
		return open(WovenSamples.SETTINGS);
	}

	private Recorder.View open(ScanSettings settings) {
		Recorder.View view = this.recorder.open(settings, instrumentation);
		this.views.add(view);
		drain(view);
		return view;
	}

	private static Set<String> drain(Recorder.View view) {
		List<MethodKey> methods = new ArrayList<>();
		view.drain(methods::add);
		return WovenSamples.texts(methods, (text) -> true);
	}

}
