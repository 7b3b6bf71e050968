package dev.apm4j.export.whatap;

/**
 * What the body of each packet of a transaction begins with. Reused by one thread.
 */
final class TransactionHeader {

	private final int pid;

	private long txid;

	private long time;

	private int elapsed;

	private long cpu;

	private long memory;

	private long threadId;

	/**
	 * Creates a header.
	 * @param pid the number of this process
	 */
	TransactionHeader(int pid) {
		this.pid = pid;
	}

	/**
	 * Begins another transaction.
	 * @param newTxid its id, not zero
	 * @param newThreadId the thread that it runs on
	 * @return this
	 */
	TransactionHeader of(long newTxid, long newThreadId) {
		this.txid = newTxid;
		this.threadId = newThreadId;
		this.time = 0;
		this.elapsed = 0;
		return usage(0, 0);
	}

	/**
	 * Sets when something happened. The agent takes the duration of a transaction from
	 * the times of its two ends, and that of a step from here.
	 * @param epochMillis its start; for the end of a transaction, its end
	 * @param elapsedMillis its duration, at least 0
	 * @return this
	 */
	TransactionHeader at(long epochMillis, int elapsedMillis) {
		this.time = epochMillis;
		this.elapsed = elapsedMillis;
		return this;
	}

	/**
	 * Sets running values, of which the agent reports the differences.
	 * @param cpuMillis CPU time of the thread
	 * @param allocatedBytes what the thread has allocated
	 * @return this
	 */
	TransactionHeader usage(long cpuMillis, long allocatedBytes) {
		this.cpu = cpuMillis;
		this.memory = allocatedBytes;
		return this;
	}

	void writeTo(WireWriter writer) {
		writer.writeLong(this.txid);
		writer.writeLong(this.time);
		writer.writeInt(this.elapsed);
		writer.writeLong(this.cpu);
		writer.writeLong(this.memory);
		writer.writeInt(this.pid);
		writer.writeLong(this.threadId);
	}

}
