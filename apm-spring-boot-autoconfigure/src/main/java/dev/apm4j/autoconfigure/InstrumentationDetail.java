package dev.apm4j.autoconfigure;

import dev.apm4j.autoconfigure.ApmEndpoint.InstrumentationDescriptor;

/**
 * What an instrumentation that is on has to say beyond that, for example that it leaves
 * the work to another.
 */
interface InstrumentationDetail {

	/**
	 * The state to show.
	 * @return the state, with the name of the instrumentation
	 */
	InstrumentationDescriptor describe();

}
