package dev.apm4j.usage;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Why this JVM can't be attached to, as far as it can be known without trying: the
 * messages of a failed attempt say little, and some attempts take seconds.
 */
final class Obstacles {

	private static final String OR_AGENT = "start the application with the agent jar (-javaagent, or Launcher-Agent-Class in the manifest of the executable jar)";

	private static final String AGENT = "S" + OR_AGENT.substring(1);

	/** What makes every way impossible. */
	@Nullable RecordingStatus toAnyAgent() {
		if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
			return RecordingStatus.unavailable("A native image has no class files to change",
					"Run the application on a JVM to find its dead code");
		}
		if (isMissing("java.instrument")) {
			return RecordingStatus.unavailable("The Java runtime has no module java.instrument",
					"Add java.instrument to the modules of the runtime image");
		}
		return null;
	}

	/** What makes it impossible to attach, but not to be started with an agent. */
	@Nullable RecordingStatus toAttaching() {
		if ("true".equals(option("DisableAttachMechanism"))) {
			return RecordingStatus.unavailable("The JVM was started with -XX:+DisableAttachMechanism",
					"Remove that option, or " + OR_AGENT);
		}
		if ("false".equals(option("EnableDynamicAgentLoading"))) {
			return RecordingStatus.unavailable(
					"The JVM does not load agents while it runs (-XX:-EnableDynamicAgentLoading)",
					"Start it with -XX:+EnableDynamicAgentLoading, or " + OR_AGENT);
		}
		if (!isWritable(System.getProperty("java.io.tmpdir", ""))) {
			return RecordingStatus.unavailable("There is no directory for temporary files (java.io.tmpdir) to write to",
					"Make one, or " + OR_AGENT);
		}
		return null;
	}

	/** What an attempt failed of. */
	RecordingStatus explain(AttachFailedException failure) {
		if (isMissing("jdk.attach")) {
			return RecordingStatus.unavailable("The Java runtime has no module jdk.attach",
					"Add jdk.attach to the modules of the runtime image, or " + OR_AGENT);
		}
		return RecordingStatus.unavailable("The JVM could not attach to itself: " + failure.getMessage(),
				AGENT + "; -Djdk.attach.allowAttachSelf=true may help as well");
	}

	private static boolean isMissing(String module) {
		return ModuleLayer.boot().findModule(module).isEmpty();
	}

	private static boolean isWritable(String directory) {
		try {
			return !directory.isEmpty() && Files.isDirectory(Path.of(directory))
					&& Files.isWritable(Path.of(directory));
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

	private static @Nullable String option(String name) {
		try {
			HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			return (hotSpot != null) ? hotSpot.getVMOption(name).getValue() : null;
		}
		catch (RuntimeException | LinkageError ex) {
			// No such option, another JVM, or a runtime without the module
			return null;
		}
	}

}
