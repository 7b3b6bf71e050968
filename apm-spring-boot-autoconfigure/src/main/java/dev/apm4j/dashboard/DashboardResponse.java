package dev.apm4j.dashboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response, whose body is written when the head has gone out.
 *
 * @param status the HTTP status
 * @param headers the headers, by name
 * @param body writes the body
 */
record DashboardResponse(int status, Map<String, String> headers, Body body) {

	private static final Body EMPTY = (out) -> {
	};

	/** Writes a body. */
	@FunctionalInterface
	interface Body {

		void writeTo(OutputStream out) throws IOException;

	}

	/** Writes JSON. */
	@FunctionalInterface
	interface Json {

		void writeTo(JsonWriter json) throws IOException;

	}

	static DashboardResponse json(int status, Json content) {
		return of(status, "application/json", "no-store", (out) -> {
			JsonWriter json = new JsonWriter(out);
			content.writeTo(json);
			json.flush();
		});
	}

	static DashboardResponse error(int status, String message) {
		return json(status, (json) -> json.object().member("error", message).end());
	}

	static DashboardResponse text(int status, String message) {
		return of(status, "text/plain;charset=UTF-8", "no-store",
				(out) -> out.write((message + "\n").getBytes(StandardCharsets.UTF_8)));
	}

	static DashboardResponse redirect(String location) {
		return empty(302).with("Location", location).with("Cache-Control", "no-store");
	}

	static DashboardResponse empty(int status) {
		return new DashboardResponse(status, Map.of(), EMPTY);
	}

	static DashboardResponse of(int status, String contentType, String cacheControl, Body body) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", contentType);
		headers.put("Cache-Control", cacheControl);
		return new DashboardResponse(status, headers, body);
	}

	DashboardResponse with(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new DashboardResponse(this.status, more, this.body);
	}

	DashboardResponse with(Map<String, String> others) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.putAll(others);
		return new DashboardResponse(this.status, more, this.body);
	}

}
