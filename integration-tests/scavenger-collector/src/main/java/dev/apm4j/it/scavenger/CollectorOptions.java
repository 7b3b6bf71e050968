package dev.apm4j.it.scavenger;

import java.nio.file.Path;
import java.util.Set;

/**
 * What a collector is started with.
 *
 * @param port its port on the loopback address, 0 for a free one
 * @param keys API keys of its workspaces
 * @param disabledKeys API keys of workspaces that were switched off
 * @param pollSeconds interval of polls that it sets
 * @param publishSeconds interval of publications that it sets
 * @param retrySeconds all retry intervals that it sets
 * @param maxMessageBytes the largest message that it takes
 * @param journal file for what came, read again at the next start, or {@code null}
 */
public record CollectorOptions(int port, Set<String> keys, Set<String> disabledKeys, int pollSeconds,
		int publishSeconds, int retrySeconds, int maxMessageBytes, Path journal) {

	/** The API key that is valid unless other keys are given. */
	public static final String KEY = "11111111-2222-3333-4444-555555555555";

	/** As the real collector has it. */
	public static final int MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

	/**
	 * A collector with short intervals, or else every test takes minutes.
	 * @return port 0, {@link #KEY}, intervals of a second, the real limit, no journal
	 */
	public static CollectorOptions forTests() {
		return new CollectorOptions(0, Set.of(KEY), Set.of(), 1, 1, 1, MAX_MESSAGE_BYTES, null);
	}

	/**
	 * Reads options such as {@code --port=8080}.
	 * @param arguments of {@code port}, {@code keys} and {@code disabled-keys} (with
	 * commas), {@code poll-seconds}, {@code publish-seconds}, {@code retry-seconds},
	 * {@code max-message-bytes}, {@code journal}
	 * @return the options; {@link #forTests()} for what is not given
	 */
	static CollectorOptions parse(String... arguments) {
		CollectorOptions options = forTests();
		for (String argument : arguments) {
			String[] option = argument.split("=", 2);
			if (option.length != 2) {
				throw new IllegalArgumentException("Not --name=value: " + argument);
			}
			options = options.with(option[0], option[1]);
		}
		return options;
	}

	private CollectorOptions with(String option, String value) {
		return switch (option) {
			case "--port" -> withPort(Integer.parseInt(value));
			case "--keys" -> new CollectorOptions(this.port, Set.of(value.split(",")), this.disabledKeys,
					this.pollSeconds, this.publishSeconds, this.retrySeconds, this.maxMessageBytes, this.journal);
			case "--disabled-keys" -> new CollectorOptions(this.port, this.keys, Set.of(value.split(",")),
					this.pollSeconds, this.publishSeconds, this.retrySeconds, this.maxMessageBytes, this.journal);
			case "--poll-seconds" -> withIntervals(Integer.parseInt(value), this.publishSeconds, this.retrySeconds);
			case "--publish-seconds" -> withIntervals(this.pollSeconds, Integer.parseInt(value), this.retrySeconds);
			case "--retry-seconds" -> withIntervals(this.pollSeconds, this.publishSeconds, Integer.parseInt(value));
			case "--max-message-bytes" -> withMaxMessageBytes(Integer.parseInt(value));
			case "--journal" -> new CollectorOptions(this.port, this.keys, this.disabledKeys, this.pollSeconds,
					this.publishSeconds, this.retrySeconds, this.maxMessageBytes, Path.of(value));
			default -> throw new IllegalArgumentException("Unknown option " + option);
		};
	}

	/**
	 * The same on another port.
	 * @param port the port
	 * @return the options
	 */
	public CollectorOptions withPort(int port) {
		return new CollectorOptions(port, this.keys, this.disabledKeys, this.pollSeconds, this.publishSeconds,
				this.retrySeconds, this.maxMessageBytes, this.journal);
	}

	/**
	 * The same with other intervals.
	 * @param pollSeconds of polls
	 * @param publishSeconds of publications
	 * @param retrySeconds of all retries
	 * @return the options
	 */
	public CollectorOptions withIntervals(int pollSeconds, int publishSeconds, int retrySeconds) {
		return new CollectorOptions(this.port, this.keys, this.disabledKeys, pollSeconds, publishSeconds, retrySeconds,
				this.maxMessageBytes, this.journal);
	}

	/**
	 * The same with another limit.
	 * @param maxMessageBytes the largest message that it takes
	 * @return the options
	 */
	public CollectorOptions withMaxMessageBytes(int maxMessageBytes) {
		return new CollectorOptions(this.port, this.keys, this.disabledKeys, this.pollSeconds, this.publishSeconds,
				this.retrySeconds, maxMessageBytes, this.journal);
	}

}
