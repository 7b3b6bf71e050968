package dev.apm4j.instrument.jdbc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.apm4j.trace.DatabaseAttributes;

/**
 * Where in the application a statement comes from. Thread-safe.
 */
final class Callers {

	private static final int MAX_FRAMES = 5;

	/** How far up to look; deeper ones are hardly the reason for a statement. */
	private static final int MAX_DEPTH = 1024;

	/** This library, which is on the stack of every statement. */
	private static final List<String> OWN = List.of("dev.apm4j.instrument.", "dev.apm4j.trace.",
			"dev.apm4j.autoconfigure.");

	/** Whose frames say nothing about the application. */
	private static final List<String> LIBRARIES = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "jakarta.",
			"org.springframework.", "org.hibernate.", "org.jooq.", "org.apache.ibatis.", "org.mybatis.",
			"com.zaxxer.hikari.", "org.apache.tomcat.", "org.apache.catalina.", "org.apache.commons.dbcp2.",
			"com.mchange.", "oracle.", "com.mysql.", "org.mariadb.", "org.postgresql.", "com.microsoft.sqlserver.",
			"com.ibm.", "org.h2.", "org.hsqldb.", "org.apache.derby.", "org.sqlite.", "com.clickhouse.",
			"org.flywaydb.", "liquibase.", "com.querydsl.", "org.jdbi.", "io.micrometer.", "reactor.", "kotlin.",
			"kotlinx.", "scala.", "net.bytebuddy.", "org.aspectj.");

	/** What separates the name of a proxy's class from that of the class behind it. */
	private static final String PROXY = "$$";

	/** Kotlin's classes of code that was written where it is called. */
	private static final String INLINED = "$$inlined$";

	private final StackWalker walker = StackWalker.getInstance();

	private final List<String> packages;

	Callers(List<String> packages) {
		this.packages = packages.stream().filter((name) -> !name.isBlank()).map((name) -> name + ".").toList();
	}

	/** Attributes that tell the callers of the calling thread. */
	Map<String, Object> attributes() {
		List<StackWalker.StackFrame> frames = find();
		if (frames.isEmpty()) {
			return Map.of();
		}
		StackWalker.StackFrame first = frames.get(0);
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put(DatabaseAttributes.CALLERS, frames.stream().map(Callers::describe).distinct().toList());
		attributes.put("code.function.name", function(first));
		if (first.getLineNumber() >= 0) {
			attributes.put("code.line.number", (long) first.getLineNumber());
		}
		if (first.getFileName() != null) {
			attributes.put("code.file.path", first.getFileName());
		}
		return attributes;
	}

	private List<StackWalker.StackFrame> find() {
		List<StackWalker.StackFrame> found = this.packages.isEmpty() ? List.of()
				: this.walker.walk((frames) -> outside(frames).filter(this::isApplication).limit(MAX_FRAMES).toList());
		return found.isEmpty() ? this.walker
			.walk((frames) -> outside(frames).filter((frame) -> !startsWithAny(frame, LIBRARIES)).limit(1).toList())
				: found;
	}

	private static Stream<StackWalker.StackFrame> outside(Stream<StackWalker.StackFrame> frames) {
		return frames.limit(MAX_DEPTH).filter((frame) -> !startsWithAny(frame, OWN) && !isGenerated(frame));
	}

	private boolean isApplication(StackWalker.StackFrame frame) {
		return startsWithAny(frame, this.packages);
	}

	private static boolean startsWithAny(StackWalker.StackFrame frame, List<String> prefixes) {
		String name = frame.getClassName();
		for (String prefix : prefixes) {
			if (name.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	/** Proxies, and accessors that a compiler made. */
	private static boolean isGenerated(StackWalker.StackFrame frame) {
		String type = frame.getClassName();
		boolean proxy = type.contains(PROXY) && !type.contains(INLINED);
		return proxy || type.contains("$Proxy") || type.contains("$HibernateProxy") || type.contains("$ByteBuddy")
				|| frame.getMethodName().startsWith("access$");
	}

	private static String function(StackWalker.StackFrame frame) {
		return frame.getClassName() + "." + method(frame.getMethodName());
	}

	/** {@code lambda$load$0}, Kotlin's {@code load$lambda$0}: code of {@code load}. */
	private static String method(String name) {
		if (name.startsWith("lambda$")) {
			int end = name.lastIndexOf('$');
			return (end > 7) ? name.substring(7, end) : "lambda";
		}
		int lambda = name.indexOf("$lambda");
		return (lambda > 0) ? name.substring(0, lambda) : name;
	}

	private static String describe(StackWalker.StackFrame frame) {
		String file = (frame.getFileName() != null) ? frame.getFileName() : "Unknown Source";
		return function(frame) + "(" + ((frame.getLineNumber() >= 0) ? file + ":" + frame.getLineNumber() : file) + ")";
	}

}
