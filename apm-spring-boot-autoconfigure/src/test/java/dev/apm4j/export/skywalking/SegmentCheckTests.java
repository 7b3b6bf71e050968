package dev.apm4j.export.skywalking;

import dev.apm4j.skywalking.proto.KeyStringValuePair;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.SegmentReference;
import dev.apm4j.skywalking.proto.SpanObject;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentCheckTests {

	private static final SegmentObject GOOD = GrpcTransportTests.segment("a");

	@Test
	void ofManyReferencesOnlyTheFirstIsLeftIfTheyAreTooLarge() {
		SegmentReference reference = SegmentReference.newBuilder().setParentEndpoint("e".repeat(150)).build();
		SegmentObject.Builder large = GOOD.toBuilder();
		for (int i = 0; i < 50; i++) {
			large.getSpansBuilder(0).addRefs(reference);
		}
		SegmentObject fitted = SegmentCheck.fit(large.build(), 2048);
		assertThat(SegmentCheck.problem(fitted)).isNull();
		assertThat(fitted.getSpans(0).getRefsList()).containsExactly(reference);
		assertThat(fitted.getSerializedSize()).isLessThanOrEqualTo(2048);
		assertThat(fitted.getIsSizeLimited()).isTrue();
	}

	@Test
	void goodSegmentHasNoProblem() {
		assertThat(SegmentCheck.problem(GOOD)).isNull();
		assertThat(SegmentCheck.problem(GOOD.toBuilder().addSpans(span(2, 0)).addSpans(span(1, 2)).build())).isNull();
	}

	@Test
	void whatAServerCannotStoreIsFound() {
		assertThat(SegmentCheck.problem(GOOD.toBuilder().clearSpans().build())).isEqualTo("no span 0");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().clearSpans().addSpans(span(1, -1)).build()))
			.isEqualTo("no span 0");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().clearTraceId().build())).isEqualTo("no id");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().clearTraceSegmentId().build())).isEqualTo("no id");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().clearService().build())).isEqualTo("no service or instance");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().addSpans(span(0, -1)).build())).contains("not unique");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().addSpans(span(-1, 0)).build())).contains("negative");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().addSpans(span(1, 7)).build())).contains("without its parent");
		assertThat(SegmentCheck.problem(GOOD.toBuilder().addSpans(span(1, 1)).build())).contains("without its parent");
	}

	@Test
	void segmentThatFitsStaysAsItIs() {
		assertThat(SegmentCheck.fit(GOOD, GOOD.getSerializedSize())).isSameAs(GOOD);
	}

	@Test
	void largeSegmentLosesItsTagsFirst() {
		SegmentObject large = GOOD.toBuilder()
			.addSpans(span(1, 0).toBuilder()
				.addTags(KeyStringValuePair.newBuilder().setKey("db.statement").setValue("x".repeat(5000))))
			.build();
		SegmentObject fitted = SegmentCheck.fit(large, 1024);
		assertThat(fitted.getSerializedSize()).isLessThanOrEqualTo(1024);
		assertThat(fitted.getIsSizeLimited()).isTrue();
		assertThat(fitted.getSpansList()).extracting(SpanObject::getSpanId).containsExactly(0, 1);
		assertThat(SegmentCheck.problem(fitted)).isNull();
	}

	@Test
	void hugeSegmentLosesItsLastSpansAndStaysStorable() {
		SegmentObject.Builder huge = GOOD.toBuilder();
		for (int i = 1; i < 1000; i++) {
			huge.addSpans(span(i, i - 1).toBuilder().setOperationName("operation " + i));
		}
		SegmentObject fitted = SegmentCheck.fit(huge.build(), 2048);
		assertThat(fitted.getSerializedSize()).isLessThanOrEqualTo(2048);
		assertThat(fitted.getIsSizeLimited()).isTrue();
		assertThat(fitted.getSpansCount()).isBetween(10, 999);
		assertThat(SegmentCheck.problem(fitted)).isNull();
	}

	private static SpanObject span(int id, int parent) {
		return SpanObject.newBuilder().setSpanId(id).setParentSpanId(parent).build();
	}

}
