package dev.apm4j.it.scavenger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What came, in the order in which it came. Thread-safe.
 */
final class Journal {

	private final ObjectMapper json = new ObjectMapper();

	private final Path file;

	private final List<ReceivedCall> calls = new ArrayList<>();

	/**
	 * Opens the journal.
	 * @param file where it is kept, or {@code null}
	 */
	Journal(Path file) {
		this.file = file;
		try {
			if (file != null && Files.exists(file)) {
				for (String line : Files.readAllLines(file)) {
					this.calls.add(this.json.readValue(line, ReceivedCall.class));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	synchronized void add(ReceivedCall call) {
		this.calls.add(call);
		if (this.file != null) {
			try {
				Files.writeString(this.file, this.json.writeValueAsString(call) + "\n", StandardOpenOption.CREATE,
						StandardOpenOption.APPEND);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	synchronized List<ReceivedCall> calls() {
		return List.copyOf(this.calls);
	}

}
