package dev.apm4j.export.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads the spans of one stored segment. Holds only immutable data.
 */
final class SpanDecoder {

	private static final int ID_BYTES = 16;

	private final StringTable table;

	private final byte[] data;

	private final long base;

	private final String service;

	private final String instance;

	private final int firstSpan;

	SpanDecoder(StringTable table, byte[] data) {
		this.table = table;
		this.data = data;
		ByteReader in = new ByteReader(table, data, 0);
		this.base = in.readFixed();
		this.service = in.readString();
		this.instance = in.readString();
		this.firstSpan = in.position();
	}

	/**
	 * Where a span is, and what it is sorted by.
	 *
	 * @param decoder who can read it
	 * @param position where its content begins
	 * @param start start in nanoseconds since the epoch
	 * @param number position in its segment
	 */
	record Place(SpanDecoder decoder, int position, long start, int number) {

		StoredSpan read() {
			return this.decoder.read(this.position);
		}

	}

	void collectPlaces(List<Place> places) {
		ByteReader in = new ByteReader(this.table, this.data, this.firstSpan);
		while (in.hasMore()) {
			int length = in.readLength();
			int position = in.position();
			int number = (int) in.readUnsigned();
			places.add(new Place(this, position, this.base + in.readSigned(), number));
			in.skip(position + length - in.position());
		}
	}

	private StoredSpan read(int position) {
		ByteReader in = new ByteReader(this.table, this.data, position);
		int number = (int) in.readUnsigned();
		long start = this.base + in.readSigned();
		long duration = in.readUnsigned();
		String id = hex(in.readFixed());
		long parent = in.readFixed();
		String kind = SegmentEncoder.kind(in.readByte());
		String name = in.readString();
		StoredSpan.Failure error = readError(in);
		List<StoredSpan.Link> links = readLinks(in);
		List<StoredSpan.Event> events = readEvents(in);
		Map<String, Object> attributes = readAttributes(in);
		if (error == null && attributes.get("error.type") != null) {
			error = new StoredSpan.Failure(String.valueOf(attributes.get("error.type")), null, null);
		}
		return new StoredSpan(id, (parent != 0) ? hex(parent) : null, number, name, kind, this.service, this.instance,
				micros(start), duration / 1000, attributes, events, links, error);
	}

	private StoredSpan.@Nullable Failure readError(ByteReader in) {
		String type = in.readOptional();
		return (type != null) ? new StoredSpan.Failure(type, in.readOptional(), in.readOptional()) : null;
	}

	private List<StoredSpan.Link> readLinks(ByteReader in) {
		List<StoredSpan.Link> links = new ArrayList<>(0);
		String traceId = in.readOptional();
		while (traceId != null) {
			links.add(new StoredSpan.Link(traceId, in.readString()));
			traceId = in.readOptional();
		}
		return Collections.unmodifiableList(links);
	}

	private List<StoredSpan.Event> readEvents(ByteReader in) {
		List<StoredSpan.Event> events = new ArrayList<>(0);
		String name = in.readOptional();
		while (name != null) {
			events.add(new StoredSpan.Event(name, micros(this.base + in.readSigned())));
			name = in.readOptional();
		}
		return Collections.unmodifiableList(events);
	}

	private Map<String, Object> readAttributes(ByteReader in) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		int type = in.readByte();
		while (type != SegmentEncoder.END) {
			String key = in.readString();
			attributes.put(key, readValue(in, type));
			type = in.readByte();
		}
		return Collections.unmodifiableMap(attributes);
	}

	private Object readValue(ByteReader in, int type) {
		return switch (type) {
			case SegmentEncoder.STRING -> in.readString();
			case SegmentEncoder.LONG -> in.readSigned();
			case SegmentEncoder.DOUBLE -> Double.longBitsToDouble(in.readFixed());
			case SegmentEncoder.TRUE -> Boolean.TRUE;
			case SegmentEncoder.FALSE -> Boolean.FALSE;
			case SegmentEncoder.LIST -> readList(in);
			default -> throw new IllegalStateException("No attribute type " + type);
		};
	}

	private List<Object> readList(ByteReader in) {
		List<Object> list = new ArrayList<>();
		int type = in.readByte();
		while (type != SegmentEncoder.END) {
			list.add(readValue(in, type));
			type = in.readByte();
		}
		return Collections.unmodifiableList(list);
	}

	static long micros(long nanos) {
		return Math.floorDiv(nanos, 1000L);
	}

	private static String hex(long id) {
		String digits = Long.toHexString(id);
		return "0".repeat(ID_BYTES - digits.length()) + digits;
	}

}
