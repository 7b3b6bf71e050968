package dev.apm4j.propagation;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.Hexa32;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;
import dev.apm4j.trace.TransactionReference;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * WhaTap's headers of multi-server transactions, as its agents for Go and Python write
 * and read them: {@code x-wtap-mst} with the ids and the depth, {@code x-wtap-po} with
 * the caller's project and object, {@code x-wtap-sp1} with its version and the hash of
 * its name. {@code x-wtap-tx}, by which a caller could choose the id of a transaction
 * here, is not read; its makers have given it up.
 * <ul>
 * <li>The ids are those of the trace: the multi-server transaction's is the right half of
 * the trace id, a transaction's that of its root span, a step's that of its exit
 * span.</li>
 * <li>A trace that arrives only in these headers has zeros for the left half of its id
 * and is sampled: nobody writes them otherwise, and so they are only written for sampled
 * traces. Its parent is the calling step, or the calling transaction if no step is
 * told.</li>
 * <li>Where a format that is read before has found another trace, or another span, these
 * headers are ignored, as WhaTap's agents do beside {@code traceparent}: they have passed
 * somebody who does not know them.</li>
 * <li>Work that is caused within this process has the depth of its cause.</li>
 * </ul>
 */
public final class WhaTapCodec implements HeaderCodec {

	/** The name of the format. */
	public static final String NAME = "whatap";

	/** Numbers need 57 at most, and a version should not need more. */
	private static final int MAX_LENGTH = 128;

	private static final int TYPICAL_LENGTH = 56;

	/** Nine digits, so that one more always fits. */
	private static final int MAX_DEPTH = 999_999_999;

	private static final long MAX_UNSIGNED = 0xffffffffL;

	private final WhaTapHeaderNames names;

	private final BooleanSupplier enabled;

	private final Supplier<String> object;

	private final ToIntFunction<SpanData> nameHash;

	/**
	 * Creates the format for a process that WhaTap does not know: it joins traces and
	 * passes them on.
	 */
	public WhaTapCodec() {
		this(WhaTapHeaderNames.DEFAULT, () -> true, () -> "", (root) -> 0);
	}

	/**
	 * Creates the format for a process that reports to WhaTap.
	 * @param names the names of the headers
	 * @param enabled whether headers are read and written at the moment
	 * @param object gives the numbers of the project, the kind and the object that this
	 * process is, as {@link Hexa32#encodeAll} writes them, empty as long as they are
	 * unknown
	 * @param nameHash gives the CRC-32 of the name under which a root is reported, 0 for
	 * unknown; must not throw
	 */
	public WhaTapCodec(WhaTapHeaderNames names, BooleanSupplier enabled, Supplier<String> object,
			ToIntFunction<SpanData> nameHash) {
		this.names = names;
		this.enabled = enabled;
		this.object = object;
		this.nameHash = nameHash;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public List<String> fields() {
		return List.of(this.names.transaction(), this.names.object(), this.names.service(), this.names.olderService(),
				this.names.info());
	}

	@Override
	public <C> void extract(C carrier, Propagator.Getter<C> getter, PropagatedContextBuilder into) {
		if (!this.enabled.getAsBoolean()) {
			return;
		}
		String header = RepeatedHeaders.single(carrier, getter, this.names.transaction());
		if (header == null) {
			return;
		}
		long[] ids = new long[4];
		int count = numbers(header, ids);
		long mtid = ids[0];
		long depth = ids[1];
		long txid = ids[2];
		long stepId = ids[3];
		if (count < 3 || mtid == 0 || txid == 0 || depth < 0 || depth > MAX_DEPTH || !into.joinLowHalf(mtid, stepId)) {
			return;
		}
		into.decide(true);
		String service = service(carrier, getter);
		int comma = service.lastIndexOf(',');
		into.transaction(
				new TransactionReference((int) depth, txid, stepId, object(getter.get(carrier, this.names.object())),
						(comma < 0) ? service : HeaderText.trim(service.substring(0, comma)),
						(comma < 0) ? 0 : (int) number(service, comma + 1, service.length())));
	}

	/**
	 * Reads the parts of a list. What comes behind those that are known is from agents
	 * yet to come, as the step's id once was.
	 * @return how many there are, or 0 if one is no number
	 */
	private static int numbers(String header, long[] numbers) {
		if (header.length() > MAX_LENGTH) {
			return 0;
		}
		int count = 0;
		int position = 0;
		while (count < numbers.length && position <= header.length()) {
			int comma = header.indexOf(',', position);
			int end = (comma < 0) ? header.length() : comma;
			numbers[count] = number(header, position, end);
			if (numbers[count] == 0 && !isZero(header, position, end)) {
				return 0;
			}
			count++;
			position = end + 1;
		}
		return count;
	}

	private static long number(String header, int from, int to) {
		int start = HeaderText.skipSpace(header, from, to);
		return Hexa32.decode(header, start, HeaderText.trimSpace(header, start, to));
	}

	private static boolean isZero(String header, int from, int to) {
		int start = HeaderText.skipSpace(header, from, to);
		return HeaderText.trimSpace(header, start, to) == start + 1 && header.charAt(start) == '0';
	}

	/** The caller's project, kind and object as this process would write them. */
	private static String object(@Nullable String header) {
		long[] ids = new long[3];
		if (header == null || numbers(header, ids) != ids.length || ids[0] < 0 || ids[1] != (int) ids[1]
				|| ids[2] != (int) ids[2]) {
			return "";
		}
		return Hexa32.encodeAll(ids);
	}

	/** The first valid form of {@code version[,hash]}, empty if there is none. */
	private <C> String service(C carrier, Propagator.Getter<C> getter) {
		String header = getter.get(carrier, this.names.service());
		if (header == null) {
			header = getter.get(carrier, this.names.info());
		}
		if (header == null) {
			header = getter.get(carrier, this.names.olderService());
		}
		return (header != null && isService(header)) ? header : "";
	}

	private static boolean isService(String header) {
		if (header.length() > MAX_LENGTH || !HeaderText.isPrintable(header)) {
			return false;
		}
		int comma = header.lastIndexOf(',');
		if (comma < 0) {
			return true;
		}
		long hash = number(header, comma + 1, header.length());
		return (hash != 0) ? hash >= Integer.MIN_VALUE && hash <= MAX_UNSIGNED
				: isZero(header, comma + 1, header.length());
	}

	@Override
	public <C> void inject(ApmSpan span, C carrier, Propagator.Setter<C> setter) {
		Segment segment = span.owner();
		long mtid = segment.traceIdLow();
		if (mtid == 0 || !segment.sampled() || !this.enabled.getAsBoolean()) {
			return;
		}
		PropagatedContext cause = segment.cause();
		TransactionReference caller = (cause != null) ? cause.transaction() : null;
		if (segment.counted()) {
			write(mtid, (caller != null) ? caller.depth() + 1 : 1, segment.rootSpanId(), span.spanIdNumber(),
					this.object.get(), "", this.nameHash.applyAsInt(segment.root()), carrier, setter);
		}
		else if (caller != null) {
			// Who is called from here is called by our caller, as far as WhaTap knows.
			write(mtid, caller.depth(), caller.txid(), caller.stepId(), caller.poid(), caller.spec(), caller.urlHash(),
					carrier, setter);
		}
	}

	private <C> void write(long mtid, int depth, long txid, long stepId, String poid, String spec, int hash, C carrier,
			Propagator.Setter<C> setter) {
		StringBuilder header = new StringBuilder(TYPICAL_LENGTH);
		setter.set(carrier, this.names.transaction(), transaction(mtid, depth, txid, stepId, header).toString());
		if (!poid.isEmpty()) {
			setter.set(carrier, this.names.object(), poid);
		}
		if (hash != 0 || !spec.isEmpty()) {
			header.setLength(0);
			setter.set(carrier, this.names.service(), header.append(spec).append(',').append(hash).toString());
		}
	}

	static StringBuilder transaction(long mtid, int depth, long txid, long stepId, StringBuilder target) {
		Hexa32.append(mtid, target).append(',').append(depth).append(',');
		Hexa32.append(txid, target);
		return (stepId != 0) ? Hexa32.append(stepId, target.append(',')) : target;
	}

}
