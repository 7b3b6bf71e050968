package dev.apm4j.export.whatap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.apm4j.export.whatap.AgentLink.Flush;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the local agent asks, on the backend's thread. What isn't understood or
 * comes too often is counted and ignored.
 */
public final class AgentControl implements WhaTapBackend.Feature {

	/** How soon an agent that was away is told again. */
	private static final Duration LOOK = Duration.ofSeconds(2);

	private static final int NEVER = -1;

	private final PoolConnectionsSource pools;

	private final Supplier<List<String>> jars;

	private final Supplier<Map<String, String>> configuration;

	private final ConfigurationListener listener;

	private final LongSupplier nanoTime;

	private final AnswerLimit limit;

	private final AtomicLong malformed = new AtomicLong();

	private final AtomicLong unknown = new AtomicLong();

	private final AtomicLong tooMany = new AtomicLong();

	/** How often the agent had been away when it was told last. */
	private int introducedAfter = NEVER;

	/**
	 * Creates the feature.
	 * @param pools tells of the pools of connections
	 * @param jars gives the names of the application's jars
	 * @param configuration the configuration that the agent is told at the start; what
	 * may be a secret in it is left out
	 * @param listener is told of the configuration that the agent sends
	 */
	public AgentControl(PoolConnectionsSource pools, Supplier<List<String>> jars,
			Supplier<Map<String, String>> configuration, ConfigurationListener listener) {
		this(pools, jars, configuration, listener, System::nanoTime);
	}

	AgentControl(PoolConnectionsSource pools, Supplier<List<String>> jars, Supplier<Map<String, String>> configuration,
			ConfigurationListener listener, LongSupplier nanoTime) {
		this.pools = pools;
		this.jars = jars;
		this.configuration = configuration;
		this.listener = listener;
		this.nanoTime = nanoTime;
		this.limit = new AnswerLimit(nanoTime);
	}

	@Override
	public void start(WhaTapBackend backend) {
		AgentLink link = backend.link();
		Inbox inbox = begin(link::send, backend::activeTransactions);
		backend.notices().add(this::remark);
		backend.loop().onDatagram(inbox::received);
		backend.loop().periodic("configuration", LOOK, () -> introduce(link::send, link.recoveries()));
	}

	Inbox begin(PacketSink sink, Supplier<List<ActiveTransaction>> transactions) {
		return new Inbox(sink, new ControlAnswers(sink, transactions, this.pools, this.jars, this.nanoTime));
	}

	/**
	 * Tells the agent how this is configured, once, and again if it was away.
	 * @param sink what takes the packet
	 * @param recoveries how often it was away
	 */
	void introduce(PacketSink sink, int recoveries) throws IOException {
		if (this.introducedAfter != recoveries) {
			Map<String, String> shown = ConfigurationText.withoutSecrets(this.configuration.get());
			sink.send((packets) -> packets.control().configuration(shown), Flush.NOW);
			this.introducedAfter = recoveries;
		}
	}

	/**
	 * What was ignored.
	 * @return a few words, {@code null} if nothing was
	 */
	@Nullable String remark() {
		long all = this.malformed.get() + this.unknown.get() + this.tooMany.get();
		return (all == 0) ? null : all + " control messages ignored (" + this.malformed + " malformed, " + this.unknown
				+ " unknown, " + this.tooMany + " too many)";
	}

	/** Takes what the agent sends, on the backend's thread. */
	final class Inbox {

		private final ControlAnswers answers;

		private Inbox(PacketSink sink, ControlAnswers answers) {
			this.answers = answers;
		}

		void received(ByteBuffer datagram) throws IOException {
			if (ConfigurationText.isOne(datagram)) {
				configured(datagram);
				return;
			}
			ControlRequest request = ControlRequest.parse(datagram);
			if (request == null) {
				AgentControl.this.malformed.incrementAndGet();
			}
			else if (this.answers.isKnown(request)) {
				answer(request);
			}
			else {
				AgentControl.this.unknown.incrementAndGet();
			}
		}

		private void answer(ControlRequest request) throws IOException {
			if (this.answers.isAnswered(request)) {
				return;
			}
			if (AgentControl.this.limit.tryAnswer()) {
				this.answers.answer(request);
			}
			else {
				AgentControl.this.tooMany.incrementAndGet();
			}
		}

		private void configured(ByteBuffer datagram) {
			if (!AgentControl.this.limit.tryAnswer()) {
				AgentControl.this.tooMany.incrementAndGet();
				return;
			}
			Map<String, String> entries = ConfigurationText.parse(datagram);
			if (entries != null) {
				AgentControl.this.listener.received(entries);
			}
			else {
				AgentControl.this.malformed.incrementAndGet();
			}
		}

	}

}
