package dev.apm4j.instrument.servlet;

import dev.apm4j.autoconfigure.ServletInstrumentationAutoConfiguration;

/**
 * The filter as the starter configures it.
 */
class ApmTracingFilterTests extends TracingFilterKit {

	@Override
	TracerFixture fixture() {
		return TracerFixture.apm();
	}

	@Override
	Class<?>[] configuration() {
		return new Class<?>[] { ServletInstrumentationAutoConfiguration.class };
	}

}
