package dev.apm4j.export;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * An exception as bounded text, for backends to send or to store. No method of the
 * exception is trusted: it may be overridden and fail, and its cause may be itself.
 * Credentials are masked in every message ({@link CredentialMask}), and if a database is
 * among the causes, values in all messages ({@link SqlMessage}).
 *
 * @param type the exception's class
 * @param message its message, or {@code null}; at most {@value #MAX_MESSAGE} characters
 * @param stack its stack trace with those of its causes; at most {@value #MAX_STACK}
 * characters
 */
public record FailureText(String type, @Nullable String message, String stack) {

	/** Characters of a message. */
	public static final int MAX_MESSAGE = 4 * 1024;

	/** Characters of the stack trace. */
	public static final int MAX_STACK = 16 * 1024;

	/** Frames of each exception. */
	public static final int MAX_FRAMES = 50;

	/** Causes below the exception. */
	public static final int MAX_CAUSES = 5;

	/** As far is looked for an exception of a database. */
	private static final int MAX_DEPTH = 100;

	/**
	 * Parts of the names of exceptions that report a database's, often with its message
	 * and without having it as their cause: Spring's and jOOQ's, JPA's and MyBatis',
	 * Hibernate's, R2DBC's.
	 */
	private static final List<String> DATABASE_EXCEPTIONS = List.of("DataAccessException", "PersistenceException",
			"JDBCException", "R2dbcException");

	/**
	 * Turns an exception into text.
	 * @param throwable the exception
	 * @return its text
	 */
	public static FailureText of(Throwable throwable) {
		boolean masked = isOfDatabase(throwable);
		return new FailureText(throwable.getClass().getName(), message(throwable, masked), stack(throwable, masked));
	}

	private static boolean isOfDatabase(Throwable throwable) {
		Throwable current = throwable;
		for (int depth = 0; depth < MAX_DEPTH && current != null; depth++) {
			if (isDatabaseException(current)) {
				return true;
			}
			current = call(current::getCause);
		}
		return false;
	}

	private static boolean isDatabaseException(Throwable throwable) {
		if (throwable instanceof SQLException) {
			return true;
		}
		for (Class<?> type = throwable.getClass(); type != null; type = type.getSuperclass()) {
			String name = type.getName();
			if (DATABASE_EXCEPTIONS.stream().anyMatch(name::contains)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable String message(Throwable throwable, boolean masked) {
		String message = call(throwable::getMessage);
		if (message == null) {
			return null;
		}
		String bounded = CredentialMask.mask(cut(message, MAX_MESSAGE));
		return cut(masked ? SqlMessage.mask(bounded) : bounded, MAX_MESSAGE);
	}

	private static String stack(Throwable throwable, boolean masked) {
		StringBuilder text = new StringBuilder(1024);
		Throwable current = throwable;
		boolean value = false;
		for (int depth = 0; depth <= MAX_CAUSES && current != null && text.length() < MAX_STACK; depth++) {
			text.append((depth > 0) ? "Caused by: " : "").append(current.getClass().getName());
			String message = value ? "?" : message(current, masked);
			if (message != null) {
				text.append(": ").append(message);
			}
			text.append('\n');
			appendFrames(text, current);
			Throwable cause = call(current::getCause);
			// A driver could not convert something, and that may be all of the message.
			value = current instanceof SQLException && cause instanceof IllegalArgumentException;
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
