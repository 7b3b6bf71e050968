package dev.apm4j.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import dev.apm4j.usage.CollectorException.Kind;
import dev.apm4j.usage.PublicationStatus.State;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is published when: a poll, which gives the intervals; the code base, once; then
 * invocations, by interval. Nothing before calls are recorded.
 * <p>
 * A collector that is away is asked again after a second and then less and less often, up
 * to every 30 s, beginning with where it is; one that refused something, when it said. A
 * key that it does not know is tried again every hour. All that was called meanwhile is
 * kept. Used by one thread, but for {@link #status()}.
 */
final class PublicationCycle {

	private static final Log logger = LogFactory.getLog(PublicationCycle.class);

	private static final String OUTLOOK = "; it is tried again, and nothing is lost meanwhile";

	static final Duration UNAUTHENTICATED_PAUSE = Duration.ofHours(1);

	/** Until the scan has ended, recording begins or another publisher ends. */
	static final Duration RECHECK = Duration.ofSeconds(1);

	private static final Duration MIN_WAIT = Duration.ofMillis(10);

	private final CollectorSettings settings;

	private final PublicationSource source;

	private final CollectorClient client;

	private final CommonPublicationData common;

	private final LongSupplier nanoTime;

	private final InstantSource clock;

	private final Backoff backoff;

	private final FailureText failureText;

	private final PublicationHealth health;

	private final MessageLimit limit;

	private final Set<MethodKey> notRecorded = new HashSet<>();

	private final InvocationUpload invocations;

	private final PublicationTask poll;

	private final PublicationTask codeBaseTask;

	private final PublicationTask invocationsTask;

	private boolean claimed;

	private @Nullable CollectorAddress address;

	private @Nullable ServerIntervals intervals;

	private @Nullable CodeBaseUpload codeBase;

	private long collectedAtNanos;

	private long notBeforeNanos;

	private @Nullable String reason;

	private volatile PublicationStatus status;

	/**
	 * Makes a cycle, without connecting.
	 * @param settings the collector
	 * @param source what is published
	 * @param jvmStartedAtMillis when the process started
	 * @param jvmUuid identifies the publisher
	 * @param nanoTime the JVM's nanosecond clock
	 * @param clock the time of day
	 * @param random shortens pauses
	 */
	PublicationCycle(CollectorSettings settings, PublicationSource source, long jvmStartedAtMillis, String jvmUuid,
			LongSupplier nanoTime, InstantSource clock, RandomGenerator random) {
		this.settings = settings;
		this.source = source;
		this.client = new CollectorClient(settings);
		this.common = CommonPublicationData.of(settings, jvmStartedAtMillis, jvmUuid);
		this.nanoTime = nanoTime;
		this.clock = clock;
		this.backoff = new Backoff(random);
		this.failureText = new FailureText(settings.apiKey());
		this.health = new PublicationHealth(clock);
		this.limit = new MessageLimit(settings.maxMessageBytes());
		this.invocations = new InvocationUpload(source, this.common, settings.legacyCompatibility(), this.limit,
				this.notRecorded, clock);
		long now = nanoTime.getAsLong();
		this.poll = new PublicationTask(now);
		this.codeBaseTask = new PublicationTask(now);
		this.invocationsTask = new PublicationTask(now);
		this.notBeforeNanos = now;
		// Whoever does not record does not run this either.
		this.reason = reasonNotRecorded();
		this.status = snapshot(null);
	}

	/**
	 * Does what is due.
	 * @return nanoseconds until something is due again
	 * @throws InterruptedException if the thread was interrupted meanwhile
	 */
	long run() throws InterruptedException {
		this.reason = reasonToBeOff();
		if (this.reason == null) {
			if (this.notBeforeNanos - now() <= 0) {
				publish();
			}
		}
		long wait = (this.reason != null) ? RECHECK.toNanos() : Math.max(MIN_WAIT.toNanos(), nextNanos() - now());
		this.status = snapshot((this.reason != null) ? null : this.clock.instant().plusNanos(wait));
		return wait;
	}

	private @Nullable String reasonNotRecorded() {
		RecordingStatus recording = this.source.recording();
		return switch (recording.state()) {
			case OFF, UNAVAILABLE -> (recording.reason() != null) ? "Calls are not recorded: " + recording.reason()
					: "Calls are not recorded";
			case ACTIVE -> null;
		};
	}

	private @Nullable String reasonToBeOff() {
		String notRecorded = reasonNotRecorded();
		if (notRecorded != null) {
			return notRecorded;
		}
		CodeBase known = this.source.codeBase();
		if (known != null && known.methods().isEmpty()) {
			return "No methods were found: see apm.scavenger.packages";
		}
		if (!this.claimed) {
			this.claimed = this.source.claim();
		}
		return this.claimed ? null : "Another application context of this JVM publishes";
	}

	private void publish() throws InterruptedException {
		collect();
		if (!attempt(this.poll, this::poll)) {
			return;
		}
		if (this.intervals != null && isReady() && attempt(this.codeBaseTask, this::publishCodeBase)
				&& isCodeBasePublished()) {
			attempt(this.invocationsTask, this::publishInvocations);
		}
	}

	private boolean isReady() {
		return this.source.recording().state() == RecordingStatus.State.ACTIVE && this.source.codeBase() != null;
	}

	private boolean isCodeBasePublished() {
		return this.codeBase != null && this.codeBase.isComplete();
	}

	private Duration poll(CollectorAddress address) throws CollectorException, InterruptedException {
		ServerIntervals intervals = this.client.poll(address, this.common.jvmUuid());
		Duration forced = this.settings.forceInterval();
		this.intervals = (forced != null && forced.compareTo(Duration.ZERO) > 0) ? ServerIntervals.all(forced)
				: intervals;
		return intervals().poll();
	}

	private Duration publishCodeBase(CollectorAddress address) throws CollectorException, InterruptedException {
		CodeBaseUpload codeBase = this.codeBase;
		if (codeBase == null) {
			CodeBase known = this.source.codeBase();
			if (known == null) {
				return RECHECK;
			}
			codeBase = new CodeBaseUpload(this.source, known, this.common, this.settings.legacyCompatibility(),
					this.limit, this.notRecorded, this.clock.millis());
			this.codeBase = codeBase;
		}
		if (!codeBase.isComplete()) {
			codeBase.send(this.client, address);
			logger.info("The code base is published to the collector at " + address + ": " + codeBase.published()
					+ " methods in " + codeBase.messages() + " message(s)");
		}
		// Once for the life of the process.
		return Duration.ofDays(36_500);
	}

	/** Also while the collector is away, so that the intervals stay apart. */
	private void collect() {
		CodeBaseUpload codeBase = this.codeBase;
		if (codeBase == null || !codeBase.isComplete() || !this.invocationsTask.isDue(now())) {
			return;
		}
		if (!this.invocations.hasPending() || now() - this.collectedAtNanos >= intervals().invocations().toNanos()) {
			this.collectedAtNanos = now();
			this.invocations.collect(codeBase.methods());
		}
	}

	private Duration publishInvocations(CollectorAddress address) throws CollectorException, InterruptedException {
		collect();
		CodeBaseUpload codeBase = this.codeBase;
		if (codeBase != null) {
			this.invocations.send(this.client, address, codeBase.fingerprint());
		}
		return intervals().invocations();
	}

	private ServerIntervals intervals() {
		ServerIntervals intervals = this.intervals;
		// Not before the first poll, but then there is nothing else to go by.
		return (intervals != null) ? intervals : ServerIntervals.all(Backoff.MAX);
	}

	/**
	 * Does something if it is due.
	 * @return whether the collector can be called
	 */
	private boolean attempt(PublicationTask task, Call call) throws InterruptedException {
		if (!task.isDue(now())) {
			return true;
		}
		try {
			CollectorAddress address = this.address;
			if (address == null) {
				address = this.client.initConfig();
				this.address = address;
			}
			task.succeeded(now(), call.call(address));
			this.backoff.reset();
			this.health.succeeded(address, !isFailing());
			return true;
		}
		catch (CollectorException ex) {
			failed(task, ex);
			return ex.kind() == Kind.REFUSED || ex.kind() == Kind.TOO_LARGE;
		}
	}

	private boolean isFailing() {
		return this.poll.isFailing() || this.codeBaseTask.isFailing() || this.invocationsTask.isFailing();
	}

	private void failed(PublicationTask task, CollectorException failure) {
		switch (failure.kind()) {
			case UNREACHABLE -> {
				task.failed();
				pause(this.backoff.next());
				this.health.failed(State.RETRYING, failure.getMessage(), OUTLOOK);
			}
			case UNAUTHENTICATED -> {
				task.failed();
				pause(UNAUTHENTICATED_PAUSE.toNanos());
				this.poll.dueNow(now());
				this.health.failed(State.UNAUTHENTICATED, failure.getMessage(),
						"; see apm.scavenger.api-key. It is tried again every hour, and nothing is lost meanwhile");
			}
			case REFUSED, TOO_LARGE -> {
				task.refused(now(), retryInterval(task));
				this.health.failed(State.RETRYING, failure.getMessage(), OUTLOOK);
			}
		}
	}

	private void pause(long nanos) {
		this.notBeforeNanos = now() + nanos;
		// It may be elsewhere when it comes back.
		this.address = null;
	}

	private Duration retryInterval(PublicationTask task) {
		if (task == this.poll) {
			return intervals().pollRetry();
		}
		return (task == this.codeBaseTask) ? intervals().codeBaseRetry() : intervals().invocationsRetry();
	}

	/**
	 * Takes note of what no collector did.
	 * @param bug what was thrown
	 * @return nanoseconds until it is tried again
	 */
	long failed(Throwable bug) {
		pause(Backoff.MAX.toNanos());
		this.health.failed(State.RETRYING, this.failureText.of(bug), OUTLOOK);
		this.status = snapshot(this.clock.instant().plus(Backoff.MAX));
		return Backoff.MAX.toNanos();
	}

	private long nextNanos() {
		if (this.notBeforeNanos - now() > 0) {
			return this.notBeforeNanos;
		}
		long next = this.poll.dueNanos();
		if (this.intervals == null) {
			return next;
		}
		if (isCodeBasePublished()) {
			return earlier(next, this.invocationsTask.dueNanos());
		}
		return earlier(next, isReady() ? this.codeBaseTask.dueNanos() : now() + RECHECK.toNanos());
	}

	private static long earlier(long one, long other) {
		return (one - other <= 0) ? one : other;
	}

	/**
	 * Publishes what there is, once more or for the first time, whatever is due and
	 * whatever failed before.
	 * @throws InterruptedException if the thread was interrupted meanwhile
	 */
	void flush() throws InterruptedException {
		this.reason = reasonToBeOff();
		if (this.reason == null && this.health.state() != State.UNAUTHENTICATED && isReady()) {
			long now = now();
			if (this.intervals == null) {
				this.poll.dueNow(now);
			}
			if (!isCodeBasePublished()) {
				this.codeBaseTask.dueNow(now);
			}
			this.invocationsTask.dueNow(now);
			this.collectedAtNanos = now - intervals().invocations().toNanos();
			publish();
		}
	}

	/**
	 * Ends without publishing: what is left is given back, and another publisher let in.
	 * Does nothing the second time.
	 */
	void end() {
		this.health.closed();
		try {
			this.invocations.giveBack();
		}
		finally {
			this.status = snapshot(null);
			if (this.claimed) {
				this.claimed = false;
				this.source.release();
			}
		}
	}

	PublicationStatus status() {
		return this.status;
	}

	private PublicationStatus snapshot(@Nullable Instant next) {
		CodeBaseUpload codeBase = this.codeBase;
		CollectorAddress address = (this.address != null) ? this.address
				: CollectorAddress.of(this.settings.serverUrl());
		State state = this.health.state();
		return new PublicationStatus((this.reason != null && state != State.CLOSED) ? State.OFF : state, this.reason,
				address.toString(), this.health.lastSuccess(), this.health.lastFailure(), this.health.lastFailureAt(),
				next, isCodeBasePublished(), (codeBase != null) ? codeBase.published() : 0,
				(codeBase != null) ? codeBase.messages() : 0, this.notRecorded.size(),
				(codeBase != null) ? codeBase.tooLong() : 0, this.invocations.publications(),
				this.invocations.published(), this.invocations.pending());
	}

	private long now() {
		return this.nanoTime.getAsLong();
	}

	/** A call of the collector, which gives the time until the next one. */
	@FunctionalInterface
	private interface Call {

		Duration call(CollectorAddress address) throws CollectorException, InterruptedException;

	}

}
