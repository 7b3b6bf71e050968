package dev.apm4j.usage;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where a publisher gets what it publishes. Called on the publisher's thread.
 */
interface PublicationSource {

	/**
	 * Makes the caller the one publisher. What was called is handed out once: with two
	 * publishers each would miss what the other one got, and methods would look dead that
	 * are not.
	 * @return {@code false} if there is another one
	 */
	boolean claim();

	/** Lets another publisher in. */
	void release();

	/**
	 * Whether calls are recorded. Not {@link RecordingStatus.State#ACTIVE active} any
	 * more as soon as {@link #isRecorded} has other reasons than the method to say no,
	 * such as that the recording was closed.
	 * @return the status
	 */
	RecordingStatus recording();

	/**
	 * The code base.
	 * @return {@code null} while it is not known
	 */
	@Nullable CodeBase codeBase();

	/**
	 * Identifies the code base and what counted.
	 * @param codeBase the code base
	 * @param legacy whether signatures are those of the agent before Scavenger's
	 * @return the same for the same methods and settings; at most 200 characters
	 */
	String fingerprint(CodeBase codeBase, boolean legacy);

	/**
	 * Whether calls of a method are recorded.
	 * @param method a method of the code base
	 * @return {@code false} if nobody knows whether it is called
	 */
	boolean isRecorded(MethodKey method);

	/**
	 * Takes out the methods that were called since the last time.
	 * @return the methods
	 */
	List<MethodKey> takeInvoked();

	/**
	 * Takes back what could not be published before the end.
	 * @param methods the methods
	 */
	void giveBack(Collection<MethodKey> methods);

}
