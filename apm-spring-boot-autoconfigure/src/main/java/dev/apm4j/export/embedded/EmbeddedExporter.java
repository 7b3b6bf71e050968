package dev.apm4j.export.embedded;

import java.util.List;

import dev.apm4j.export.SegmentExporter;
import dev.apm4j.trace.Segment;

/**
 * The backend {@code embedded}: puts segments into the {@link EmbeddedStore} of this
 * process.
 */
public final class EmbeddedExporter implements SegmentExporter {

	/** The name in {@code apm.backend}. */
	public static final String NAME = "embedded";

	private final EmbeddedStore store;

	private final SegmentEncoder encoder;

	/**
	 * Creates the backend.
	 * @param store where segments go
	 * @param service name of this service
	 * @param instance name of this service instance
	 */
	public EmbeddedExporter(EmbeddedStore store, String service, String instance) {
		this.store = store;
		this.encoder = store.encoder(service, instance);
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public void export(List<Segment> batch) {
		for (Segment segment : batch) {
			try {
				this.store.add(this.encoder.encode(segment));
			}
			catch (RuntimeException ex) {
				// A link or a value of a foreign type: the rest of the batch is fine, and
				// trying again would store it twice.
				this.store.countDropped();
			}
		}
	}

}
