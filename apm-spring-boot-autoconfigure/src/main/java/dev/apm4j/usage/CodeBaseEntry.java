package dev.apm4j.usage;

import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * A method as a publication of the code base has it. Source: Scavenger's
 * {@code CodeBasePublication.CodeBaseEntry}.
 *
 * @param signature its signature
 * @param visibility its visibility
 * @param modifiers its modifiers
 * @param text the text of the signature
 */
record CodeBaseEntry(MethodSignature signature, String visibility, String modifiers, String text) {

	/** Widths of the collector's columns: characters, and bytes of a TEXT. */
	private static final int DECLARING_TYPE = 256;

	private static final int MODIFIERS = 50;

	private static final int TEXT_BYTES = 0xFFFF;

	/**
	 * Describes a method.
	 * @param method the method
	 * @param legacy whether as the agent before Scavenger's did
	 * @return the entry, {@code null} if the collector can't store it
	 */
	static @Nullable CodeBaseEntry of(CodeBaseMethod method, boolean legacy) {
		MethodSignature signature = MethodSignature.of(method.key(), legacy);
		String text = signature.text();
		if (!fits(signature, text)) {
			return null;
		}
		// Of all access flags, as Scavenger has it: varargs read as transient.
		String modifiers = Modifier.toString(method.access());
		return new CodeBaseEntry(signature, Visibility.of(method.access()).text(),
				modifiers.substring(0, Math.min(MODIFIERS, modifiers.length())), text);
	}

	/**
	 * Whether the collector can store a method.
	 * @param signature the method
	 * @param text the text of the signature
	 * @return whether its columns are wide enough
	 */
	static boolean fits(MethodSignature signature, String text) {
		String type = signature.declaringType();
		return type.codePointCount(0, type.length()) <= DECLARING_TYPE
				&& text.getBytes(StandardCharsets.UTF_8).length <= TEXT_BYTES;
	}

}
