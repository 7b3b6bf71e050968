package dev.apm4j.propagation;

import java.lang.management.ManagementFactory;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.Hexa32;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Headers are read and written on every request's thread: what they may allocate.
 */
class HeaderAllocationTests {

	private static final int ROUNDS = 1000;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final ApmTracer tracer = ApmTracer.builder().build();

	@Test
	void writingTraceparentAllocatesTheHeaderOnly() {
		W3cCodec codec = new W3cCodec();
		ApmSpan span = this.tracer.nextSpan().start();
		Propagator.Setter<Object[]> setter = (carrier, key, value) -> carrier[0] = value;
		Object[] carrier = new Object[1];
		assertThat(bytesPerRound(() -> codec.inject(span, carrier, setter))).isLessThanOrEqualTo(176);
	}

	@Test
	void readingTraceparentAllocatesTheContextOnly() {
		W3cCodec codec = new W3cCodec();
		Map<String, String> carrier = Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
		Propagator.Getter<Map<String, String>> getter = Map::get;
		long context = bytesPerRound(() -> PropagatedContext.builder().build());
		long read = bytesPerRound(() -> {
			PropagatedContextBuilder into = PropagatedContext.builder();
			codec.extract(carrier, getter, into);
			into.build();
		});
		assertThat(read - context).as("the trace id's string and its bytes").isLessThanOrEqualTo(96);
	}

	@Test
	void writingWhaTapsHeadersAllocatesTheirTextsOnly() {
		String object = Hexa32.encodeAll(31337, 0, -12345);
		WhaTapCodec codec = new WhaTapCodec(WhaTapHeaderNames.DEFAULT, () -> true, () -> object, (root) -> 541803615);
		ApmSpan span = this.tracer.nextSpan().start();
		Propagator.Setter<Object[]> setter = (carrier, key, value) -> carrier[0] = value;
		Object[] carrier = new Object[1];
		assertThat(bytesPerRound(() -> codec.inject(span, carrier, setter))).isLessThanOrEqualTo(296);
	}

	@Test
	void readingWhaTapsHeadersAllocatesWhatIsKept() {
		WhaTapCodec codec = new WhaTapCodec();
		Map<String, String> carrier = Map.of("x-wtap-mst", "xcr2a0iq7q3gg,3,z2d,xf4ul9ou2d2g7", "x-wtap-po",
				"xuij,0,x1a2b3c", "x-wtap-sp1", ",-1893213421");
		Propagator.Getter<Map<String, String>> getter = Map::get;
		long context = bytesPerRound(() -> PropagatedContext.builder().build());
		long read = bytesPerRound(() -> {
			PropagatedContextBuilder into = PropagatedContext.builder();
			codec.extract(carrier, getter, into);
			into.build();
		});
		assertThat(read - context).as("the trace id's text, the object's, and the reference").isLessThanOrEqualTo(480);
	}

	@Test
	void lookingForHeadersThatAreNotThereAllocatesNothing() {
		Map<String, String> carrier = Map.of();
		Propagator.Getter<Map<String, String>> getter = Map::get;
		PropagatedContextBuilder into = PropagatedContext.builder();
		HeaderCodec[] codecs = { new W3cCodec(), B3Codec.single(), new Sw8Codec(() -> "orders", () -> "orders-1"),
				new W3cBaggageCodec(), new WhaTapCodec() };
		assertThat(bytesPerRound(() -> {
			for (HeaderCodec codec : codecs) {
				codec.extract(carrier, getter, into);
			}
		})).isZero();
	}

	private long bytesPerRound(Runnable task) {
		long least = Long.MAX_VALUE;
		// The least of several tries, as the VM's own work may be counted in any one.
		for (int attempt = 0; attempt < 10; attempt++) {
			long before = this.threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < ROUNDS; i++) {
				task.run();
			}
			least = Math.min(least, (this.threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS);
		}
		return least;
	}

}
