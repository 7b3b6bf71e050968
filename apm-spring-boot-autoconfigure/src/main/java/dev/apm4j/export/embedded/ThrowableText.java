package dev.apm4j.export.embedded;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Turns an exception into bounded text. Its methods may be overridden and may themselves
 * fail, so that none is trusted; the cause of an exception may be the exception itself.
 */
final class ThrowableText {

	static final int MAX_MESSAGE = 4 * 1024;

	static final int MAX_STACK = 16 * 1024;

	static final int MAX_FRAMES = 50;

	static final int MAX_CAUSES = 5;

	private ThrowableText() {
	}

	static StoredSpan.Failure of(Throwable throwable) {
		return new StoredSpan.Failure(throwable.getClass().getName(), message(throwable), stack(throwable));
	}

	private static @Nullable String message(Throwable throwable) {
		String message = call(throwable::getMessage);
		return (message != null) ? cut(message, MAX_MESSAGE) : null;
	}

	private static String stack(Throwable throwable) {
		StringBuilder text = new StringBuilder(1024);
		Throwable current = throwable;
		for (int depth = 0; depth <= MAX_CAUSES && current != null && text.length() < MAX_STACK; depth++) {
			text.append((depth > 0) ? "Caused by: " : "").append(current.getClass().getName());
			String message = message(current);
			if (message != null) {
				text.append(": ").append(message);
			}
			text.append('\n');
			appendFrames(text, current);
			Throwable cause = call(current::getCause);
			current = (cause != current) ? cause : null;
		}
		return cut(text.toString(), MAX_STACK);
	}

	private static void appendFrames(StringBuilder text, Throwable throwable) {
		@Nullable StackTraceElement @Nullable [] frames = call(throwable::getStackTrace);
		if (frames == null) {
			return;
		}
		for (int i = 0; i < frames.length && text.length() < MAX_STACK; i++) {
			if (i == MAX_FRAMES) {
				text.append("\t... ").append(frames.length - MAX_FRAMES).append(" more\n");
				return;
			}
			text.append("\tat ").append(frames[i]).append('\n');
		}
	}

	/** Calls a method of the user's that may throw anything. */
	private static <T extends @Nullable Object> @Nullable T call(Supplier<T> method) {
		try {
			return method.get();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
		return text.substring(0, end);
	}

}
