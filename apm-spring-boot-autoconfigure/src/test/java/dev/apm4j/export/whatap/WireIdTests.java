package dev.apm4j.export.whatap;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import dev.apm4j.trace.Hexa32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WireIdTests {

	@Test
	void idsAndHashesAreThoseOfTheLibrary() {
		for (String[] vector : Vectors.lines("ids.txt")) {
			String input = vector[2];
			byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
			Object result = switch (vector[0]) {
				case "hexa32" -> Hexa32.encode(Long.parseLong(input));
				case "hexa32_decode" -> Hexa32.decode(input);
				case "hash32_crc" -> WireHash.hash32(input);
				case "hash64_v1" -> WireHash.hash64(bytes, 0, bytes.length);
				case "license_project_code" -> ProjectCode.of(input);
				// The agent's reading of what is sent is here the number of the address.
				case "remote_ip" -> input.contains(":") ? vector[1] : ip4(RemoteAddress.ipv4(input));
				default -> throw new IllegalStateException(vector[0]);
			};
			assertThat(result).as(vector[0] + " " + input).hasToString(vector[1]);
		}
	}

	@Test
	void idsSurviveHeaders() {
		Random random = new Random(32);
		for (int i = 0; i < 10_000; i++) {
			long id = random.nextLong() >> random.nextInt(64);
			assertThat(Hexa32.decode(Hexa32.encode(id))).isEqualTo(id);
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "x-5", "z-5", "x+5", "x", "z", "-", "x8000000000000", "xw", "12345678901234567890", "z z" })
	void whatIsNoIdIsZero(String text) {
		assertThat(Hexa32.decode(text)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "secret", "secret-secret-secret", "x-y-z-a-b-c-d-e-f", "x7vvvvvvvvvvvv-x1" })
	void licenceThatIsNoneIsRefusedWithoutShowingIt(String licence) {
		assertThatIllegalArgumentException().isThrownBy(() -> ProjectCode.of(licence))
			.withMessageNotContaining("secret");
	}

	private static String ip4(String address) {
		int number = 0;
		for (String part : address.isEmpty() ? new String[0] : address.split("\\.")) {
			number = (number << 8) | Integer.parseInt(part);
		}
		return Integer.toString(number);
	}

}
