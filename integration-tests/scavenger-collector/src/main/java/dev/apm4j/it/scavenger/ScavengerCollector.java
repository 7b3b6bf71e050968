package dev.apm4j.it.scavenger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.Status;

/**
 * A collector on a port of the loopback address. The agents' calls are as with the real
 * one; {@code GET /received} tells another process what came, as JSON, and
 * {@code POST /failures?call=PollConfig&status=INTERNAL} makes the next such call fail.
 */
public final class ScavengerCollector implements AutoCloseable {

	private final ObjectMapper json = new ObjectMapper();

	private final Journal journal;

	private final AgentService agents;

	private final Server server;

	private volatile InetSocketAddress address;

	/**
	 * Makes a collector.
	 * @param options its options
	 */
	public ScavengerCollector(CollectorOptions options) {
		this.journal = new Journal(options.journal());
		this.agents = new AgentService(options, this.journal);
		this.server = Server.builder()
			.http(new InetSocketAddress("127.0.0.1", options.port()))
			.gracefulShutdownTimeoutMillis(0, 0)
			.maxRequestLength(options.maxMessageBytes())
			.service(GrpcService.builder().addService(this.agents).build())
			.service("/javaagent/v5/initConfig", this::initConfig)
			.service("/received", (context, request) -> toJson(received()))
			.service("/failures", this::failNext)
			.build();
	}

	/**
	 * Starts a collector that ends with its process, and prints its port.
	 * @param arguments see {@link CollectorOptions}
	 */
	public static void main(String[] arguments) {
		ScavengerCollector collector = new ScavengerCollector(CollectorOptions.parse(arguments)).start();
		System.out.println("Scavenger collector on port " + collector.port());
	}

	/**
	 * Starts to listen.
	 * @return this collector
	 */
	public ScavengerCollector start() {
		this.server.start().join();
		this.address = new InetSocketAddress("127.0.0.1", this.server.activeLocalPort());
		return this;
	}

	/**
	 * Where it listens.
	 * @return the port
	 */
	public int port() {
		return this.address.getPort();
	}

	/**
	 * What came so far.
	 * @return the calls in their order
	 */
	public List<ReceivedCall> received() {
		return this.journal.calls();
	}

	/**
	 * What came so far of one call and was accepted.
	 * @param call its name
	 * @return the calls in their order
	 */
	public List<ReceivedCall> accepted(String call) {
		return received().stream().filter((one) -> one.call().equals(call) && one.status().equals("OK")).toList();
	}

	/**
	 * Makes the next call fail.
	 * @param call its name
	 * @param status how
	 */
	public void failNext(String call, Status status) {
		this.agents.failNext(call, status);
	}

	private HttpResponse initConfig(ServiceRequestContext context, HttpRequest request) throws JsonProcessingException {
		String key = context.queryParam("licenseKey");
		String host = request.authority();
		if (key == null || host.startsWith("[")) {
			return HttpResponse.of(HttpStatus.BAD_REQUEST, MediaType.JSON,
					"{\"status\":400,\"error\":\"Bad Request\"}");
		}
		this.journal.add(new ReceivedCall("InitConfig", "OK", Map.of("api_key", key), List.of()));
		return toJson(Map.of("collectorUrl", host));
	}

	private HttpResponse failNext(ServiceRequestContext context, HttpRequest request) {
		failNext(context.queryParam("call"), Status.Code.valueOf(context.queryParam("status")).toStatus());
		return HttpResponse.of(HttpStatus.NO_CONTENT);
	}

	private HttpResponse toJson(Object value) throws JsonProcessingException {
		return HttpResponse.of(HttpStatus.OK, MediaType.JSON, this.json.writeValueAsString(value));
	}

	/** Its port is free afterwards; what else has to end takes two seconds more. */
	@Override
	public void close() {
		CompletableFuture<Void> stopped = this.server.stop();
		while (!stopped.isDone() && isListening()) {
			LockSupport.parkNanos(1_000_000);
		}
	}

	private boolean isListening() {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(this.address);
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

}
