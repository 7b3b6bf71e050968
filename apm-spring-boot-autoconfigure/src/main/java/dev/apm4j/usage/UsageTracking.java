package dev.apm4j.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds the dead code of one application: puts together what the scan lists and what the
 * recording sees, keeps it, and publishes it. Works on daemon threads of its own,
 * {@code apm-usage} and, with a collector, {@code apm-scavenger}. Thread-safe.
 */
public final class UsageTracking implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(UsageTracking.class);

	/**
	 * A short job ends before its classes are scanned; without them its calls are lost.
	 */
	private static final Duration PATIENCE_FOR_SCAN = Duration.ofSeconds(5);

	private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * The file is written at least as often, so that it is known how long was watched.
	 */
	private static final long SAVE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final ScanSettings scanSettings;

	private final UsageSettings settings;

	private final Recording recording;

	private final CodeBaseScanner scanner;

	private final UsageRegistry registry;

	private final ReportCache reports;

	private final @Nullable UsageFile file;

	private final @Nullable ScavengerPublisher publisher;

	private final Thread thread;

	private final CountDownLatch scanned = new CountDownLatch(1);

	private final CountDownLatch closing = new CountDownLatch(1);

	private final Object lifecycle = new Object();

	private boolean started;

	private boolean closed;

	private long intervalBegin;

	/** Only for the tracking's thread, and after its end for who closes. */
	private long lastSave = System.nanoTime();

	/** Whether a method was called that is not known to be in the file. */
	private volatile boolean unsaved;

	/**
	 * Creates a tracking that does nothing before {@link #start()}.
	 * @param scanSettings what counts, the same as for the recording
	 * @param settings what is done with the calls
	 * @param recording the recording, which ends with this
	 * @param loader loads the application's classes
	 * @param classes classes of the application, such as the main class
	 * @throws IllegalArgumentException for a pattern or a collector's URL that is none
	 */
	public UsageTracking(ScanSettings scanSettings, UsageSettings settings, Recording recording,
			@Nullable ClassLoader loader, Collection<Class<?>> classes) {
		this.scanSettings = scanSettings;
		this.settings = settings;
		this.recording = recording;
		this.scanner = new CodeBaseScanner(scanSettings, new MethodFilter(scanSettings),
				() -> CodeLocations.find(loader, classes));
		this.registry = new UsageRegistry(recording::isRecorded);
		this.reports = new ReportCache(() -> this.registry.report(System.currentTimeMillis()), this.registry::codeBase,
				System::nanoTime);
		Path path = settings.file();
		this.file = (path != null) ? new UsageFile(path, scanSettings.maxMethods()) : null;
		CollectorSettings collector = settings.collector();
		this.publisher = (collector != null) ? new ScavengerPublisher(collector, new Source()) : null;
		this.intervalBegin = recording.since().toEpochMilli();
		this.thread = new Thread(this::run, "apm-usage");
		this.thread.setDaemon(true);
		this.thread.setPriority(Thread.MIN_PRIORITY);
	}

	/**
	 * Starts to scan, to look for calls and to publish; if nothing is recorded it says
	 * why and does none of it. Does nothing the second time, or if closed before.
	 */
	public void start() {
		synchronized (this.lifecycle) {
			if (this.started || this.closed) {
				return;
			}
			this.started = true;
			if (!isActive()) {
				RecordingStatus status = this.recording.status();
				logger.warn("Dead code is not looked for, as calls are not recorded: " + status.reason()
						+ ((status.remedy() != null) ? ". " + status.remedy() : ""));
				return;
			}
			this.registry.recordingSince(this.recording.since().toEpochMilli());
			this.thread.start();
			if (this.publisher != null) {
				this.publisher.start();
			}
		}
	}

	private boolean isActive() {
		return this.recording.status().state() == RecordingStatus.State.ACTIVE;
	}

	private void run() {
		try {
			if (this.file != null) {
				this.registry.restore(this.file.load());
			}
			scan();
			while (!this.closing.await(this.settings.interval().toNanos(), TimeUnit.NANOSECONDS)) {
				look(System.nanoTime() - this.lastSave >= SAVE_NANOS);
			}
		}
		catch (InterruptedException ex) {
			// Whoever closes does the rest.
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Looking for dead code ended with a failure", ex);
		}
	}

	private void scan() {
		try {
			CodeBase codeBase = this.scanner.scan();
			// Only a call of main, which ran before the recording, is certain, and has to
			// be known when the code base is published.
			drain();
			this.registry.codeBase(codeBase);
			logger.info("apm4j records calls of " + codeBase.methods().size() + " methods ("
					+ this.recording.status().means() + ", scanned in " + this.scanner.progress().millis() + " ms)");
			if (codeBase.leftOut() > 0) {
				logger.warn(codeBase.leftOut() + " methods are left out, as only " + this.scanSettings.maxMethods()
						+ " may count (apm.scavenger.max-methods)");
			}
		}
		catch (CancellationException ex) {
			// The application ends.
		}
		finally {
			this.scanned.countDown();
		}
		if (this.publisher != null) {
			this.publisher.wakeUp();
		}
	}

	private void look(boolean saveAnyway) {
		try {
			drain();
			if (this.file != null && (this.unsaved || saveAnyway)) {
				save(this.file);
			}
		}
		catch (RuntimeException ex) {
			// The next time may be better, and what was recorded is still there.
			logger.debug("Calls of methods could not be looked at", ex);
		}
	}

	/** Also before calls are published, so that none is said to be later than it was. */
	private synchronized void drain() {
		long begin = this.intervalBegin;
		this.intervalBegin = System.currentTimeMillis();
		this.recording.drain((method) -> {
			if (this.registry.invoked(method, begin)) {
				this.unsaved = true;
			}
		});
	}

	private void save(UsageFile target) {
		this.unsaved = false;
		this.registry.restore(target.save(this.registry.history(System.currentTimeMillis())));
		this.lastSave = System.nanoTime();
	}

	/**
	 * How it goes.
	 * @return a moment's values
	 */
	public UsageStatus status() {
		return new UsageStatus(this.recording.status(), this.recording.figures(), scanProgress(),
				(this.file != null) ? this.file.problem() : null,
				(this.publisher != null) ? this.publisher.status() : null);
	}

	/** Not done before the report has what was found: it would seem that nothing was. */
	private ScanProgress scanProgress() {
		CodeBase codeBase = this.registry.codeBase();
		ScanProgress progress = this.scanner.progress();
		return (progress.state() == ScanProgress.State.DONE && codeBase == null) ? new ScanProgress(
				ScanProgress.State.RUNNING, progress.classes(), progress.methods(), progress.millis(), null) : progress;
	}

	/**
	 * What is known, at most as old as the interval and a second. Whoever asks within
	 * that second gets the same: with many methods it takes time and memory.
	 * @return the packages with their classes and methods
	 */
	public UsageReport report() {
		return this.reports.get();
	}

	/**
	 * Looks for calls a last time, keeps and publishes them, and ends the recording. A
	 * scan that is under way may take a few seconds more, and a collector that does not
	 * answer too.
	 */
	@Override
	public void close() {
		boolean wasStarted;
		synchronized (this.lifecycle) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			wasStarted = this.started;
		}
		try {
			if (wasStarted && isActive()) {
				end();
			}
			else if (this.publisher != null) {
				this.publisher.close(Duration.ZERO);
			}
			Path target = this.settings.report();
			if (target != null && wasStarted) {
				// Also if nothing was recorded, or that of an earlier run would count.
				writeReport(target);
			}
		}
		finally {
			this.recording.close();
		}
	}

	private void end() {
		try {
			this.closing.countDown();
			if (!this.scanned.await(PATIENCE_FOR_SCAN.toNanos(), TimeUnit.NANOSECONDS)) {
				this.scanner.cancel();
			}
			this.thread.join(JOIN_TIMEOUT.toMillis());
			if (this.thread.isAlive()) {
				// Whatever it waits for, the rest is done without it.
				this.thread.interrupt();
				this.thread.join(JOIN_TIMEOUT.toMillis());
			}
		}
		catch (InterruptedException ex) {
			this.scanner.cancel();
			Thread.currentThread().interrupt();
		}
		look(true);
		if (this.publisher != null) {
			this.publisher.close();
			// A collector that does not answer may have taken seconds.
			look(false);
		}
	}

	private void writeReport(Path target) {
		try {
			Path parent = target.toAbsolutePath().getParent();
			if (parent != null) {
				Files.createDirectories(parent);
			}
			UsageReport last = this.registry.report(System.currentTimeMillis());
			Files.writeString(target, UsageText.of(status(), last), StandardCharsets.UTF_8);
		}
		catch (IOException | UncheckedIOException ex) {
			logger.warn("The report of dead code could not be written to " + target + ": " + ex);
		}
	}

	/** What a publisher sees of it. */
	private final class Source implements PublicationSource {

		private boolean claimed;

		@Override
		public synchronized boolean claim() {
			boolean free = !this.claimed;
			this.claimed = true;
			return free;
		}

		@Override
		public synchronized void release() {
			this.claimed = false;
		}

		@Override
		public RecordingStatus recording() {
			return UsageTracking.this.recording.status();
		}

		@Override
		public @Nullable CodeBase codeBase() {
			return UsageTracking.this.registry.codeBase();
		}

		@Override
		public String fingerprint(CodeBase codeBase, boolean legacy) {
			return codeBase.fingerprint(UsageTracking.this.scanSettings, legacy);
		}

		@Override
		public boolean isRecorded(MethodKey method) {
			// A call that was seen is certain, whatever else was missed.
			return UsageTracking.this.recording.isRecorded(method) || UsageTracking.this.registry.isCalled(method);
		}

		@Override
		public List<MethodKey> takeInvoked() {
			drain();
			return UsageTracking.this.registry.takeInvoked();
		}

		@Override
		public void giveBack(Collection<MethodKey> methods) {
			UsageTracking.this.registry.giveBack(methods);
		}

	}

}
