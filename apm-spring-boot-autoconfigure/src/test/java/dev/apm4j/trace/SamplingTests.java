package dev.apm4j.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for sampling: which traces are kept.
 */
class SamplingTests {

	private final List<Segment> ended = new ArrayList<>();

	@Test
	void rateKeepsItsShare() {
		ApmTracer tracer = tracer(new SamplingPolicy(0.25, 0, null, false));
		for (int i = 0; i < 20_000; i++) {
			tracer.nextSpan().start().end();
		}
		long sampled = this.ended.stream().filter(Segment::sampled).count();
		assertThat(sampled).isBetween(4_600L, 5_400L);
	}

	@Test
	void sameTraceIdGetsTheSameDecisionInEveryProcess() {
		Sampler one = new Sampler(new SamplingPolicy(0.5, 0, null, false));
		Sampler other = new Sampler(new SamplingPolicy(0.5, 0, null, false));
		for (int i = 0; i < 1000; i++) {
			long id = TraceIds.random();
			assertThat(one.sample(id, 0)).isEqualTo(other.sample(id, 0));
		}
	}

	@Test
	void noMoreThanTheCapInThreeSeconds() {
		Sampler sampler = new Sampler(new SamplingPolicy(1.0, 5, null, false));
		long start = System.nanoTime();
		assertThat(sampled(sampler, start, 100)).isEqualTo(5);
		assertThat(sampled(sampler, start + TimeUnit.SECONDS.toNanos(3), 100)).isEqualTo(5);
		assertThat(sampled(sampler, start + TimeUnit.SECONDS.toNanos(4), 100)).isLessThanOrEqualTo(5);
	}

	private static long sampled(Sampler sampler, long now, int traces) {
		long count = 0;
		for (int i = 0; i < traces; i++) {
			count += sampler.sample(TraceIds.random(), now) ? 1 : 0;
		}
		return count;
	}

	@Test
	void callersDecisionIsFollowedAndCountsAgainstTheCap() {
		ApmTracer tracer = tracer(new SamplingPolicy(1.0, 1, null, false));
		ApmSpan forced = tracer.spanBuilder().setParent(remote(Boolean.TRUE)).start();
		assertThat(forced.sampled()).isTrue();
		assertThat(tracer.nextSpan().start().sampled()).isFalse();
		assertThat(tracer.spanBuilder().setParent(remote(Boolean.FALSE)).start().sampled()).isFalse();
		assertThat(tracer.spanBuilder().setParent(remote(Boolean.TRUE)).start().sampled()).isTrue();
	}

	@Test
	void slowSegmentIsKeptAlthoughItWasNotSampled() {
		ApmTracer tracer = tracer(new SamplingPolicy(0.0, 0, Duration.ofMillis(100), false));
		ApmSpan slow = tracer.nextSpan().startTimestamp(1_000, TimeUnit.MILLISECONDS).start();
		tracer.nextSpan(slow).name("child").start().end();
		slow.end(1_100, TimeUnit.MILLISECONDS);
		tracer.nextSpan().startTimestamp(1_000, TimeUnit.MILLISECONDS).start().end(1_099, TimeUnit.MILLISECONDS);
		this.ended.forEach(Segment::seal);
		assertThat(this.ended).extracting(Segment::keepReason).containsExactly(KeepReason.SLOW, null);
		assertThat(this.ended.get(0).spans()).hasSize(2);
		assertThat(this.ended.get(0).sampled()).as("what was propagated").isFalse();
	}

	@Test
	void failedSegmentIsKeptAlthoughItWasNotSampled() {
		ApmTracer tracer = tracer(new SamplingPolicy(0.0, 0, null, true));
		ApmSpan request = tracer.nextSpan().start();
		tracer.nextSpan(request).start().error(new IllegalStateException()).end();
		request.end();
		tracer.nextSpan().start().end();
		this.ended.forEach(Segment::seal);
		assertThat(this.ended).extracting(Segment::keepReason).containsExactly(KeepReason.ERROR, null);
	}

	@Test
	void unsampledSegmentIsStillHandedOverToBeCounted() {
		ApmTracer tracer = tracer(SamplingPolicy.NEVER);
		ApmSpan request = tracer.nextSpan().name("GET /a").start();
		ApmSpan child = tracer.nextSpan(request).start();
		child.end();
		request.tag("http.response.status_code", 200).end();
		this.ended.forEach(Segment::seal);
		assertThat(this.ended).hasSize(1);
		assertThat(this.ended.get(0).keepReason()).isNull();
		assertThat(this.ended.get(0).root().name()).isEqualTo("GET /a");
		assertThat(this.ended.get(0).spans()).hasSize(1);
		assertThat(child.isNoop()).isTrue();
		assertThat(child.spanId()).isNotEqualTo(request.spanId());
	}

	@Test
	void policyCanBeChangedWhileRunning() {
		ApmTracer tracer = tracer(SamplingPolicy.NEVER);
		tracer.setSamplingPolicy(tracer.samplingPolicy().withRate(1.0));
		assertThat(tracer.nextSpan().sampled()).isTrue();
	}

	@Test
	void pausedTracerPassesTheCallersContextOnAndRecordsNothing() {
		ApmTracer tracer = tracer(SamplingPolicy.ALWAYS);
		tracer.pause();
		ApmSpan span = tracer.spanBuilder().setParent(remote(Boolean.TRUE)).start();
		assertThat(span.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
		assertThat(span.sampled()).isTrue();
		assertThat(span.isNoop()).isTrue();
		span.end();
		assertThat(this.ended).isEmpty();
		tracer.resume();
		tracer.nextSpan().start().end();
		assertThat(this.ended).hasSize(1);
	}

	@Test
	void suppressedThreadTracesNothingAndHasNoCurrentSpan() {
		ApmTracer tracer = tracer(SamplingPolicy.ALWAYS);
		try (ApmTracer.SpanInScope scope = tracer.suppress()) {
			assertThat(tracer.currentSpan()).isNull();
			ApmSpan span = tracer.nextSpan().name("x").start();
			assertThat(span.isNoop()).isTrue();
			try (ApmTracer.SpanInScope inner = tracer.withSpan(span)) {
				assertThat(tracer.isSuppressed()).isTrue();
				tracer.spanBuilder().setParent(remote(Boolean.TRUE)).start().end();
				tracer.nextSegment(null).start().end();
			}
			span.end();
		}
		assertThat(this.ended).isEmpty();
		assertThat(tracer.isSuppressed()).isFalse();
	}

	@Test
	void policyOutOfRangeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SamplingPolicy(1.1, 0, null, false))
			.withMessageContaining("0.0 to 1.0");
		assertThatIllegalArgumentException().isThrownBy(() -> new SamplingPolicy(Double.NaN, 0, null, false));
		assertThatIllegalArgumentException().isThrownBy(() -> new SamplingPolicy(1.0, -1, null, false));
	}

	private ApmTracer tracer(SamplingPolicy policy) {
		return ApmTracer.builder().sink(this.ended::add).sampling(policy).build();
	}

	private static PropagatedContext remote(Boolean sampled) {
		return PropagatedContext.builder()
			.traceId("0af7651916cd43dd8448eb211c80319c")
			.spanId("b7ad6b7169203331")
			.sampled(sampled)
			.build();
	}

}
