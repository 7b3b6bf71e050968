package dev.apm4j.export.skywalking;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ServerAddressTests {

	@ParameterizedTest
	@CsvSource({ "oap:11800, oap, 11800", "oap, oap, 99", "' oap.example.org:1 ', oap.example.org, 1",
			"10.1.2.3:65535, 10.1.2.3, 65535", "[::1]:11800, ::1, 11800", "[2001:db8::1], 2001:db8::1, 99",
			"skywalking-oap.ns.svc.cluster.local:11800, skywalking-oap.ns.svc.cluster.local, 11800",
			"oap_1:11800, oap_1, 11800" })
	void addresses(String text, String host, int port) {
		assertThat(ServerAddress.parse(text, 99)).isEqualTo(new ServerAddress(host, port));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ":", "oap:", "oap:0", "oap:65536", "oap:99999999999", "oap:x", "http://oap:11800",
			"user:s3cr3t@oap:11800", "oap:11800/path", "::1", "[::1", "[oap]:1", "[::1]11800", "a b:1", "-oap:1" })
	void otherTextsAreRefusedWithoutBeingRepeated(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerAddress.parse(text, 99))
			.withMessageStartingWith("not a")
			.withMessageNotContaining("s3cr3t");
	}

}
