package dev.apm4j.propagation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Base64TextTests {

	@Test
	void encodesLikeTheJdk() {
		Random random = new Random(1);
		for (int round = 0; round < 2000; round++) {
			int highest = (round % 2 == 0) ? 0x7f : 0xd000;
			String text = random.ints(round % 40, 0, highest)
				.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
				.toString();
			StringBuilder encoded = new StringBuilder();
			Base64Text.encode(text, encoded);
			assertThat(encoded.toString())
				.isEqualTo(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
			assertThat(Base64Text.decode(encoded.toString())).isEqualTo(text);
		}
	}

}
