package dev.apm4j.instrument.http;

/**
 * Which client makes a call, recorded as the attribute {@value #ATTRIBUTE}: backends show
 * a library's own name and icon, and OpenTelemetry has no attribute for it.
 */
public enum HttpClientKind {

	/** Spring's RestTemplate. */
	REST_TEMPLATE("rest-template"),

	/** Spring's RestClient. */
	REST_CLIENT("rest-client"),

	/** Spring's WebClient. */
	WEB_CLIENT("web-client");

	/** The attribute. */
	public static final String ATTRIBUTE = "apm.http.client";

	private final String value;

	HttpClientKind(String value) {
		this.value = value;
	}

	/**
	 * The value of the attribute.
	 * @return the value
	 */
	public String value() {
		return this.value;
	}

}
