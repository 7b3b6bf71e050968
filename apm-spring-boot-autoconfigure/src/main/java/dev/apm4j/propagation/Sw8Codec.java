package dev.apm4j.propagation;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SegmentReference;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.TraceIds;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Apache SkyWalking's headers: {@code sw8} (Cross Process Propagation Headers Protocol
 * v3), {@code sw8-correlation} (Cross Process Correlation Headers Protocol v1) and
 * {@code sw8-x}.
 * <ul>
 * <li>{@code sw8} has no 64-bit span id: a trace that arrives only in it has no parent
 * span id but a {@link SegmentReference}. Its trace id is a free string and kept as it
 * is, if it is short and harmless in a log line and on a page.</li>
 * <li>{@code sw8} is written for sampled traces only, as SkyWalking's agents do, because
 * whoever reads it must record; and only where a segment of this process, or the one that
 * called, stands behind it.</li>
 * <li>Items of {@code sw8-correlation} become baggage. The first three items of the
 * baggage whose name is printable ASCII and whose value has 1 to 128 characters are
 * written as correlation, wherever they came from.</li>
 * <li>Of {@code sw8-x} the flag to skip the analysis is passed on; the time of sending is
 * written by producers of messages. What arrived is kept in
 * {@link PropagatedContext#extensions()} under {@value #EXTENSION}.</li>
 * </ul>
 */
public final class Sw8Codec implements HeaderCodec {

	/** The name of the format. */
	public static final String NAME = "sw8";

	static final String SW8 = "sw8";

	static final String CORRELATION = "sw8-correlation";

	/** Header of the extension item, and the extension's name. */
	static final String EXTENSION = "sw8-x";

	private static final String UNKNOWN = "unknown";

	/**
	 * Spans of a segment that are reported, as SkyWalking's agents have it by default.
	 */
	private static final int MAX_SPANS = 300;

	private static final int MAX_LENGTH = 2048;

	private static final int TYPICAL_LENGTH = 256;

	private static final int MAX_TRACE_ID = 256;

	/** Room for our own, which are a trace id and a span id. */
	private static final int MAX_SEGMENT_ID = MAX_TRACE_ID + 32;

	private static final int MAX_NAME = 50;

	/** With namespace and cluster, which agents add to a name that is cut already. */
	private static final int MAX_CLUSTERED = 3 * MAX_NAME + 2;

	/** Of a caller that is passed on: as it is, or it would be another one. */
	private static final int MAX_CALLER = 200;

	private static final int MAX_ENDPOINT = 150;

	private static final int MAX_ADDRESS = 200;

	/** With both names at this length no header of our own can be too long. */
	private static final int SHORT_NAME = 30;

	private static final int FIELDS = 8;

	private static final int MAX_CORRELATIONS = 3;

	private static final int MAX_CORRELATION = 128;

	private final Supplier<String> service;

	private final Supplier<String> instance;

	private final Supplier<String> cluster;

	private final Function<SpanData, String> endpoints;

	private volatile Names names = new Names("", "", "");

	/**
	 * Creates the format.
	 * @param service gives the name of this service
	 * @param instance gives the name of this instance of the service
	 */
	public Sw8Codec(Supplier<String> service, Supplier<String> instance) {
		this(service, instance, () -> "", SpanData::name);
	}

	/**
	 * Creates the format for a process that reports to SkyWalking: the server joins a
	 * call to its answer by what the header says, so that all of it must be the same in
	 * the reports.
	 * @param service gives the name of this service
	 * @param instance gives the name of this instance of the service
	 * @param cluster gives the name of the cluster, which then stands before the address
	 * of the called side; empty for none
	 * @param endpoints gives the name of the endpoint that a segment's root serves, as
	 * far as it is known; must not throw
	 */
	public Sw8Codec(Supplier<String> service, Supplier<String> instance, Supplier<String> cluster,
			Function<SpanData, String> endpoints) {
		this.service = service;
		this.instance = instance;
		this.cluster = cluster;
		this.endpoints = endpoints;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public List<String> fields() {
		return List.of(SW8, CORRELATION, EXTENSION);
	}

	@Override
	public <C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		String header = getter.get(carrier, SW8);
		if (header != null) {
			readHeader(HeaderText.trim(header), into);
		}
		String correlation = getter.get(carrier, CORRELATION);
		if (correlation != null && correlation.length() <= MAX_LENGTH) {
			readCorrelation(correlation, into);
		}
		String extension = getter.get(carrier, EXTENSION);
		if (extension != null && isExtension(extension)) {
			into.extension(EXTENSION, extension);
		}
	}

	private static void readHeader(String header, PropagatedContextBuilder into) {
		if (header.length() >= MAX_LENGTH) {
			return;
		}
		String[] fields = new String[FIELDS];
		int position = 0;
		for (int i = 0; i < FIELDS; i++) {
			int dash = header.indexOf('-', position);
			int end = (dash < 0) ? header.length() : dash;
			if (end <= position || (dash < 0) != (i == FIELDS - 1)) {
				return;
			}
			fields[i] = header.substring(position, end);
			position = end + 1;
		}
		boolean sampled = fields[0].equals("1");
		int spanNumber = number(fields[3]);
		String traceId = Base64Text.decode(fields[1]);
		String segmentId = Base64Text.decode(fields[2]);
		if ((!sampled && !fields[0].equals("0")) || spanNumber < 0 || !isId(traceId, MAX_TRACE_ID)
				|| !isId(segmentId, MAX_SEGMENT_ID)) {
			return;
		}
		for (int i = 4; i < FIELDS; i++) {
			fields[i] = Base64Text.decode(fields[i]);
			if (fields[i].isEmpty() || !HeaderText.isOneLine(fields[i])) {
				return;
			}
		}
		if (into.join(traceId, 0)) {
			into.decide(sampled);
		}
		if (!into.hasReference()) {
			into.reference(new SegmentReference(segmentId, spanNumber, fields[4], fields[5], fields[6], fields[7]));
		}
	}

	private static void readCorrelation(String header, PropagatedContextBuilder into) {
		BaggageItems before = into.baggage();
		int read = 0;
		int position = 0;
		while (position < header.length() && read < MAX_CORRELATIONS) {
			int comma = header.indexOf(',', position);
			int end = (comma < 0) ? header.length() : comma;
			int colon = header.indexOf(':', position);
			if (colon > position && colon < end - 1) {
				String key = Base64Text.decode(HeaderText.trim(header.substring(position, colon)));
				String value = Base64Text.decode(HeaderText.trim(header.substring(colon + 1, end)));
				if (isCorrelation(key, value)) {
					read++;
					if (before.get(key) == null) {
						into.baggage(new BaggageItems.Item(key, value, ""));
					}
				}
			}
			position = end + 1;
		}
	}

	@Override
	public <C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter) {
		Segment segment = span.owner();
		PropagatedContext cause = segment.cause();
		String header = segment.sampled() ? header(span, segment, cause) : null;
		if (header != null) {
			setter.set(carrier, SW8, header);
		}
		String correlation = correlation(span.baggageItems());
		if (!correlation.isEmpty()) {
			setter.set(carrier, CORRELATION, correlation);
		}
		String received = (cause != null) ? cause.extensions().get(EXTENSION) : null;
		boolean skip = received != null && received.startsWith("1");
		if (span.kind() == Span.Kind.PRODUCER) {
			setter.set(carrier, EXTENSION, (skip ? "1-" : "0-") + System.currentTimeMillis());
		}
		else if (skip) {
			setter.set(carrier, EXTENSION, "1");
		}
	}

	private @Nullable String header(ApmSpan span, Segment segment, @Nullable PropagatedContext cause) {
		Names own = names();
		String address = address(span);
		if (segment.counted()) {
			return header(segment.traceId(), segment.id(), number(span), own, this.endpoints.apply(segment.root()),
					address);
		}
		SegmentReference caller = (cause != null) ? cause.reference() : null;
		if (caller == null) {
			return null;
		}
		Names callers = caller.service().isEmpty() ? own
				: Names.of(caller.service(), MAX_CALLER, caller.instance(), MAX_CALLER);
		return header(segment.traceId(), caller.segmentId(), caller.spanNumber(), callers, caller.endpoint(),
				address.isEmpty() ? caller.address() : address);
	}

	/**
	 * The number by which the header names a span: that of the root instead of one that
	 * is perhaps not reported, or what is called would be below nothing.
	 */
	static int number(ApmSpan span) {
		return (span.number() < MAX_SPANS) ? span.number() : 0;
	}

	private String address(ApmSpan span) {
		String peer = span.peer();
		String prefix = peer.isEmpty() ? "" : this.cluster.get();
		return prefix.isEmpty() ? peer : prefix + "/" + peer;
	}

	private static @Nullable String header(String traceId, String segmentId, int spanNumber, Names names,
			String endpoint, String address) {
		if (!isId(traceId, MAX_TRACE_ID) || !isId(segmentId, MAX_SEGMENT_ID)) {
			return null;
		}
		StringBuilder header = new StringBuilder(TYPICAL_LENGTH).append("1-");
		Base64Text.encode(traceId, header);
		header.append('-');
		Base64Text.encode(segmentId, header);
		header.append('-').append(spanNumber).append('-').append(names.encoded()).append('-');
		int start = header.length();
		appendCallee(endpoint, MAX_ENDPOINT, address, MAX_ADDRESS, header);
		if (header.length() >= MAX_LENGTH) {
			header.setLength(start);
			appendCallee(endpoint, SHORT_NAME, address, SHORT_NAME, header);
		}
		return (header.length() < MAX_LENGTH) ? header.toString() : null;
	}

	private static void appendCallee(String endpoint, int maxEndpoint, String address, int maxAddress,
			StringBuilder header) {
		appendName(endpoint, maxEndpoint, header);
		header.append('-');
		appendName(address, maxAddress, header);
	}

	private static String correlation(BaggageItems baggage) {
		if (baggage.isEmpty()) {
			return "";
		}
		StringBuilder header = new StringBuilder();
		int written = 0;
		for (BaggageItems.Item item : baggage.items()) {
			if (written < MAX_CORRELATIONS && isCorrelation(item.name(), item.value())) {
				if (written++ > 0) {
					header.append(',');
				}
				Base64Text.encode(item.name(), header);
				header.append(':');
				Base64Text.encode(item.value(), header);
			}
		}
		return header.toString();
	}

	private Names names() {
		String currentService = this.service.get();
		String currentInstance = this.instance.get();
		Names known = this.names;
		if (!known.service().equals(currentService) || !known.instance().equals(currentInstance)) {
			known = Names.of(currentService, (currentService.indexOf('|') < 0) ? MAX_NAME : MAX_CLUSTERED,
					currentInstance, MAX_NAME);
			this.names = known;
		}
		return known;
	}

	private static void appendName(String text, int maxLength, StringBuilder target) {
		String name = HeaderText.cut(text, maxLength);
		Base64Text.encode(name.isEmpty() ? UNKNOWN : HeaderText.oneLine(name), target);
	}

	private static int number(String digits) {
		if (digits.length() > 9) {
			return -1;
		}
		int number = 0;
		for (int i = 0; i < digits.length(); i++) {
			char c = digits.charAt(i);
			if (c < '0' || c > '9') {
				return -1;
			}
			number = number * 10 + (c - '0');
		}
		return number;
	}

	/**
	 * Whether an id may go to log lines, into a page and to other formats: printable,
	 * without what quotes, escapes, starts a look-up or a tag, and not the number zero,
	 * which no other format can carry.
	 */
	private static boolean isId(String id, int maxLength) {
		if (id.isEmpty() || id.length() > maxLength) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			char c = id.charAt(i);
			if (c <= 0x20 || c >= 0x7f || "\"'`\\<>&${}".indexOf(c) >= 0) {
				return false;
			}
		}
		return id.length() != 32 || !TraceIds.isLowerHex(id, 0, 32) || TraceIds.parse(id, 0, 16) != 0
				|| TraceIds.parse(id, 16, 32) != 0;
	}

	private static boolean isCorrelation(String key, String value) {
		return !key.isEmpty() && key.length() <= MAX_CORRELATION && key.indexOf(' ') < 0 && HeaderText.isPrintable(key)
				&& !value.isEmpty() && value.length() <= MAX_CORRELATION;
	}

	/** {@code [0|1][-[milliseconds]]}, with a space for an absent time. */
	private static boolean isExtension(String text) {
		int length = text.length();
		int position = (length > 0 && (text.charAt(0) == '0' || text.charAt(0) == '1')) ? 1 : 0;
		if (position == length) {
			return length > 0;
		}
		if (text.charAt(position) != '-' || length > 24) {
			return false;
		}
		for (int i = position + 1; i < length; i++) {
			char c = text.charAt(i);
			if ((c < '0' || c > '9') && c != ' ') {
				return false;
			}
		}
		return true;
	}

	/** The two names that are the same in every header, encoded once. */
	private record Names(String service, String instance, String encoded) {

		static Names of(String service, int maxService, String instance, int maxInstance) {
			StringBuilder encoded = new StringBuilder();
			appendName(service, maxService, encoded);
			encoded.append('-');
			appendName(instance, maxInstance, encoded);
			return new Names(service, instance, encoded.toString());
		}

	}

}
