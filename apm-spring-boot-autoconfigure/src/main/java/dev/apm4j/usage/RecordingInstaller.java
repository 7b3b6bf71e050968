package dev.apm4j.usage;

import java.lang.instrument.Instrumentation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Starts the recording by what the JVM has: an agent that it was started with, else by
 * attaching to itself. Never throws; what it can't do ends in a status with the reason.
 */
final class RecordingInstaller {

	/** By its name: the JVM may have loaded another copy of it than this class sees. */
	private static final String AGENT = "dev.apm4j.usage.agent.UsageAgent";

	private static final String SELF_ATTACH = "self-attach";

	private final Callable<Instrumentation> attachment;

	private final Duration attachLimit;

	/**
	 * Makes an installer.
	 * @param attachment attaches to this JVM
	 * @param attachLimit how long that may take
	 */
	RecordingInstaller(Callable<Instrumentation> attachment, Duration attachLimit) {
		this.attachment = attachment;
		this.attachLimit = attachLimit;
	}

	/**
	 * Starts a recording.
	 * @param settings what to record
	 */
	Recording install(ScanSettings settings) {
		long start = System.nanoTime();
		Obstacles obstacles = new Obstacles();
		RecordingStatus obstacle = obstacles.toAnyAgent();
		if (obstacle != null) {
			return new Recording(obstacle, null, since(start));
		}
		try {
			Map.Entry<String, Instrumentation> handle = handle();
			if (handle == null) {
				obstacle = obstacles.toAttaching();
				if (obstacle != null) {
					return new Recording(obstacle, null, since(start));
				}
				handle = Map.entry(SELF_ATTACH, attach());
			}
			Recorder.View view = Recorder.shared(settings.maxMethods()).open(settings, handle.getValue());
			return new Recording(RecordingStatus.active(handle.getKey()), view, since(start));
		}
		catch (AttachFailedException ex) {
			return new Recording(obstacles.explain(ex), null, since(start));
		}
		catch (RuntimeException | LinkageError ex) {
			return new Recording(RecordingStatus.unavailable("The recording could not be started: " + ex, null), null,
					since(start));
		}
	}

	private static Map.@Nullable Entry<String, Instrumentation> handle() {
		try {
			Object handle = ClassLoader.getSystemClassLoader().loadClass(AGENT).getMethod("handle").invoke(null);
			if (handle instanceof Map.Entry<?, ?> entry && entry.getKey() instanceof String means
					&& entry.getValue() instanceof Instrumentation instrumentation) {
				return Map.entry(means, instrumentation);
			}
			return null;
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			return null;
		}
	}

	/** On a thread of its own, as the JVM on the other end may never answer. */
	private Instrumentation attach() throws AttachFailedException {
		FutureTask<Instrumentation> attach = new FutureTask<>(this.attachment);
		Thread thread = new Thread(attach, "apm-attach");
		thread.setDaemon(true);
		thread.start();
		try {
			return attach.get(this.attachLimit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw new AttachFailedException(String.valueOf(ex.getCause()), ex.getCause());
		}
		catch (TimeoutException ex) {
			attach.cancel(true);
			throw new AttachFailedException("no answer within " + this.attachLimit.toSeconds() + " s", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AttachFailedException("the starting thread was interrupted", ex);
		}
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
