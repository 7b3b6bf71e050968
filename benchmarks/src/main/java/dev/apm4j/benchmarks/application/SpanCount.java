package dev.apm4j.benchmarks.application;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Counts the spans in what a tracer sent.
 */
final class SpanCount {

	/** ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, its spans. */
	private static final int[] OTLP_PATH = { 1, 2, 2 };

	private SpanCount() {
	}

	static int ofOtlp(byte[] message) {
		return fields(ByteBuffer.wrap(message), 0);
	}

	static int ofText(byte[] message, String mark) {
		String text = new String(message, StandardCharsets.ISO_8859_1);
		int count = 0;
		for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length())) {
			count++;
		}
		return count;
	}

	private static int fields(ByteBuffer message, int depth) {
		int count = 0;
		while (message.hasRemaining()) {
			int tag = (int) varint(message);
			switch (tag & 7) {
				case 0 -> varint(message);
				case 1 -> message.position(message.position() + 8);
				case 5 -> message.position(message.position() + 4);
				case 2 -> {
					int length = (int) varint(message);
					if (tag >>> 3 == OTLP_PATH[depth]) {
						count += (depth == OTLP_PATH.length - 1) ? 1
								: fields(message.slice(message.position(), length), depth + 1);
					}
					message.position(message.position() + length);
				}
				default -> throw new IllegalArgumentException("wire type of tag " + tag);
			}
		}
		return count;
	}

	private static long varint(ByteBuffer message) {
		long value = 0;
		for (int shift = 0;; shift += 7) {
			byte next = message.get();
			value |= (long) (next & 0x7f) << shift;
			if (next >= 0) {
				return value;
			}
		}
	}

}
