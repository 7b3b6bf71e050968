package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.util.List;

import dev.apm4j.export.ExportRejectedException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a batch as a whole and, if something in it is too large for the other side, in
 * halves, until only what is too large is left over. Not thread-safe.
 *
 * @param <M> type of the messages
 */
final class Halves<M> {

	private final Sending<M> sending;

	private int taken;

	private int refused;

	private @Nullable TooLargeException failure;

	Halves(Sending<M> sending) {
		this.sending = sending;
	}

	/**
	 * Sends a batch and says what was refused.
	 * @param messages the batch
	 * @param sending sends some of it
	 * @throws ExportRejectedException if something was too large; the rest was sent
	 * @throws Exception what the sending throws
	 */
	static <M> void send(List<M> messages, Sending<M> sending) throws Exception {
		Halves<M> halves = new Halves<>(sending);
		halves.send(messages);
		halves.end();
	}

	void send(List<M> messages) throws Exception {
		try {
			this.sending.send(messages);
			this.taken += messages.size();
		}
		catch (TooLargeException ex) {
			this.failure = ex;
			if (messages.size() > 1) {
				int middle = messages.size() / 2;
				send(messages.subList(0, middle));
				send(messages.subList(middle, messages.size()));
			}
			else {
				this.refused++;
				giveUpIfNothingIsTaken(ex);
			}
		}
	}

	/** Who ends each call has another reason for it. */
	private void giveUpIfNothingIsTaken(TooLargeException ex) throws IOException {
		if (!ex.isCertain() && this.taken == 0 && this.refused > 1) {
			throw new IOException(ex.getMessage());
		}
	}

	/**
	 * To be called at the end.
	 * @throws ExportRejectedException if something was too large
	 * @throws IOException if that is only a guess which nothing speaks for
	 */
	void end() throws ExportRejectedException, IOException {
		TooLargeException ex = this.failure;
		if (this.refused > 0 && ex != null) {
			if (!ex.isCertain() && this.taken == 0) {
				throw new IOException(ex.getMessage());
			}
			throw new ExportRejectedException(String.valueOf(ex.getMessage()), this.refused);
		}
	}

	/**
	 * The way to the other side.
	 *
	 * @param <M> type of the messages
	 */
	@FunctionalInterface
	interface Sending<M> {

		/**
		 * Sends messages together.
		 * @param messages one message or more
		 * @throws TooLargeException if one of them is too large
		 * @throws Exception if they could not be sent
		 */
		void send(List<M> messages) throws Exception;

	}

}
