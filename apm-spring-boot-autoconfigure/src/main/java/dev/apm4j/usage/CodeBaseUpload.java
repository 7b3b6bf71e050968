package dev.apm4j.usage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import dev.apm4j.usage.CollectorException.Kind;

/**
 * Publishes a code base: in one message, or else in as few as the collector's limit
 * allows. The collector imports a fingerprint once, so every message has its own; and all
 * have the same time of publication, or else it might take the methods of the first one
 * for deleted. Goes on after a failure where it was. Not thread-safe.
 */
final class CodeBaseUpload {

	private static final int FINGERPRINT_LENGTH = 200;

	private final PublicationSource source;

	private final List<CodeBaseMethod> methods;

	private final String codeBaseFingerprint;

	private final CommonPublicationData common;

	private final boolean legacy;

	private final MessageLimit limit;

	private final Set<MethodKey> notRecorded;

	private final long publishedAtMillis;

	private int cursor;

	private int published;

	private int messages;

	private int tooLong;

	private String fingerprint;

	/**
	 * Prepares to publish.
	 * @param source knows what is recorded
	 * @param codeBase the code base
	 * @param common who publishes
	 * @param legacy whether signatures are those of the agent before Scavenger's
	 * @param limit how large messages may be
	 * @param notRecorded takes methods that are left out as calls of them are not
	 * recorded
	 * @param publishedAtMillis time of publication
	 */
	CodeBaseUpload(PublicationSource source, CodeBase codeBase, CommonPublicationData common, boolean legacy,
			MessageLimit limit, Set<MethodKey> notRecorded, long publishedAtMillis) {
		this.source = source;
		this.methods = codeBase.methods();
		String fingerprint = source.fingerprint(codeBase, legacy);
		this.codeBaseFingerprint = fingerprint.substring(0, Math.min(FINGERPRINT_LENGTH, fingerprint.length()));
		this.fingerprint = this.codeBaseFingerprint;
		this.common = common;
		this.legacy = legacy;
		this.limit = limit;
		this.notRecorded = notRecorded;
		this.publishedAtMillis = publishedAtMillis;
	}

	/**
	 * Sends what is not sent yet.
	 * @param client sends
	 * @param address to there
	 * @throws CollectorException if a message was not accepted
	 * @throws InterruptedException if the thread was interrupted meanwhile
	 */
	void send(CollectorClient client, CollectorAddress address) throws CollectorException, InterruptedException {
		while (!isComplete()) {
			Chunk chunk = nextChunk();
			if (chunk.methods > 0) {
				try {
					client.publishCodeBase(address, chunk.frame);
				}
				catch (CollectorException ex) {
					if (ex.kind() == Kind.TOO_LARGE && chunk.methods > 1 && this.limit.lower(chunk.frame.length())) {
						continue;
					}
					throw ex;
				}
				this.fingerprint = chunk.fingerprint;
				this.messages++;
			}
			this.published += chunk.methods;
			this.tooLong += chunk.tooLong;
			this.cursor = chunk.end;
		}
	}

	private Chunk nextChunk() {
		PublicationFrame frame = new PublicationFrame(this.limit.bytes(), commonData("").size() + FINGERPRINT_LENGTH);
		ProtobufWriter message = new ProtobufWriter();
		MessageDigest digest = sha256();
		digest.update(this.codeBaseFingerprint.getBytes(StandardCharsets.UTF_8));
		int tooLong = 0;
		int end = this.cursor;
		for (; end < this.methods.size(); end++) {
			CodeBaseMethod method = this.methods.get(end);
			if (!this.source.isRecorded(method.key())) {
				this.notRecorded.add(method.key());
				continue;
			}
			CodeBaseEntry entry = CodeBaseEntry.of(method, this.legacy);
			if (entry == null) {
				tooLong++;
				continue;
			}
			String hash = MethodSignature.hash(entry.text());
			message.reset();
			ScavengerMessages.codeBaseEntry(message, entry, hash);
			if (!frame.add(message)) {
				break;
			}
			digest.update(hash.getBytes(StandardCharsets.UTF_8));
		}
		boolean whole = this.cursor == 0 && end == this.methods.size();
		String fingerprint = whole ? this.codeBaseFingerprint : HexFormat.of().formatHex(digest.digest());
		return new Chunk(frame.count(), tooLong, end, fingerprint, frame.finish(commonData(fingerprint), null));
	}

	private ProtobufWriter commonData(String fingerprint) {
		return ScavengerMessages.commonData(this.common, fingerprint, this.publishedAtMillis);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

	boolean isComplete() {
		return this.cursor == this.methods.size();
	}

	/**
	 * The fingerprint by which the collector knows this JVM's code base: that of the last
	 * message.
	 */
	String fingerprint() {
		return this.fingerprint;
	}

	List<CodeBaseMethod> methods() {
		return this.methods;
	}

	int published() {
		return this.published;
	}

	int messages() {
		return this.messages;
	}

	int tooLong() {
		return this.tooLong;
	}

	private record Chunk(int methods, int tooLong, int end, String fingerprint, Frame frame) {
	}

}
