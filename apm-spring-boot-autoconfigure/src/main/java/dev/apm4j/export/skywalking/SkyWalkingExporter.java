package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.trace.Segment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends segments to SkyWalking, and with its end ends all that the backend does.
 */
public final class SkyWalkingExporter implements SegmentExporter {

	/** The name of the backend. */
	public static final String NAME = "skywalking";

	private static final Log logger = LogFactory.getLog(SkyWalkingExporter.class);

	private final SegmentTranslator translator;

	private final SkyWalkingBackend backend;

	private final int maxMessageSize;

	/**
	 * Creates the exporter.
	 * @param backend the transport, and what else is reported over it
	 * @param maxMessageSize bytes of one message; larger segments lose detail
	 */
	public SkyWalkingExporter(SkyWalkingBackend backend, int maxMessageSize) {
		this.translator = new SegmentTranslator(backend.identity());
		this.backend = backend;
		this.maxMessageSize = maxMessageSize;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public void export(List<Segment> batch) throws Exception {
		List<SegmentObject> segments = new ArrayList<>(batch.size());
		String problem = null;
		for (Segment segment : batch) {
			String found = translate(segment, segments);
			problem = (found != null) ? found : problem;
		}
		if (segments.isEmpty()) {
			throw new ExportRejectedException("SkyWalking could not store a segment: " + problem);
		}
		int leftOut = batch.size() - segments.size();
		try {
			this.backend.transport().segments(segments);
		}
		catch (ExportRejectedException ex) {
			throw (leftOut == 0) ? ex : new ExportRejectedException(String.valueOf(ex.getMessage()),
					leftOut + ex.rejectedOf(segments.size()));
		}
		if (leftOut > 0) {
			throw new ExportRejectedException("SkyWalking could not store a segment: " + problem, leftOut);
		}
	}

	/**
	 * Changes how many spans of a segment are sent from now on. Any thread may call it.
	 * @param limit the number of spans, 1 or more; 0 for the default, 300
	 */
	public void maxSpans(int limit) {
		this.translator.maxSpans((limit > 0) ? limit : SegmentTranslator.DEFAULT_MAX_SPANS);
	}

	/**
	 * Adds a segment, or says why it can't be.
	 */
	private @Nullable String translate(Segment segment, List<SegmentObject> segments) {
		try {
			SegmentObject translated = SegmentCheck.fit(this.translator.translate(segment), this.maxMessageSize);
			String problem = SegmentCheck.problem(translated);
			if (problem == null) {
				segments.add(translated);
			}
			return problem;
		}
		catch (RuntimeException ex) {
			// One odd segment must not cost the others of its batch.
			logger.debug("A segment could not be translated for SkyWalking", ex);
			return ex.getClass().getSimpleName();
		}
	}

	@Override
	public @Nullable String notice() {
		return this.backend.notices().summary();
	}

	@Override
	public void close(Duration timeout) {
		this.backend.close(timeout);
	}

}
