package dev.apm4j.trace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class LogLineTests {

	@ParameterizedTest
	@CsvSource({ "1, a", "2, ab", "3, ab", "4, ab😀", "5, ab😀c" })
	void longMessageIsCutAtACharacter(int length, String kept) {
		assertThat(line("ab😀cd").cutTo(length).message()).isEqualTo(kept);
	}

	@Test
	void lineThatIsShortEnoughStaysWhatItIs() {
		LogLine line = line("Out of stock");
		assertThat(line.cutTo(12)).isSameAs(line);
	}

	@Test
	void allElseOfALineIsKept() {
		LogLine line = new LogLine(1, "WARN", "shop", "main", "Out of stock", new IllegalStateException("empty"), null);
		LogLine cut = line.cutTo(3);
		assertThat(cut).isEqualTo(new LogLine(1, "WARN", "shop", "main", "Out", line.throwable(), null));
	}

	private static LogLine line(String message) {
		return new LogLine(0, "INFO", "logger", "thread", message, null, null);
	}

}
