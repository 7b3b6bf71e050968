package dev.apm4j.autoconfigure;

import java.util.Collection;
import java.util.List;

import dev.apm4j.usage.Recording;
import dev.apm4j.usage.ScanSettings;
import dev.apm4j.usage.UsageSettings;
import dev.apm4j.usage.UsageTracking;
import org.jspecify.annotations.Nullable;

/**
 * The recording of calls from its start, before there is an application context, to its
 * end with the context. It is the first to come and the last to go, so that what beans do
 * while they are made and destroyed is seen.
 */
final class UsageStart implements AutoCloseable {

	private final ScanSettings settings;

	private final Recording recording;

	private final List<Class<?>> classes;

	private @Nullable UsageTracking tracking;

	private UsageStart(ScanSettings settings, Recording recording, Collection<Class<?>> classes) {
		this.settings = settings;
		this.recording = recording;
		this.classes = List.copyOf(classes);
	}

	/**
	 * Starts to record.
	 * @param settings what counts
	 * @param classes classes of the application
	 */
	static UsageStart now(ScanSettings settings, Collection<Class<?>> classes) {
		return new UsageStart(settings, Recording.start(settings), classes);
	}

	/** What is made of the recording, which ends with this. */
	synchronized UsageTracking tracking(UsageSettings usage, @Nullable ClassLoader loader) {
		if (this.tracking == null) {
			this.tracking = new UsageTracking(this.settings, usage, this.recording, loader, this.classes);
		}
		return this.tracking;
	}

	@Override
	public synchronized void close() {
		if (this.tracking != null) {
			this.tracking.close();
		}
		this.recording.close();
	}

}
