package dev.apm4j.usage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.Type;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link MethodSignature}.
 */
class MethodSignatureTests {

	static List<String[]> hashes() {
		return lines("hashes.txt");
	}

	static List<String[]> signatures() {
		return lines("signatures.txt");
	}

	@ParameterizedTest
	@MethodSource("hashes")
	void hashesAreThoseOfTheJavaAgent(String text, String hash) {
		assertThat(MethodSignature.hash(text)).isEqualTo(hash);
	}

	@ParameterizedTest
	@MethodSource("signatures")
	void signaturesAreThoseOfTheJavaAgent(String text, String hash, String declaringType, String visibility,
			String modifiers, String methodName, String packageName, String parameterTypes) {
		MethodKey key = new MethodKey(declaringType, methodName, descriptor(parameterTypes));

		MethodSignature signature = MethodSignature.of(key, false);

		assertThat(signature.text()).isEqualTo(text);
		assertThat(signature.hash()).isEqualTo(hash);
		assertThat(signature.packageName()).isEqualTo(packageName);
		assertThat(signature.parameterTypes()).isEqualTo(parameterTypes);
		assertThat(Visibility.of(access(modifiers)).text()).isEqualTo(visibility);
	}

	@Test
	void agentBeforeScavengersKnewNoDollarsAndSpacedParameters() {
		MethodKey key = new MethodKey("com.acme.A$B$C", "b", "(I[Ljava/lang/String;Lcom/acme/A$B;)V");

		MethodSignature signature = MethodSignature.of(key, true);

		assertThat(signature.text()).isEqualTo("com.acme.A.B.C.b(int, java.lang.String[], com.acme.A$B)");
		assertThat(signature.packageName()).isEqualTo("com.acme.A.B");
		assertThat(MethodSignature.of(new MethodKey("com.acme.A", "b", "(I[Ljava/lang/String;)V"), true).hash())
			.isEqualTo("7eed832777be154011be862f07545001");
	}

	@Test
	void classWithoutPackageHasAnEmptyOne() {
		assertThat(MethodSignature.of(new MethodKey("A", "b", "()V"), false).packageName()).isEmpty();
	}

	private static String descriptor(String parameterTypes) {
		return Arrays.stream(parameterTypes.split(","))
			.filter((type) -> !type.isEmpty())
			.map(MethodSignatureTests::type)
			.collect(Collectors.joining("", "(", ")V"));
	}

	private static String type(String name) {
		if (name.endsWith("[]")) {
			return "[" + type(name.substring(0, name.length() - 2));
		}
		return switch (name) {
			case "int" -> "I";
			case "long" -> "J";
			default -> Type.getObjectType(name.replace('.', '/')).getDescriptor();
		};
	}

	private static int access(String modifiers) {
		if (modifiers.startsWith("public")) {
			return Modifier.PUBLIC;
		}
		if (modifiers.startsWith("protected")) {
			return Modifier.PROTECTED;
		}
		return modifiers.startsWith("private") ? Modifier.PRIVATE : 0;
	}

	private static List<String[]> lines(String name) {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(MethodSignatureTests.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
			return reader.lines().filter((line) -> !line.startsWith("#")).map((line) -> line.split("\t", -1)).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
