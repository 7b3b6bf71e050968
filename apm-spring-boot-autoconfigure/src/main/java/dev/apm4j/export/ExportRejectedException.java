package dev.apm4j.export;

/**
 * Says that a backend has refused a batch, or some of it, for good: its content, size or
 * credentials are wrong, and sending it again would not help.
 */
public class ExportRejectedException extends Exception {

	/** 0 for all. */
	private final int rejected;

	/**
	 * Creates the exception for a whole batch.
	 * @param message what the backend answered, without secrets
	 */
	public ExportRejectedException(String message) {
		super(message);
		this.rejected = 0;
	}

	/**
	 * Creates the exception for a part of a batch, while the rest was taken.
	 * @param message what the backend answered, without secrets
	 * @param rejected how many were refused, 1 or more
	 */
	public ExportRejectedException(String message, int rejected) {
		super(message);
		this.rejected = Math.max(1, rejected);
	}

	/**
	 * How many of a batch were refused.
	 * @param size size of the batch
	 * @return all of them, or fewer
	 */
	public int rejectedOf(int size) {
		return (this.rejected > 0) ? Math.min(this.rejected, size) : size;
	}

}
