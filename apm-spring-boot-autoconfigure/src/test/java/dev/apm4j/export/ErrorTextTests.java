package dev.apm4j.export;

import java.io.IOException;
import java.net.ConnectException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorTextTests {

	@Test
	void namesTheClassTheMessageAndTheCauses() {
		assertThat(ErrorText.of(new IOException("no answer", new ConnectException("Connection refused"))))
			.isEqualTo("IOException: no answer; caused by ConnectException: Connection refused");
		assertThat(ErrorText.of(new ConnectException())).isEqualTo("ConnectException");
	}

	@Test
	void isOneLineOfBoundedLengthWithoutControlCharacters() {
		String text = ErrorText.of(new IOException("a\r\nWARN forged\u001b[31m\u2028\u202e\t" + "x".repeat(100_000)));
		assertThat(text).hasSize(ErrorText.MAX_LENGTH)
			.startsWith("IOException: a\\u000d\\u000aWARN forged\\u001b[31m\\u2028\\u202e\\u0009x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://user:hidden@apm.example/v2", "https://hidden@apm.example/v2",
			"GET /v2?api_key=hidden&x=1", "Authorization: Bearer hidden", "authorization=Basic hidden=",
			"{\"access-token\": \"hidden\"}", "licence: hidden", "password='hidden'", "x-whatap-license-key:hidden",
			"used Bearer hiddenhidden" })
	void masksWhatLooksLikeACredential(String message) {
		assertThat(ErrorText.of(new IOException(message))).doesNotContain("hidden").contains("***");
	}

	@ParameterizedTest
	@ValueSource(strings = { "authorization: Bearer %s", "refused: Bearer %s", "token=%s", "https://ci:%s@apm.example",
			"https://ci:hidden@%s@apm.example" })
	void nothingIsLeftOfALongSecret(String message) {
		assertThat(ErrorText.of(new IllegalStateException(message.formatted("hidden.".repeat(150)))))
			.doesNotContain("hidden");
	}

	@Test
	void survivesHostileExceptions() {
		IOException circular = new IOException("a");
		circular.initCause(new IOException("b", circular));
		assertThat(ErrorText.of(circular)).hasSizeLessThanOrEqualTo(ErrorText.MAX_LENGTH);
		assertThat(ErrorText.of(new IOException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException();
			}

		})).startsWith("ErrorTextTests$");
	}

}
