package dev.apm4j.export.skywalking;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * SkyWalking's own agent. Where it is attached, everything that this backend reports
 * would be there twice.
 */
public final class SkyWalkingAgent {

	private static final String CORE_CLASS = "org.apache.skywalking.apm.agent.core.boot.ServiceManager";

	private static final String ARGUMENT = "-javaagent:";

	private static final String FILE = "skywalking-agent";

	private static final String SWITCH = "agent.enable=";

	private SkyWalkingAgent() {
	}

	/**
	 * Whether it is attached and not switched off.
	 * @param classLoader the class loader of the application, which sees the one that
	 * agents are put into
	 * @param jvmArguments the arguments of the JVM
	 * @param environment the environment of the process
	 * @return whether its file or its classes are there
	 */
	public static boolean isAttached(ClassLoader classLoader, List<String> jvmArguments,
			Map<String, String> environment) {
		boolean there = jvmArguments.stream().anyMatch(SkyWalkingAgent::isItsFile) || isPresent(classLoader)
				|| isPresent(ClassLoader.getSystemClassLoader());
		return there && isEnabled(jvmArguments, environment);
	}

	private static boolean isItsFile(String argument) {
		if (!argument.startsWith(ARGUMENT)) {
			return false;
		}
		int options = argument.indexOf('=');
		String path = (options >= 0) ? argument.substring(0, options) : argument;
		int directory = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
		return path.substring(Math.max(directory + 1, ARGUMENT.length())).startsWith(FILE);
	}

	/**
	 * Its options win over properties, and those over the environment, which the
	 * {@code agent.config} that comes with it reads.
	 */
	private static boolean isEnabled(List<String> jvmArguments, Map<String, String> environment) {
		String setting = environment.get("SW_AGENT_ENABLE");
		String option = null;
		for (String argument : jvmArguments) {
			if (argument.startsWith("-Dskywalking." + SWITCH)) {
				setting = argument.substring(argument.indexOf('=') + 1);
			}
			else if (argument.startsWith(ARGUMENT)) {
				option = (option != null) ? option : option(argument);
			}
		}
		return !"false".equalsIgnoreCase((option != null) ? option : setting);
	}

	private static @Nullable String option(String argument) {
		int options = argument.indexOf('=');
		for (String option : (options >= 0) ? argument.substring(options + 1).split(",") : new String[0]) {
			if (option.strip().startsWith(SWITCH)) {
				return option.strip().substring(SWITCH.length());
			}
		}
		return null;
	}

	private static boolean isPresent(ClassLoader classLoader) {
		try {
			// Without initializing it: that would be the agent's business.
			Class.forName(CORE_CLASS, false, classLoader);
			return true;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

}
