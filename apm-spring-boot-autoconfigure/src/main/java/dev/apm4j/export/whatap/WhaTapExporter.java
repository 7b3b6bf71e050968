package dev.apm4j.export.whatap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.export.SegmentExporter;
import dev.apm4j.trace.Segment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends segments to the local agent of WhaTap, and with its end ends all that the backend
 * does. Nothing is answered, so nothing is sent twice: what could not be sent is lost.
 */
public final class WhaTapExporter implements SegmentExporter {

	/** The name of the backend. */
	public static final String NAME = "whatap";

	private static final Log logger = LogFactory.getLog(WhaTapExporter.class);

	private final WhaTapBackend backend;

	/**
	 * Creates the exporter.
	 * @param backend the way to the agent, and what else is reported over it
	 */
	public WhaTapExporter(WhaTapBackend backend) {
		this.backend = backend;
		backend.notices().add(this::leftOut);
	}

	private volatile long leftOut;

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public void export(List<Segment> batch) throws Exception {
		AgentLink link = this.backend.link();
		long refusals = link.refusals();
		int failed = 0;
		String reason = "";
		for (Segment segment : batch) {
			try {
				this.backend.report().report(segment);
			}
			catch (IOException ex) {
				failed++;
				reason = text(ex);
			}
			catch (RuntimeException ex) {
				// One odd segment must not cost the others of its batch.
				logger.debug("A segment could not be written for WhaTap", ex);
				failed++;
				reason = ex.getClass().getSimpleName();
			}
		}
		try {
			link.flush();
			link.confirm(refusals);
		}
		catch (IOException ex) {
			throw new ExportRejectedException(text(ex));
		}
		if (failed == batch.size()) {
			throw new ExportRejectedException(reason);
		}
		leftOut(failed);
	}

	private static String text(IOException failure) {
		String message = failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

	@SuppressWarnings("NonAtomicOperationOnVolatileField")
	private void leftOut(int count) {
		this.leftOut += count;
	}

	private @Nullable String leftOut() {
		long count = this.leftOut;
		return (count > 0) ? count + " segments could not be sent while others of their batch were" : null;
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
