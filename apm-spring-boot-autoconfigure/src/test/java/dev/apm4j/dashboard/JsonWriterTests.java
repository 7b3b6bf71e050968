package dev.apm4j.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JsonWriterTests {

	private static String json(Object value) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		JsonWriter json = new JsonWriter(out);
		json.object().member("v", value).end();
		json.flush();
		return out.toString(StandardCharsets.UTF_8);
	}

	@Test
	void everyCharacterSurvivesAndNoneBreaksOut() throws IOException {
		ObjectMapper parser = new ObjectMapper();
		for (int c = 0; c <= 0xffff; c++) {
			String text = "a" + (char) c + "b";
			String json = json(text);
			JsonNode parsed = parser.readTree(json);
			boolean half = Character.isSurrogate((char) c);
			assertThat(parsed.get("v").asText()).isEqualTo(half ? "a\ufffdb" : text);
			assertThat(json.chars()).noneMatch((each) -> each < 0x20 || each == 0x2028 || each == 0x2029 || each == '<'
					|| each == '>' || (each >= 0x7f && each < 0xa0) || each == 0x202e || each == 0xfeff);
		}
	}

	@Test
	void textThatPeopleReadIsNotEscaped() throws IOException {
		assertThat(json("\uc8fc\ubb38 \u00e4 \ud83d\ude00 a&b"))
			.isEqualTo("{\"v\":\"\uc8fc\ubb38 \u00e4 \ud83d\ude00 a&b\"}");
	}

	@Test
	void namesAreEscapedToo() throws IOException {
		assertThat(json(Map.of("a\"</script>\n", 1))).isEqualTo("{\"v\":{\"a\\\"\\u003c/script\\u003e\\n\":1}}");
	}

	@Test
	void whatIsNoNumberInJsonIsNull() throws IOException {
		assertThat(json(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.NaN, 1.5, -0.0)))
			.isEqualTo("{\"v\":[null,null,null,null,1.5,-0.0]}");
	}

	@Test
	void nestedValuesAreSeparated() throws IOException {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("a", List.of());
		map.put("b", List.of(1L, true, "x"));
		map.put("c", Map.of());
		map.put("d", null);
		assertThat(json(map)).isEqualTo("{\"v\":{\"a\":[],\"b\":[1,true,\"x\"],\"c\":{},\"d\":null}}");
	}

}
