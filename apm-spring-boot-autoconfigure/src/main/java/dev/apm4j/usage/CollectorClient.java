package dev.apm4j.usage;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.apm4j.usage.CollectorException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Calls a Scavenger collector with the JDK's HTTP client: gRPC-Web over HTTP/1.1, which
 * the collector's server library speaks on the port of its gRPC. So an application needs
 * neither a gRPC nor a protobuf library; and of all that the collector understands,
 * gRPC-Web is what tells success from failure and from an answer that was cut off without
 * HTTP trailers, which the JDK's client does not show.
 * <p>
 * With a {@code serverUrl} of https everything is called over TLS: the collector itself
 * has none, so there is a proxy in front, and a key that was sent over TLS once is not to
 * follow in the clear. Redirects are not followed. Used by one thread.
 */
final class CollectorClient {

	/** More than any answer of a collector has. */
	private static final int MAX_ANSWER = 64 * 1024;

	/** A message up to this size is never too large. */
	static final int SMALL_MESSAGE = 64 * 1024;

	/** Per second of the time that a message is given; slower is as good as away. */
	private static final int MIN_BYTES_PER_SECOND = 256 * 1024;

	private static final String GRPC_WEB = "application/grpc-web+proto";

	private static final int OK = 200;

	private static final int BAD_REQUEST = 400;

	private static final int CONTENT_TOO_LARGE = 413;

	private final CollectorAddress server;

	private final String initConfigPath;

	private final CollectorSettings settings;

	private final FailureText failureText;

	private @Nullable HttpClient http;

	/**
	 * Makes a client, without connecting.
	 * @param settings whom to call; a path of the URL is one of {@code initConfig} only,
	 * as with Scavenger's agents
	 * @throws IllegalArgumentException if the URL cannot be a collector's
	 */
	CollectorClient(CollectorSettings settings) {
		this.settings = settings;
		this.server = CollectorAddress.of(settings.serverUrl());
		String path = settings.serverUrl().getRawPath();
		this.initConfigPath = ((path != null) ? path.replaceAll("/+$", "") : "") + "/javaagent/v5/initConfig";
		this.failureText = new FailureText(settings.apiKey());
	}

	/**
	 * Asks where the collector is called. The key is not checked there.
	 * @return the address
	 * @throws CollectorException if nobody says so
	 * @throws InterruptedException if the thread was interrupted meanwhile
	 */
	CollectorAddress initConfig() throws CollectorException, InterruptedException {
		String query = "?licenseKey=" + URLEncoder.encode(this.settings.apiKey(), StandardCharsets.UTF_8);
		HttpResponse<byte[]> response = send(this.server, "initConfig",
				request(this.server.resolve(this.initConfigPath + query), 0).GET().build(), 0);
		if (response.statusCode() == BAD_REQUEST && this.server.isIpv6()) {
			// The collector can't say where it is if the question went to an IPv6
			// address; it is called where it was asked.
			return this.server;
		}
		requireOk(response, this.server, "initConfig");
		String url = InitConfigAnswer.collectorUrl(new String(response.body(), StandardCharsets.UTF_8));
		CollectorAddress address = (url != null) ? CollectorAddress.parse(url, this.server.secure()) : null;
		if (address == null) {
			throw unreachable(this.server, "initConfig", "the answer is not a collector's");
		}
		return address;
	}

	/**
	 * Asks for the intervals; tells the collector that this JVM lives.
	 * @param address the collector
	 * @param jvmUuid this JVM
	 * @return the intervals
	 * @throws CollectorException if it failed
	 * @throws InterruptedException if the thread was interrupted meanwhile
	 */
	ServerIntervals poll(CollectorAddress address, String jvmUuid) throws CollectorException, InterruptedException {
		Frame frame = Frame.of(ScavengerMessages.getConfigRequest(this.settings.apiKey(), jvmUuid));
		ByteBuffer answer = call(address, "PollConfig", frame);
		try {
			return ServerIntervals.read(answer);
		}
		catch (IllegalArgumentException ex) {
			throw unreachable(address, "PollConfig", "the answer is not a collector's");
		}
	}

	void publishCodeBase(CollectorAddress address, Frame publication) throws CollectorException, InterruptedException {
		call(address, "SendCodeBasePublication", publication);
	}

	void publishInvocations(CollectorAddress address, Frame publication)
			throws CollectorException, InterruptedException {
		call(address, "SendInvocationDataPublication", publication);
	}

	private ByteBuffer call(CollectorAddress address, String method, Frame frame)
			throws CollectorException, InterruptedException {
		HttpRequest request = request(address.resolve("/GrpcAgentService/" + method), frame.length())
			.header("Content-Type", GRPC_WEB)
			.header("Accept", GRPC_WEB)
			.POST(frame.publisher())
			.build();
		HttpResponse<byte[]> response = send(address, method, request, frame.length());
		boolean suspiciousSize = frame.length() > SMALL_MESSAGE;
		if (response.statusCode() == CONTENT_TOO_LARGE && suspiciousSize) {
			throw new CollectorException(Kind.TOO_LARGE, text(address, method, "HTTP status 413"));
		}
		requireOk(response, address, method);
		if (!response.headers()
			.firstValue("content-type")
			.orElse("")
			.toLowerCase(Locale.ROOT)
			.startsWith("application/grpc")) {
			throw unreachable(address, method, "the answer is not one of gRPC");
		}
		GrpcWebAnswer answer;
		try {
			answer = GrpcWebAnswer.read(response.headers().firstValue("grpc-status"),
					response.headers().firstValue("grpc-message"), response.body());
		}
		catch (IllegalArgumentException ex) {
			throw unreachable(address, method, this.failureText.of(String.valueOf(ex.getMessage())));
		}
		if (!answer.isOk()) {
			throw new CollectorException(answer.kind(suspiciousSize), text(address, method, answer.toString()));
		}
		return answer.message();
	}

	private HttpRequest.Builder request(URI uri, int length) {
		return HttpRequest.newBuilder(uri).timeout(timeout(length)).header("User-Agent", "apm4j");
	}

	private Duration timeout(int length) {
		return this.settings.readTimeout().plusSeconds(length / MIN_BYTES_PER_SECOND);
	}

	private HttpResponse<byte[]> send(CollectorAddress address, String method, HttpRequest request, int length)
			throws CollectorException, InterruptedException {
		CompletableFuture<HttpResponse<byte[]>> response = null;
		try {
			response = http().sendAsync(request, (info) -> new BoundedBody(MAX_ANSWER));
			// The request's own timeout ends with the headers of the answer.
			Duration limit = this.settings.connectTimeout().plus(timeout(length));
			return response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw unreachable(address, method, this.failureText.of(cause));
		}
		catch (TimeoutException ex) {
			throw unreachable(address, method, "no answer in time");
		}
		catch (RuntimeException ex) {
			throw unreachable(address, method, this.failureText.of(ex));
		}
		finally {
			if (response != null) {
				// Gives up the connection if the answer is not there.
				response.cancel(true);
			}
		}
	}

	/** Made when it is needed: it starts a thread, and reads the certificates. */
	private HttpClient http() {
		HttpClient http = this.http;
		if (http == null) {
			http = HttpClient.newBuilder()
				.version(Version.HTTP_1_1)
				.followRedirects(Redirect.NEVER)
				.connectTimeout(this.settings.connectTimeout())
				.build();
			this.http = http;
		}
		return http;
	}

	private void requireOk(HttpResponse<?> response, CollectorAddress address, String method)
			throws CollectorException {
		if (response.statusCode() != OK) {
			throw unreachable(address, method, "HTTP status " + response.statusCode());
		}
	}

	private CollectorException unreachable(CollectorAddress address, String method, String problem) {
		return new CollectorException(Kind.UNREACHABLE, text(address, method, problem));
	}

	private String text(CollectorAddress address, String method, String problem) {
		return this.failureText.of(method + " at " + address + ": " + problem);
	}

}
