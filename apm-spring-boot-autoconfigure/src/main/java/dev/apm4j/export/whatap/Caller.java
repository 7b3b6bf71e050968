package dev.apm4j.export.whatap;

import org.jspecify.annotations.Nullable;

/**
 * Where a transaction comes from, for tracing over several servers. Zero is "none".
 *
 * @param mtid the id of the whole
 * @param depth how many calls are between this and the first
 * @param txid the caller's transaction
 * @param projectCode the caller's project
 * @param spec the caller's version
 * @param urlHash the {@link WireHash#hash32} of the caller's transaction's name
 * @param poid project, kind and object of the caller as in {@code x-wtap-po}
 * @param stepId the step of the caller that made the call
 */
record Caller(long mtid, int depth, long txid, long projectCode, @Nullable String spec, int urlHash,
		@Nullable String poid, long stepId) {

	/** Nobody: a transaction that is in no other's trace. */
	static final Caller NONE = new Caller(0, 0, 0, 0, null, 0, null, 0);

}
