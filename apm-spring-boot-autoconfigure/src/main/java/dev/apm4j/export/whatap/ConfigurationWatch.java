package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Looks again and again whether {@code whatap.conf} has changed, as WhaTap's agents do.
 */
public final class ConfigurationWatch implements WhaTapBackend.Feature {

	/** A change is seen by the first look and believed by the second. */
	public static final Duration DEFAULT_RATE = Duration.ofSeconds(1);

	private final ConfigurationFile file;

	private final Duration rate;

	private final Consumer<Map<String, String>> listener;

	/**
	 * Creates a watch.
	 * @param file the file, which was read already if it was there
	 * @param rate how often to look; a change has its effect after twice as long
	 * @param listener takes what a changed file says, on the backend's thread
	 */
	public ConfigurationWatch(ConfigurationFile file, Duration rate, Consumer<Map<String, String>> listener) {
		this.file = file;
		this.rate = rate;
		this.listener = listener;
	}

	@Override
	public void start(WhaTapBackend backend) {
		backend.loop().periodic(this.file.path().getFileName().toString(), this.rate, this::look);
	}

	private void look() throws IOException {
		@Nullable Map<String, String> changed;
		try {
			changed = this.file.readChanged();
		}
		catch (IOException ex) {
			throw new IOException(this.file + " can't be read: " + ex.getMessage(), ex);
		}
		if (changed != null) {
			this.listener.accept(changed);
		}
	}

}
