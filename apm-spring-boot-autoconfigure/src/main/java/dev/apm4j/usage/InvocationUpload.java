package dev.apm4j.usage;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.apm4j.usage.CollectorException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Publishes which methods were called, interval by interval, the oldest first. What could
 * not be published waits, with its interval. Not thread-safe.
 */
final class InvocationUpload {

	private static final int FINGERPRINT_LENGTH = 200;

	private final PublicationSource source;

	private final CommonPublicationData common;

	private final boolean legacy;

	private final MessageLimit limit;

	private final Set<MethodKey> notRecorded;

	private final InstantSource clock;

	private final Set<MethodKey> countedAsCalled = new HashSet<>();

	private final PendingInvocations pending = new PendingInvocations();

	private long intervalStartedAtMillis;

	private long publications;

	private long published;

	InvocationUpload(PublicationSource source, CommonPublicationData common, boolean legacy, MessageLimit limit,
			Set<MethodKey> notRecorded, InstantSource clock) {
		this.source = source;
		this.common = common;
		this.legacy = legacy;
		this.limit = limit;
		this.notRecorded = notRecorded;
		this.clock = clock;
		this.intervalStartedAtMillis = clock.millis();
	}

	/**
	 * Ends an interval. Methods of the published code base whose calls turned out not to
	 * be recorded count as called, once: nobody knows, and they would look dead. Those
	 * that were left out of it are not published either: the collector knows nothing of
	 * them.
	 * @param codeBase what was published
	 */
	void collect(List<CodeBaseMethod> codeBase) {
		List<MethodKey> called = new ArrayList<>(this.source.takeInvoked());
		called.removeIf((method) -> this.notRecorded.contains(method) && !this.countedAsCalled.contains(method));
		called.addAll(lost(codeBase));
		this.pending.add(this.intervalStartedAtMillis, called);
		this.intervalStartedAtMillis = this.clock.millis();
	}

	private List<MethodKey> lost(List<CodeBaseMethod> codeBase) {
		List<MethodKey> lost = codeBase.stream()
			.map(CodeBaseMethod::key)
			.filter((method) -> !this.source.isRecorded(method) && !this.notRecorded.contains(method))
			.toList();
		if (this.source.recording().state() != RecordingStatus.State.ACTIVE) {
			// It ended meanwhile: then nothing is recorded, and all would seem alive.
			return List.of();
		}
		this.notRecorded.addAll(lost);
		this.countedAsCalled.addAll(lost);
		return lost;
	}

	/**
	 * Sends all that waits; an interval without calls too, as it tells the collector that
	 * this JVM lives.
	 * @param client sends
	 * @param address to there
	 * @param fingerprint of the code base
	 * @throws CollectorException if a message was not accepted
	 * @throws InterruptedException if the thread was interrupted meanwhile
	 */
	void send(CollectorClient client, CollectorAddress address, String fingerprint)
			throws CollectorException, InterruptedException {
		for (Long interval = this.pending.oldest(); interval != null; interval = this.pending.oldest()) {
			send(client, address, fingerprint, interval);
		}
	}

	private void send(CollectorClient client, CollectorAddress address, String fingerprint, long interval)
			throws CollectorException, InterruptedException {
		List<MethodKey> methods = this.pending.methods(interval);
		PublicationFrame entries = new PublicationFrame(this.limit.bytes(), commonData("").size() + FINGERPRINT_LENGTH);
		ProtobufWriter message = new ProtobufWriter();
		int end = 0;
		for (; end < methods.size(); end++) {
			String hash = hash(methods.get(end));
			if (hash != null) {
				message.reset();
				ScavengerMessages.invocationEntry(message, hash);
				if (!entries.add(message)) {
					break;
				}
			}
		}
		Frame frame = entries.finish(commonData(fingerprint), ScavengerMessages.recordingInterval(interval));
		try {
			client.publishInvocations(address, frame);
		}
		catch (CollectorException ex) {
			if (ex.kind() == Kind.TOO_LARGE && entries.count() > 1 && this.limit.lower(frame.length())) {
				return;
			}
			throw ex;
		}
		this.pending.remove(interval, methods.subList(0, end));
		this.publications++;
		this.published += entries.count();
	}

	/** Nothing for what was not listed either. */
	private @Nullable String hash(MethodKey method) {
		MethodSignature signature = MethodSignature.of(method, this.legacy);
		String text = signature.text();
		return CodeBaseEntry.fits(signature, text) ? MethodSignature.hash(text) : null;
	}

	private ProtobufWriter commonData(String fingerprint) {
		return ScavengerMessages.commonData(this.common, fingerprint, this.clock.millis());
	}

	boolean hasPending() {
		return !this.pending.isEmpty();
	}

	int pending() {
		return this.pending.size();
	}

	/** Gives back what could not be published. */
	void giveBack() {
		List<MethodKey> methods = this.pending.drain();
		if (!methods.isEmpty()) {
			this.source.giveBack(methods);
		}
	}

	long publications() {
		return this.publications;
	}

	long published() {
		return this.published;
	}

}
