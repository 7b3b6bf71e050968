package dev.apm4j.export.whatap;

import java.util.concurrent.TimeUnit;

/**
 * Whether somebody listens, as far as it can be told: nothing is ever acknowledged, but
 * the system says, a moment later, that a datagram was refused. Not thread-safe.
 */
final class Reachability {

	/** A refusal from the same machine comes at once. */
	static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/**
	 * For so long nothing is tried after a refusal, as each try costs two system calls
	 * and an exception.
	 */
	static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** Not known yet, or not known any more. */
	private boolean doubtful = true;

	private boolean refused;

	private boolean trying;

	private long triedAt;

	private long refusedAt;

	private int lastPackets;

	private long refusals;

	private int recoveries;

	void sent(int packets, long now) {
		this.lastPackets = packets;
		if (this.doubtful && !this.trying) {
			this.trying = true;
			this.triedAt = now;
		}
	}

	/**
	 * Notes that what was sent last was refused.
	 * @return how many packets were in it, 0 if they are counted already
	 */
	int refused(long now) {
		int lost = this.lastPackets;
		this.lastPackets = 0;
		this.doubtful = true;
		this.refused = true;
		this.trying = false;
		this.refusedAt = now;
		this.refusals++;
		return lost;
	}

	/** Begins anew: the agent is somewhere else now, and knows nothing. */
	void moved() {
		this.doubtful = true;
		this.refused = false;
		this.trying = false;
		this.lastPackets = 0;
		this.recoveries++;
	}

	/** How often something was refused. */
	long refusals() {
		return this.refusals;
	}

	/** How often the agent was there again; what it knew before is gone. */
	int recoveries() {
		return this.recoveries;
	}

	/** Whether the last thing known is that nobody listens. */
	boolean isRefused() {
		return this.refused;
	}

	boolean isPaused(long now) {
		return this.refused && !this.trying && now - this.refusedAt < PAUSE_NANOS;
	}

	/**
	 * How long to wait until what was sent counts as taken.
	 * @return nanoseconds; 0 if it does, less than 0 if nothing was sent since a refusal
	 */
	long untilSettled(long now) {
		if (!this.doubtful) {
			return 0;
		}
		return this.trying ? Math.max(0, PATIENCE_NANOS - (now - this.triedAt)) : -1;
	}

	/** Takes what was sent some time ago and not refused for taken. */
	void settle(long now) {
		if (this.doubtful && untilSettled(now) == 0) {
			this.doubtful = false;
			this.trying = false;
			if (this.refused) {
				this.refused = false;
				this.recoveries++;
			}
		}
	}

}
