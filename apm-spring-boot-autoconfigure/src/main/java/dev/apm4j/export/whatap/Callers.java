package dev.apm4j.export.whatap;

import dev.apm4j.trace.Segment;

/**
 * Knows where transactions come from. Called on the exporter's thread, for segments whose
 * root has started; does not throw.
 */
@FunctionalInterface
interface Callers {

	/**
	 * The caller of a transaction.
	 * @param segment the transaction
	 * @return its caller, with the id of the whole trace even if nobody called
	 */
	Caller of(Segment segment);

}
