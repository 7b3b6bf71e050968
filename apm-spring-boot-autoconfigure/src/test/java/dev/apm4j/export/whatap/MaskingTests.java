package dev.apm4j.export.whatap;

import java.io.IOException;

import dev.apm4j.instrument.SecretNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must not leave the process, and what the agent would misread.
 */
class MaskingTests {

	private final ConnectionText connections = new ConnectionText(SecretNames.STANDARD::contains);

	@ParameterizedTest
	@CsvSource(delimiter = '!', quoteCharacter = '`', value = {
			"jdbc:mysql://db/shop?user=kim&password=pw ! jdbc:mysql://db/shop?user=kim&password=#",
			"jdbc:mysql://db/shop?password=p;w,x y&user=kim ! jdbc:mysql://db/shop?password=#&user=kim",
			"jdbc:postgresql://db/shop?pass%77ord=pw ! jdbc:postgresql://db/shop?pass%77ord=#",
			"user=kim password=pw host=db dbname=shop ! user=kim password=# host=db dbname=shop",
			"password=pw host=db ! password=# host=db",
			"user=kim password = 'p w' host=db ! user=kim password = # host=db",
			"user=kim password='p\\' w' host=db ! user=kim password=# host=db",
			"host=db;password=pw;user=kim ! host=db;password=#;user=kim",
			"jdbc:sqlserver://db:1433;user=sa;password={p;w}}x};encrypt=true ! jdbc:sqlserver://db:1433;user=sa;password=#;encrypt=true",
			"jdbc:sqlserver://db;Password=\"p;w\";user=sa ! jdbc:sqlserver://db;Password=#;user=sa",
			"jdbc:h2:mem:shop;USER=sa;PASSWORD=p@w ! jdbc:h2:mem:shop;USER=sa;PASSWORD=#",
			"jdbc:db2://db:50000/shop:user=kim;password=pw; ! jdbc:db2://db:50000/shop:user=kim;password=#;",
			"Server=db; Pwd=p w; Database=shop ! Server=db; Pwd=#; Database=shop",
			"jdbc:mysql://(host=db,user=kim,password=pw)/shop ! jdbc:mysql://(host=db,user=kim,password=#)/shop",
			"jdbc:mysql://address=(host=db)(password=pw)/shop ! jdbc:mysql://address=(host=db)(password=#)/shop",
			"kim:pw@tcp(db:3306)/shop ! kim:#@tcp(db:3306)/shop",
			"jdbc:mysql://kim:pw@db:3306/shop ! jdbc:mysql://kim:#@db:3306/shop",
			"postgres://kim:p@/?:w@db/shop ! postgres://kim:#@db/shop",
			"jdbc:mysql://kim:pw@a,lee:pv@b/shop ! jdbc:mysql://kim:#@b/shop",
			"redis://:pw@cache:6379/0 ! redis://:#@cache:6379/0",
			"jdbc:oracle:thin:scott/tiger@//db:1521/shop ! jdbc:oracle:thin:scott/#@//db:1521/shop",
			"jdbc:oracle:thin:scott/ti//g:er@db:1521:shop ! jdbc:oracle:thin:scott/#@db:1521:shop",
			"jdbc:mysql://kim:pw@db/shop?trustStorePassword=pv ! jdbc:mysql://kim:#@db/shop?trustStorePassword=#",
			"jdbc:x://db/shop?password='never closed ! jdbc:x://db/shop?password=#" })
	void passwordsAreMaskedInConnectionStrings(String text, String masked) {
		assertThat(this.connections.mask(text)).isEqualTo(masked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:shop", "jdbc:mysql://db:3306/shop?useSSL=false&user=kim@x", "",
			"jdbc:oracle:thin:@//db:1521/shop", "jdbc:oracle:thin:@db:1521:shop", "jdbc:mysql://kim@db/shop",
			"jdbc:x://db?password=", "=", "@", ":@", "a==b", "jdbc:mysql://db/shop?x={" })
	void whatHasNoPasswordStaysAsItIs(String text) {
		assertThat(this.connections.mask(text)).isEqualTo(text);
	}

	@Test
	void oneTextAfterAnotherIsMasked() {
		assertThat(this.connections.mask("a:b@c")).isEqualTo("a:#@c");
		assertThat(this.connections.mask("a:d@e")).isEqualTo("a:#@e");
		assertThat(this.connections.mask("a:b@c")).isEqualTo("a:#@c");
		assertThat(this.connections.mask(null)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.7,10.0.0.7", "255.255.255.255,255.255.255.255", "10.0.0.7:51234,10.0.0.7",
			"::ffff:10.0.0.7,10.0.0.7", "::FFFF:10.0.0.7,10.0.0.7", "::1,127.0.0.1", "0:0:0:0:0:0:0:1,127.0.0.1",
			"2001:db8::7,''", "localhost,''", "'',''", "10.0.0,''", "10.0.0.256,''", "10.0.0.7.8,''", "10.0.0.7x,''",
			"010203.0.0.1,''" })
	void remoteAddressIsABareIpv4Address(String address, String sent) {
		assertThat(RemoteAddress.ipv4(address)).isEqualTo(sent);
	}

	@ParameterizedTest
	@CsvSource({ "http://api.example.com:8080/v1/items/7,http://api.example.com:8080/v1/items/7",
			"https://api.example.com/v1/items?id=7,https://api.example.com/v1/items",
			"http://api.example.com,http://api.example.com", "api.example.com/v1,api.example.com/v1",
			"/v1/items,/v1/items", "http://user:pw@h/x,http://h/x", "http://user:p/w@h:80/x?y@z,http://z",
			"http://user:p/w@h:80/x,http://h:80/x", "http://[::1]:8080/x,http://--1:8080/x",
			"http://u:p@[fe80::1%25eth0]/x,http://fe80--1-25eth0/x", "http://h/a;jsessionid=1/b;c=2?d=3#e,http://h/a/b",
			"http://h#f,http://h", "'',''", "http://,http://", "http://[,http://", "http://h/a@b,http://h/a@b" })
	void urlHasNoUserNoQueryAndAHostThatTheAgentReads(String url, String sent) {
		assertThat(WireUrl.of(url)).isEqualTo(sent);
	}

	@Test
	void stackBeginsWithTheOutermostOfTheInnermostFrames() {
		StackTraceElement[] frames = new StackTraceElement[120];
		for (int i = 0; i < frames.length; i++) {
			frames[i] = new StackTraceElement("a.B", "m" + i, "B.java", i + 1);
		}
		String[] lines = CallStack.text(frames).split("\n");
		assertThat(lines).hasSize(50);
		assertThat(lines[0]).isEqualTo("a.B.m49(B.java:50)");
		assertThat(lines[49]).isEqualTo("a.B.m0(B.java:1)");
		assertThat(CallStack.text(new IOException().getStackTrace())).contains("MaskingTests");
	}

	@Test
	void stackOfLongNamesLosesItsOuterFrames() {
		StackTraceElement[] frames = new StackTraceElement[10];
		for (int i = 0; i < frames.length; i++) {
			frames[i] = new StackTraceElement("a.B" + "x".repeat(3000), "m" + i, "B.java", 1);
		}
		assertThat(CallStack.text(frames)).doesNotContain("m2(").contains("m1(").endsWith("m0(B.java:1)\n");
	}

}
