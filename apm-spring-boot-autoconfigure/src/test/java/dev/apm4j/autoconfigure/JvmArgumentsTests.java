package dev.apm4j.autoconfigure;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JvmArgumentsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			-Dspring.datasource.password=a,b c=d | -Dspring.datasource.password=REDACTED
			-Dapi-key=xyz | -Dapi-key=REDACTED
			-javaagent:/opt/agent.jar=license_key=xyz,host=h | -javaagent:/opt/agent.jar=license_key=REDACTED,host=h
			-Dproxy=http://user:pw@proxy:80/ | -Dproxy=http://REDACTED@proxy:80/
			-Durl=jdbc:x://h/db?user=u&password=p | -Durl=jdbc:x://h/db?user=u&password=REDACTED
			""")
	void secretsAreMasked(String argument, String masked) {
		assertThat(JvmArguments.masked(List.of(argument))).containsExactly(masked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx1g", "-XX:+UseG1GC", "-Dfile.encoding=UTF-8", "-Duser.timezone=Europe/Berlin",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005",
			"--add-opens=java.base/java.lang=ALL-UNNAMED" })
	void theRestStays(String argument) {
		assertThat(JvmArguments.masked(List.of(argument))).containsExactly(argument);
	}

}
