package dev.apm4j.usage;

import org.jspecify.annotations.Nullable;

/**
 * Whether calls are recorded. Only while they are is a method without one perhaps dead.
 *
 * @param state the state
 * @param means how recording was installed, such as {@code self-attach},
 * {@code Launcher-Agent-Class} or {@code -javaagent}; {@code null} unless active
 * @param reason why it is not active, {@code null} if it is
 * @param remedy what can be done about it, {@code null} if nothing
 */
public record RecordingStatus(State state, @Nullable String means, @Nullable String reason, @Nullable String remedy) {

	/** Whether calls are recorded. */
	public enum State {

		/** Switched off, or ended. */
		OFF,

		/** Since before the application's classes were loaded. */
		ACTIVE,

		/** Wanted and not possible. */
		UNAVAILABLE

	}

	static RecordingStatus active(String means) {
		return new RecordingStatus(State.ACTIVE, means, null, null);
	}

	static RecordingStatus ended() {
		return new RecordingStatus(State.OFF, null, "The recording has ended", null);
	}

	static RecordingStatus unavailable(String reason, @Nullable String remedy) {
		return new RecordingStatus(State.UNAVAILABLE, null, reason, remedy);
	}

}
