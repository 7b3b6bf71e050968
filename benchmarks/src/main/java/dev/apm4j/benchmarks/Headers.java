package dev.apm4j.benchmarks;

import java.util.HashMap;
import java.util.Map;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The headers of one request and of the calls it makes. The maps are reused, so that they
 * add nothing to the bytes of an operation.
 */
@State(Scope.Thread)
public class Headers {

	final Map<String, String> received = new HashMap<>(
			Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

	final Map<String, String> sent = new HashMap<>();

}
