package dev.apm4j.export.skywalking;

import org.jspecify.annotations.Nullable;

/**
 * A setting that the server may change while the application runs. Called on a thread of
 * the backend only.
 */
public interface RuntimeSetting {

	/**
	 * The name of the setting on the server.
	 * @return such as {@code agent.sample_n_per_3_secs}
	 */
	String key();

	/**
	 * Applies a value to everything that begins from now on.
	 * @param value the server's value, of any content; {@code null} to go back to what
	 * the application has set itself
	 * @throws IllegalArgumentException if the value can't be used, with a message that
	 * says what is expected; then nothing has changed
	 */
	void apply(@Nullable String value);

}
