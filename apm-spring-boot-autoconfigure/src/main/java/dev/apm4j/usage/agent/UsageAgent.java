package dev.apm4j.usage.agent;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what the JVM hands to an agent until the application asks for it. Does nothing
 * else: what is to be recorded is only known when the application has read its
 * configuration.
 * <p>
 * The JVM loads this class by the system class loader. In an executable jar the
 * application's classes have another one, and must ask the system class loader for this
 * class by its name.
 */
public final class UsageAgent {

	private static final AtomicReference<Map.@Nullable Entry<String, Instrumentation>> HANDLE = new AtomicReference<>();

	private UsageAgent() {
	}

	/**
	 * Called by the JVM for {@code -javaagent}.
	 * @param arguments not used
	 * @param instrumentation what is kept
	 */
	public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
		HANDLE.compareAndSet(null, Map.entry("-javaagent", instrumentation));
	}

	/**
	 * Called by the JVM for the manifest's {@code Launcher-Agent-Class}.
	 * @param arguments not used
	 * @param instrumentation what is kept
	 */
	public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
		HANDLE.compareAndSet(null, Map.entry("Launcher-Agent-Class", instrumentation));
	}

	/**
	 * What the JVM handed over. Of types of the JDK only, as it is called by reflection
	 * from classes that don't see this one.
	 * @return how this class was called, and with what; {@code null} if it was not
	 */
	public static Map.@Nullable Entry<String, Instrumentation> handle() {
		return HANDLE.get();
	}

}
