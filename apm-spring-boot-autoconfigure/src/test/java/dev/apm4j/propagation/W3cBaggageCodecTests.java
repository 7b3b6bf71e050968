package dev.apm4j.propagation;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.BaggageItems;
import dev.apm4j.trace.PropagatedContext;
import dev.apm4j.trace.PropagatedContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The {@code baggage} header. Cases come from the ABNF and the examples of W3C Baggage
 * and from the specification's own tests.
 */
class W3cBaggageCodecTests {

	private final W3cBaggageCodec codec = new W3cBaggageCodec();

	private final ApmTracer tracer = ApmTracer.builder().build();

	static Stream<Arguments> entries() {
		return Stream.of(arguments("SomeKey=SomeValue", "SomeKey", "SomeValue", ""),
				arguments("SomeKey \t = \t SomeValue \t ", "SomeKey", "SomeValue", ""),
				arguments("SomeKey=SomeValue=equals", "SomeKey", "SomeValue=equals", ""),
				arguments("SomeKey==", "SomeKey", "=", ""), arguments("SomeKey=", "SomeKey", "", ""),
				arguments("SomeKey=%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29", "SomeKey",
						"\t \"';=asdf!@#$%^&*()", ""),
				arguments("SomeKey \t = \t %09%20%22%27%3B%3D \t ", "SomeKey", "\t \"';=", ""),
				arguments("SomeKey=SomeValue;SomeProp", "SomeKey", "SomeValue", "SomeProp"),
				arguments("SomeKey \t = \t SomeValue \t ; \t SomeProp", "SomeKey", "SomeValue", "SomeProp"),
				arguments("SomeKey=SomeValue;SomePropKey=SomePropValue", "SomeKey", "SomeValue",
						"SomePropKey=SomePropValue"),
				arguments("SomeKey \t = \t SomeValue \t ; \t SomePropKey \t = \t SomePropValue", "SomeKey", "SomeValue",
						"SomePropKey=SomePropValue"),
				arguments("key1=value1;property1;property2", "key1", "value1", "property1;property2"),
				arguments("a=b;p=1;q;r=%20x", "a", "b", "p=1;q;r=%20x"), arguments("a=b;p=1=2", "a", "b", "p=1=2"),
				arguments("a=b;", "a", "b", ""), arguments("serverNode=DF%2028", "serverNode", "DF 28", ""),
				arguments("userId =   alice", "userId", "alice", ""),
				arguments("!#$%&'*+-.^_`|~09azAZ=x", "!#$%&'*+-.^_`|~09azAZ", "x", ""),
				arguments("a=!#$&'()*+-./:<=>?@[]^_`{|}~", "a", "!#$&'()*+-./:<=>?@[]^_`{|}~", ""),
				arguments("a=%E2%82%AC", "a", "\u20ac", ""), arguments("a=%F0%9F%98%80", "a", "\ud83d\ude00", ""),
				arguments("a=%e2%82%ac", "a", "\u20ac", ""), arguments("a=x%FFy", "a", "x\ufffdy", ""),
				arguments("a=%C3", "a", "\ufffd", ""), arguments("a=%C3%28", "a", "\ufffd(", ""),
				arguments("a=100%", "a", "100%", ""), arguments("a=%zz", "a", "%zz", ""),
				arguments("a=%4", "a", "%4", ""), arguments("a=%41", "a", "A", ""), arguments("a=b+c", "a", "b+c", ""),
				arguments("a=%0D%0AX-Evil:%201", "a", "\r\nX-Evil: 1", ""), arguments("A%41=x", "A%41", "x", ""));
	}

	@ParameterizedTest
	@MethodSource("entries")
	void readsEntry(String header, String name, String value, String properties) {
		assertThat(read(header).items()).containsExactly(new BaggageItems.Item(name, value, properties));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ",", ",,,", "a", "a;p=1", "=b", " =b", "a b=c", "a\"=c", "a,=c", "(a)=c", "a@=c",
			"a[]=c", "\u00e4=c", "a=b c", "a=\"b\"", "a=b\\c", "a=\u00e4", "a=b\u0000", "a=b\u007f", "a=b\r\nX-Evil: 1",
			"a=b;p q", "a=b;\"p\"", "a=b;p=\"q\"", "a=b;=q", "a=b;p=\u00e4" })
	void skipsInvalidEntryAndKeepsTheOthers(String entry) {
		assertThat(read(entry).items()).isEmpty();
		assertThat(read("first=1," + entry + ",last=2").asMap()).containsEntry("first", "1").containsEntry("last", "2");
	}

	@Test
	void readsSeveralHeadersAsOneList() {
		assertThat(Headers.of("baggage", "userId=alice", "baggage", "serverNode=DF%2028, isProduction=false")
			.read(this.codec)
			.baggage()
			.asMap()).containsExactly(Map.entry("userId", "alice"), Map.entry("serverNode", "DF 28"),
					Map.entry("isProduction", "false"));
	}

	@Test
	void lastOfDuplicatesCounts() {
		assertThat(read("a=1,b=2,a=3").asMap()).containsEntry("a", "3").hasSize(2);
	}

	@Test
	void stopsAfter64Entries() {
		assertThat(read(entries(64)).items()).hasSize(64);
		assertThat(read(entries(65)).items()).hasSize(64);
		assertThat(read(entries(5000)).items()).hasSize(64);
	}

	@Test
	void countsInvalidEntriesToo() {
		String invalid = IntStream.range(0, 63).mapToObj((i) -> "in valid").collect(Collectors.joining(","));
		assertThat(read(invalid + ",a=1,b=2").asMap()).containsOnlyKeys("a");
	}

	@Test
	void stopsAfter8192Bytes() {
		String fits = "a=" + "x".repeat(4000) + ",b=" + "y".repeat(8192 - 4000 - 5);
		assertThat(read(fits).asMap()).containsOnlyKeys("a", "b");
		assertThat(read(fits + "y").asMap()).containsOnlyKeys("a");
		assertThat(read("a=" + "x".repeat(1_000_000)).items()).isEmpty();
		assertThat(read("in valid" + "x".repeat(8192) + ",a=1").items()).isEmpty();
		Headers many = new Headers();
		for (int i = 0; i < 100; i++) {
			many.add("baggage", "k" + i + "=" + "v".repeat(1000));
		}
		assertThat(many.read(this.codec).baggage().items()).hasSize(8);
	}

	@Test
	void writesNothingWithoutBaggage() {
		assertThat(write(BaggageItems.EMPTY)).isNull();
	}

	@Test
	void passesOnWhatArrived() {
		String header = "userId=alice;private;ttl=5,serverNode=DF%2028,isProduction=false";
		assertThat(write(read(header))).isEqualTo(header);
	}

	static Stream<Arguments> values() {
		return Stream.of(arguments("plain", "plain"), arguments("a=b", "a=b"), arguments("a b", "a%20b"),
				arguments("100%", "100%25"), arguments("a,b;c", "a%2Cb%3Bc"), arguments("\"\\", "%22%5C"),
				arguments("\r\nX-Evil: 1", "%0D%0AX-Evil:%201"), arguments("\u0000\u007f", "%00%7F"),
				arguments("\u20ac", "%E2%82%AC"), arguments("\ud83d\ude00", "%F0%9F%98%80"), arguments("", ""));
	}

	@ParameterizedTest
	@MethodSource("values")
	void encodesWhatTheGrammarForbids(String value, String encoded) {
		String header = write(BaggageItems.EMPTY.with("key", value));
		assertThat(header).isEqualTo("key=" + encoded);
		assertThat(read(header).get("key")).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "two words", "a,b", "a=b", "a;b", "\u00e4", "a\r\nX-Evil" })
	void doesNotWriteNameThatIsNoToken(String name) {
		assertThat(write(BaggageItems.EMPTY.with(name, "1").with("ok", "2"))).isEqualTo("ok=2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a,b=c", "p=\"q\"", "p\r\nX-Evil: 1", "p q" })
	void doesNotWriteForgedProperties(String properties) {
		assertThat(write(BaggageItems.EMPTY.with(new BaggageItems.Item("k", "v", properties)))).isEqualTo("k=v");
	}

	@Test
	void writesNoMoreThan8192Bytes() {
		BaggageItems items = BaggageItems.EMPTY.with("a", " ".repeat(2000)).with("b", " ".repeat(2000)).with("c", "x");
		assertThat(write(items)).hasSizeLessThanOrEqualTo(8192).startsWith("a=").doesNotContain("b=").endsWith(",c=x");
	}

	@Test
	void baggageAloneIsNoTrace() {
		PropagatedContext context = Headers.of("baggage", "a=1").read(this.codec);
		assertThat(context.hasTrace()).isFalse();
		assertThat(context.sampled()).isNull();
	}

	private static String entries(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "k" + i + "=" + i).collect(Collectors.joining(","));
	}

	private BaggageItems read(String header) {
		return Headers.of("baggage", header).read(this.codec).baggage();
	}

	private String write(BaggageItems items) {
		PropagatedContextBuilder context = PropagatedContext.builder();
		List.copyOf(items.items()).forEach(context::baggage);
		ApmSpan span = this.tracer.spanBuilder().setParent(context.build()).start();
		Headers headers = new Headers();
		this.codec.inject(span, headers, Headers.SETTER);
		return headers.get("baggage");
	}

}
