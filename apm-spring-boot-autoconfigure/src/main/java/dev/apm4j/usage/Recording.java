package dev.apm4j.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The recording of calls for one application context. Thread-safe.
 * <p>
 * To be started before the application's classes are loaded, on the thread that starts
 * the application, and to be closed with the context.
 */
public final class Recording implements InvocationSource, AutoCloseable {

	private static final Duration ATTACH_LIMIT = Duration.ofSeconds(10);

	private static final RecordingFigures NO_FIGURES = new RecordingFigures(0, 0, 0, Map.of());

	private final Instant since = Instant.now();

	private final RecordingStatus status;

	private final Recorder.@Nullable View view;

	private final Duration startTime;

	Recording(RecordingStatus status, Recorder.@Nullable View view, Duration startTime) {
		this.status = status;
		this.view = view;
		this.startTime = startTime;
	}

	/**
	 * Starts to record, if that can be. Takes some 0.2 to 0.6 seconds if the JVM was
	 * started without an agent, and 10 seconds at most.
	 * @param settings what to record
	 * @return a recording, whose {@link #status() status} says whether calls are recorded
	 */
	public static Recording start(ScanSettings settings) {
		return new RecordingInstaller(new SelfAttachment(), ATTACH_LIMIT).install(settings);
	}

	/**
	 * Whether calls are recorded.
	 * @return active or unavailable; off as soon as it is closed
	 */
	public RecordingStatus status() {
		return (this.view != null && !this.view.isOpen()) ? RecordingStatus.ended() : this.status;
	}

	/**
	 * Since when calls are recorded, if they are.
	 * @return the time
	 */
	public Instant since() {
		return this.since;
	}

	/**
	 * How long the start took: attaching to the JVM and weaving what was loaded.
	 * @return the duration
	 */
	public Duration startTime() {
		return this.startTime;
	}

	/**
	 * How much is recorded.
	 * @return the figures
	 */
	public RecordingFigures figures() {
		return (this.view != null) ? this.view.figures() : NO_FIGURES;
	}

	/**
	 * Hands out the methods that were called since the last time; the first time also
	 * those that were called for an earlier application context of this JVM.
	 */
	@Override
	public void drain(Consumer<MethodKey> consumer) {
		if (this.view != null) {
			this.view.drain(consumer);
		}
	}

	/**
	 * Whether it is known if a method was called. Must be asked before a method is called
	 * dead; the answer can become {@code false} when its class is loaded, and
	 * {@code true} when it is called.
	 * @param method a method of the code base
	 * @return {@code false} if it may have been called though it was not handed out
	 */
	boolean isRecorded(MethodKey method) {
		return this.view != null && this.view.isRecorded(method);
	}

	/**
	 * Stops recording. What was not handed out by then is lost. With the last recording
	 * of the JVM nothing is woven any more; what is woven stays as it is.
	 */
	@Override
	public void close() {
		if (this.view != null) {
			this.view.close();
		}
	}

}
