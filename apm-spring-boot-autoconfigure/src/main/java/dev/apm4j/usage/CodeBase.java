package dev.apm4j.usage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The methods that count, as the scan found them.
 *
 * @param methods the methods, sorted by class, name and descriptor, each once
 * @param leftOut how many more there are than may count
 * @param unreadable class files and archives that could not be read; such classes are
 * neither listed nor recorded
 */
record CodeBase(List<CodeBaseMethod> methods, int leftOut, int unreadable) {

	/**
	 * Identifies the code base: the same methods found under the same settings, wherever
	 * the files are, have the same fingerprint.
	 * @param settings what counted
	 * @param legacy whether signatures are those of the agent before Scavenger's
	 * @return 64 hexadecimal digits
	 */
	String fingerprint(ScanSettings settings, boolean legacy) {
		MessageDigest digest = sha256();
		add(digest, settings.packages());
		add(digest, settings.excludePackages());
		add(digest, settings.additionalPackages());
		add(digest, settings.annotations());
		add(digest, settings.excludeByRegex());
		add(digest, settings.additionalByRegex());
		add(digest, List.of(settings.visibility().text(), Boolean.toString(settings.excludeConstructors()),
				Boolean.toString(settings.excludeGettersAndSetters()), Boolean.toString(legacy)));
		for (CodeBaseMethod method : this.methods) {
			add(digest, MethodSignature.of(method.key(), legacy).text());
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static void add(MessageDigest digest, List<String> texts) {
		texts.stream().sorted().forEach((text) -> add(digest, text));
		digest.update((byte) 1);
	}

	/** A byte that is in no text ends it, so that texts don't run into each other. */
	private static void add(MessageDigest digest, String text) {
		digest.update(text.getBytes(StandardCharsets.UTF_8));
		digest.update((byte) 0);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

}
