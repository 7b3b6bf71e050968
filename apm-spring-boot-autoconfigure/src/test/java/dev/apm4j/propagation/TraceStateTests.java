package dev.apm4j.propagation;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The {@code tracestate} header. Cases come from the ABNF of W3C Trace Context level 2
 * and from what the specification's own test suite sends.
 */
class TraceStateTests {

	private static final String ALL_KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";

	private static final String ALL_VALUE_CHARACTERS = " !\"#$%&'()*+-./0123456789:;<>?@"
			+ "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

	static Stream<Arguments> valid() {
		return Stream.of(arguments("foo=1", "foo=1"), arguments("foo=1,bar=2", "foo=1,bar=2"),
				arguments(" foo=1", "foo=1"), arguments("\tfoo=1", "foo=1"), arguments("foo=1 ", "foo=1"),
				arguments("foo=1\t", "foo=1"), arguments("\t foo=1 \t", "foo=1"),
				arguments("foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"),
				arguments("foo=1\t \t,\t \tbar=2,\t \tbaz=3", "foo=1,bar=2,baz=3"), arguments("foo=1,", "foo=1"),
				arguments(",foo=1", "foo=1"), arguments("foo=1,,bar=2", "foo=1,bar=2"),
				arguments("foo=1, ,\t,bar=2", "foo=1,bar=2"), arguments("foo= 1", "foo= 1"),
				arguments("foo=  a b  ,bar=2", "foo=  a b,bar=2"), arguments("foo=1,foobar=2", "foo=1,foobar=2"),
				arguments("foobar=1,foo=2", "foobar=1,foo=2"), arguments("0foo=1", "0foo=1"),
				arguments("1=1,2=2", "1=1,2=2"), arguments("190@nr=0-0-1349956", "190@nr=0-0-1349956"),
				arguments("foo@bar=1", "foo@bar=1"), arguments("a-_*/z=1", "a-_*/z=1"),
				arguments("ot=th:8;rv:0123456789abcd", "ot=th:8;rv:0123456789abcd"),
				arguments(ALL_KEY_CHARACTERS + "=" + ALL_VALUE_CHARACTERS,
						ALL_KEY_CHARACTERS + "=" + ALL_VALUE_CHARACTERS),
				arguments(ALL_KEY_CHARACTERS + "@a-z0-9_-*/=" + ALL_VALUE_CHARACTERS,
						ALL_KEY_CHARACTERS + "@a-z0-9_-*/=" + ALL_VALUE_CHARACTERS),
				arguments("foo=1," + "z".repeat(256) + "=1", "foo=1," + "z".repeat(256) + "=1"),
				arguments("foo=1," + "t".repeat(241) + "@" + "v".repeat(14) + "=1",
						"foo=1," + "t".repeat(241) + "@" + "v".repeat(14) + "=1"),
				arguments("foo=" + "1".repeat(256), "foo=" + "1".repeat(256)), arguments(members(32), members(32)),
				arguments(members(32) + ",", members(32)));
	}

	@ParameterizedTest
	@MethodSource("valid")
	void passesValidListOn(String received, String passedOn) {
		assertThat(TraceState.normalize(received)).isEqualTo(passedOn);
	}

	static Stream<String> invalid() {
		return Stream.of("", " ", "\t", ",", " , ,", "foo", "=1", "foo=", "foo= ", "foo=,bar=3", "foo=bar=baz",
				"foo =1", "FOO=1", "Foo=1", "foo.bar=1", "_foo=1", "-foo=1", "*foo=1", "/foo=1", "foo@=1,bar=2",
				"@foo=1,bar=2", "foo@@bar=1,bar=2", "foo@bar@baz=1,bar=2", "foo@-bar=1", "foo=1,foo=1", "foo=1,foo=2",
				"foo=1,bar=2,foo=3", "foo=1, foo=2", "foo=1,bar", "foo=1;bar=2,=", "foo=a\tb", "foo=a\u0000b",
				"foo=a\r\nSet-Cookie: x", "foo=\u00e9", "f\u00f6\u00f6=1", "foo=\u007f",
				"foo=1," + "z".repeat(257) + "=1", "foo=1," + "t".repeat(242) + "@v=1",
				"foo=1,t@" + "v".repeat(15) + "=1", "foo=" + "1".repeat(257), members(33), "x".repeat(20_000),
				",".repeat(20_000));
	}

	@ParameterizedTest
	@MethodSource("invalid")
	void dropsInvalidListAsAWhole(String received) {
		assertThat(TraceState.normalize(received)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 512, 1024, 2048 })
	void passesLongListOn(int length) {
		String list = members(31);
		list = list + ",z=" + "v".repeat(Math.min(250, length - list.length() - 3));
		assertThat(TraceState.normalize(list)).isEqualTo(list);
	}

	@Test
	void takesLongMembersAwayFirst() {
		String longMembers = IntStream.range(0, 10)
			.mapToObj((i) -> "long" + i + "=" + "v".repeat(256))
			.collect(Collectors.joining(","));
		String shortMembers = IntStream.range(0, 20)
			.mapToObj((i) -> "s" + i + "=" + "w".repeat(100))
			.collect(Collectors.joining(","));
		String passedOn = TraceState.normalize(longMembers + "," + shortMembers);
		assertThat(passedOn).hasSizeLessThanOrEqualTo(4096)
			.startsWith("long0=v")
			.doesNotContain("long9=")
			.endsWith("," + shortMembers);
		assertThat(TraceState.normalize(passedOn)).isEqualTo(passedOn);
	}

	@Test
	void takesMembersAwayFromTheEndIfAllAreShort() {
		String list = IntStream.range(0, 32)
			.mapToObj((i) -> "k".repeat(20) + i + "=" + "v".repeat(105))
			.collect(Collectors.joining(","));
		assertThat(list).hasSizeGreaterThan(4096);
		String passedOn = TraceState.normalize(list);
		assertThat(passedOn).hasSizeLessThanOrEqualTo(4096);
		assertThat(list).startsWith(passedOn + ",");
	}

	@Test
	void combinesSeveralHeadersInTheirOrder() {
		Headers headers = Headers.of("traceparent", "00-12345678901234567890123456789012-1234567890123456-00",
				"tracestate", "foo=1,bar=2", "tracestate", "", "tracestate", "rojo=1,congo=2", "tracestate", "baz=3");
		assertThat(headers.read(new W3cCodec()).traceState()).isEqualTo("foo=1,bar=2,rojo=1,congo=2,baz=3");
	}

	@Test
	void findsDuplicatesInDifferentHeaders() {
		Headers headers = Headers.of("traceparent", "00-12345678901234567890123456789012-1234567890123456-00",
				"tracestate", "foo=1", "tracestate", "foo=1");
		assertThat(headers.read(new W3cCodec()).traceState()).isEmpty();
	}

	private static String members(int count) {
		return IntStream.rangeClosed(1, count)
			.mapToObj((i) -> String.format("bar%02d=%02d", i, i))
			.collect(Collectors.joining(","));
	}

}
