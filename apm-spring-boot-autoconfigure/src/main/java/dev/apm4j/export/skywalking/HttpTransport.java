package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import com.google.protobuf.Message;
import dev.apm4j.export.ExportRejectedException;
import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.ProfileTaskCommandQuery;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * JSON over HTTP on 12800: for segments, logs, properties, keep-alive and events; the
 * server has no place there for the rest. It needs no gRPC.
 */
public final class HttpTransport implements SkyWalkingTransport {

	private static final String AUTHENTICATION = "authentication";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private final ChannelSettings settings;

	private final List<ServerAddress> servers;

	private final ThreadPoolExecutor executor;

	private @Nullable HttpClient client;

	/** The index of the server that is used until it fails. */
	private volatile int current;

	/**
	 * Creates a transport that connects when something is sent.
	 * @param settings where to and how
	 */
	public HttpTransport(ChannelSettings settings) {
		this.settings = settings;
		this.servers = new ArrayList<>(settings.addresses());
		Collections.shuffle(this.servers);
		this.executor = new ThreadPoolExecutor(2, 2, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				HttpTransport::thread);
		this.executor.allowCoreThreadTimeOut(true);
	}

	private static Thread thread(Runnable runnable) {
		Thread thread = new Thread(null, runnable, "apm-skywalking-http", 0, false);
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void segments(List<SegmentObject> segments) throws Exception {
		array("/v3/segments", segments);
	}

	@Override
	public void logs(List<LogData> logs) throws Exception {
		array("/v3/logs", logs);
	}

	@Override
	public void event(Event event, Duration timeout) throws Exception {
		post("/v3/events", ProtoJson.array(List.of(ProtoJson.object(event))), timeout);
	}

	@Override
	public void properties(InstanceProperties properties) throws Exception {
		post("/v3/management/reportProperties", ProtoJson.object(properties), this.settings.deadline());
	}

	@Override
	public void keepAlive(InstancePingPkg ping) throws Exception {
		post("/v3/management/keepAlive", ProtoJson.object(ping), this.settings.deadline());
	}

	@Override
	public void jvmMetrics(JVMMetricCollection metrics) throws UnsupportedSignalException {
		throw unsupported();
	}

	@Override
	public void meters(List<MeterData> meters) throws UnsupportedSignalException {
		throw unsupported();
	}

	@Override
	public void snapshots(List<ThreadSnapshot> snapshots) throws UnsupportedSignalException {
		throw unsupported();
	}

	@Override
	public Commands profileTasks(ProfileTaskCommandQuery query) throws UnsupportedSignalException {
		throw unsupported();
	}

	@Override
	public void profileTaskFinished(ProfileTaskFinishReport report) throws UnsupportedSignalException {
		throw unsupported();
	}

	@Override
	public Commands configuration(ConfigurationSyncRequest request) throws UnsupportedSignalException {
		throw unsupported();
	}

	private static UnsupportedSignalException unsupported() {
		return new UnsupportedSignalException("not carried by apm.skywalking.transport 'http'");
	}

	/** As many requests as it takes to keep each below the largest message. */
	private void array(String path, List<? extends Message> messages) throws Exception {
		Halves<String> halves = new Halves<>((some) -> post(path, ProtoJson.array(some), this.settings.deadline()));
		List<String> objects = new ArrayList<>();
		long size = 0;
		for (Message message : messages) {
			String object = ProtoJson.object(message);
			if (!objects.isEmpty() && size + object.length() > this.settings.maxMessageSize()) {
				halves.send(objects);
				objects.clear();
				size = 0;
			}
			objects.add(object);
			size += object.length();
		}
		if (!objects.isEmpty()) {
			halves.send(objects);
		}
		halves.end();
	}

	private void post(String path, String json, Duration timeout) throws Exception {
		Exception failure = null;
		for (int i = 0; i < this.servers.size(); i++) {
			int used = this.current;
			ServerAddress server = this.servers.get(used);
			try {
				int status = send(server, path, json, timeout);
				if (status >= 200 && status < 300) {
					return;
				}
				failure = failure(server, status);
				if (status == 400 || status == 413) {
					// Another server would say the same.
					throw failure;
				}
			}
			catch (IOException ex) {
				failure = failure(server, ex);
			}
			this.current = (used + 1) % this.servers.size();
		}
		throw (failure != null) ? failure : new IOException("no server");
	}

	private int send(ServerAddress server, String path, String json, Duration timeout) throws Exception {
		Duration deadline = this.settings.deadline();
		Duration limit = (timeout.compareTo(deadline) < 0) ? timeout : deadline;
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create(((this.settings.tls() != null) ? "https://" : "http://") + server + path))
			.timeout(limit)
			.header("Content-Type", "application/json; charset=utf-8")
			.POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8));
		String token = this.settings.token();
		if (token != null) {
			request.header(AUTHENTICATION, token);
		}
		// The client's own time-out ends with the headers of the answer.
		CompletableFuture<HttpResponse<Void>> answer = client().sendAsync(request.build(),
				HttpResponse.BodyHandlers.discarding());
		try {
			return answer.get(limit.plusMillis(500).toNanos(), TimeUnit.NANOSECONDS).statusCode();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof IOException cause) ? cause : new IOException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new HttpTimeoutException("the answer did not end");
		}
		finally {
			answer.cancel(true);
		}
	}

	private synchronized HttpClient client() throws GeneralSecurityException {
		HttpClient present = this.client;
		if (present == null) {
			Duration deadline = this.settings.deadline();
			HttpClient.Builder builder = HttpClient.newBuilder()
				.version(HttpClient.Version.HTTP_1_1)
				.followRedirects(HttpClient.Redirect.NEVER)
				.connectTimeout((deadline.compareTo(CONNECT_TIMEOUT) < 0) ? deadline : CONNECT_TIMEOUT)
				.executor(this.executor);
			TlsSettings tls = this.settings.tls();
			if (tls != null) {
				builder.sslContext(sslContext(tls));
			}
			present = builder.build();
			this.client = present;
		}
		return present;
	}

	private static SSLContext sslContext(TlsSettings tls) throws GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init((tls.key() != null) ? tls.key().getKeyManagers() : null,
				(tls.trust() != null) ? tls.trust().getTrustManagers() : null, null);
		return context;
	}

	private Exception failure(ServerAddress server, int status) {
		return switch (status) {
			case 401, 403,
					407 ->
				new ExportRejectedException(server + " refuses this client (HTTP " + status + "): "
						+ ((this.settings.token() != null) ? "apm.skywalking.token is not the one it knows"
								: "it wants a token, see apm.skywalking.token"));
			case 400 -> new ExportRejectedException(server + " refuses the data (HTTP " + status + ")");
			case 413 -> new TooLargeException(server + " takes no messages of this size (HTTP 413): "
					+ "apm.skywalking.max-message-size should not be more than it takes", true);
			case 404, 405, 415 -> new IOException(server + " does not know SkyWalking's paths (HTTP " + status
					+ "): a wrong port? SkyWalking takes HTTP on 12800");
			default -> new IOException(server + " answered HTTP " + status);
		};
	}

	private IOException failure(ServerAddress server, IOException ex) {
		String text = chain(ex);
		if (ex instanceof HttpTimeoutException) {
			return new IOException(server + " did not answer within " + this.settings.deadline().toMillis() + " ms"
					+ ((this.settings.tls() != null) ? "; perhaps it does not speak TLS" : ""));
		}
		if (text.contains("unrecognized ssl message")) {
			return new IOException(
					server + " does not speak TLS: a wrong port, or apm.skywalking.tls.enabled should be false");
		}
		if (text.contains("certificate_required") || text.contains("bad_certificate")
				|| text.contains("certificate_unknown") || text.contains("handshake_failure")) {
			return new IOException(server + " does not accept the certificate of this client: "
					+ "see apm.skywalking.tls.client-certificate");
		}
		if (ex instanceof SSLException) {
			return new IOException(server
					+ " has a certificate that is not trusted, or no TLS: see apm.skywalking.tls.ca-certificate");
		}
		if (ex instanceof ConnectException) {
			return new IOException(server + " cannot be reached");
		}
		if (text.contains("status line") || text.contains("no bytes") || text.contains("eof")) {
			return new IOException(
					server + " answers, but not in HTTP: a wrong port, or apm.skywalking.tls.enabled should be true?");
		}
		return new IOException(server + " cannot be reached", ex);
	}

	private static String chain(IOException failure) {
		StringBuilder text = new StringBuilder();
		Throwable cause = failure;
		for (int i = 0; i < 8 && cause != null; i++) {
			text.append(cause.getMessage()).append(' ');
			cause = cause.getCause();
		}
		return text.toString().toLowerCase(Locale.ROOT);
	}

	@Override
	public void close(Duration timeout) {
		HttpClient closing;
		synchronized (this) {
			closing = this.client;
			this.client = null;
		}
		if (closing != null) {
			try {
				// Since Java 21; before that it ends when nobody refers to it any more.
				HttpClient.class.getMethod("shutdownNow").invoke(closing);
			}
			catch (ReflectiveOperationException ex) {
				// It ends later.
			}
		}
		this.executor.shutdownNow();
		try {
			this.executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
