package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stacks as SkyWalking has them. Frames that come again and again are one text in memory.
 * Not thread-safe.
 */
final class StackFrames {

	/** The innermost frames of deeper stacks, as the Java agent's limit has it. */
	static final int MAX_DEPTH = 500;

	private static final int MAX_REMEMBERED = 10_000;

	private static final int MAX_LENGTH = 1000;

	private final Map<StackTraceElement, String> texts = new HashMap<>();

	/**
	 * A stack.
	 * @param stack its frames, innermost first
	 * @return {@code class.method:line}, outermost first
	 */
	List<String> of(StackTraceElement[] stack) {
		List<String> frames = new ArrayList<>(Math.min(stack.length, MAX_DEPTH));
		for (int i = Math.min(stack.length, MAX_DEPTH) - 1; i >= 0; i--) {
			frames.add(text(stack[i]));
		}
		return frames;
	}

	private String text(StackTraceElement frame) {
		String known = this.texts.get(frame);
		if (known != null) {
			return known;
		}
		String text = WireText.text(frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber(),
				MAX_LENGTH);
		if (this.texts.size() < MAX_REMEMBERED) {
			this.texts.put(frame, text);
		}
		return text;
	}

}
