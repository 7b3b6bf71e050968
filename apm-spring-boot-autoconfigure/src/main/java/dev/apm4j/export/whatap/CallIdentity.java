package dev.apm4j.export.whatap;

import java.util.function.Supplier;

import dev.apm4j.trace.SpanData;

/**
 * What the headers of a call tell of the calling process and transaction. Cheap, for it
 * is asked on requests' threads. Thread-safe.
 */
public final class CallIdentity {

	private final Supplier<WhaTapSettings> settings;

	private final TransactionNames names;

	private volatile Texts texts = new Texts(WhaTapSettings.DEFAULT);

	CallIdentity(Supplier<WhaTapSettings> settings, SecretName secretName) {
		this.settings = settings;
		this.names = new TransactionNames(new FreeText(secretName));
	}

	/**
	 * Whether there are transactions over several servers at the moment.
	 * @return whether headers are to be read and written
	 */
	public boolean enabled() {
		return this.settings.get().multiServer();
	}

	/**
	 * The project, kind and object that this process is.
	 * @return three numbers in {@code hexa32}, empty as long as the project is unknown
	 */
	public String object() {
		WhaTapSettings current = this.settings.get();
		Texts known = this.texts;
		if (known.settings != current) {
			known = new Texts(current);
			this.texts = known;
		}
		return known.object;
	}

	/**
	 * The hash of a transaction's name, as far as the name is known by now.
	 * @param root the root of its segment
	 * @return the CRC-32 of the name that the agent shows
	 */
	public int nameHash(SpanData root) {
		String name = this.names.uri(root);
		return WireHash.hash32(name.startsWith("/") ? name : "/" + name);
	}

	private static final class Texts {

		private final WhaTapSettings settings;

		private final String object;

		Texts(WhaTapSettings settings) {
			this.settings = settings;
			this.object = settings.object();
		}

	}

}
