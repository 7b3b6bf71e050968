package dev.apm4j.usage;

/**
 * For how long calls have been recorded, over restarts and without the time between.
 *
 * @param since when it began first, in seconds since 1970; 0 for never
 * @param until until when it is counted, in seconds since 1970
 * @param seconds how long it was
 */
record RecordedTime(long since, long until, long seconds) {

	static final RecordedTime NONE = new RecordedTime(0, 0, 0);

	/**
	 * Adds a time without interruption. What is counted already, as this process or
	 * another one said so before, is not counted again.
	 * @param from when it began, in seconds since 1970; 0 for never
	 * @param to until when
	 * @return the sum
	 */
	RecordedTime plus(long from, long to) {
		if (from == 0) {
			return this;
		}
		long more = Math.max(0, to - Math.max(from, this.until));
		return new RecordedTime(MethodTimes.earlier(this.since, from), to, this.seconds + more);
	}

}
