package dev.apm4j.export.skywalking;

import java.util.List;

/**
 * SkyWalking's own agent. Where it is attached, everything that this backend reports
 * would be there twice.
 */
public final class SkyWalkingAgent {

	private static final String CORE_CLASS = "org.apache.skywalking.apm.agent.core.boot.ServiceManager";

	private SkyWalkingAgent() {
	}

	/**
	 * Whether it is attached.
	 * @param classLoader the class loader of the application, which sees the one that
	 * agents are put into
	 * @param jvmArguments the arguments of the JVM
	 * @return whether one of the two tells of the agent
	 */
	public static boolean isAttached(ClassLoader classLoader, List<String> jvmArguments) {
		return jvmArguments.stream()
			.anyMatch((argument) -> argument.startsWith("-javaagent:") && argument.contains("skywalking-agent"))
				|| isPresent(classLoader) || isPresent(ClassLoader.getSystemClassLoader());
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
