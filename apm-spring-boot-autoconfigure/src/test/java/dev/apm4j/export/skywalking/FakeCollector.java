package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ConfigurationDiscoveryServiceGrpc;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.EventServiceGrpc;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.JVMMetricReportServiceGrpc;
import dev.apm4j.skywalking.proto.ManagementServiceGrpc;
import dev.apm4j.skywalking.proto.ProfileTaskCommandQuery;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.ProfileTaskGrpc;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.skywalking.proto.TraceSegmentReportServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC server that speaks SkyWalking's protocol and records what it gets. It can be
 * stopped and started again on its port.
 */
final class FakeCollector implements AutoCloseable {

	final Queue<SegmentObject> segments = new ConcurrentLinkedQueue<>();

	final Queue<InstanceProperties> properties = new ConcurrentLinkedQueue<>();

	final Queue<InstancePingPkg> pings = new ConcurrentLinkedQueue<>();

	final Queue<JVMMetricCollection> metrics = new ConcurrentLinkedQueue<>();

	final Queue<Event> events = new ConcurrentLinkedQueue<>();

	final Queue<ThreadSnapshot> snapshots = new ConcurrentLinkedQueue<>();

	final Queue<ProfileTaskCommandQuery> profileQueries = new ConcurrentLinkedQueue<>();

	final Queue<ProfileTaskFinishReport> finishedTasks = new ConcurrentLinkedQueue<>();

	final Queue<ConfigurationSyncRequest> configurationRequests = new ConcurrentLinkedQueue<>();

	/** What those are answered with who ask what to do. */
	volatile Commands commands = Commands.getDefaultInstance();

	/** What every call is answered with, {@code null} for what it deserves. */
	volatile @Nullable Status status;

	/** Whether calls are never answered. */
	volatile boolean hanging;

	volatile @Nullable String token;

	/** What a message may have at most, from the next start on. */
	volatile int maxMessageSize = 4 << 20;

	private final @Nullable SslContext tls;

	private final String host;

	private @Nullable Server server;

	private int port;

	FakeCollector() {
		this(null);
	}

	FakeCollector(@Nullable SslContext tls) {
		this(tls, "127.0.0.1", 0);
	}

	FakeCollector(@Nullable SslContext tls, String host, int port) {
		this.tls = tls;
		this.host = host;
		this.port = port;
		start();
	}

	void start() {
		NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(this.host, this.port))
			.maxInboundMessageSize(this.maxMessageSize)
			.intercept(new Gate());
		if (this.tls != null) {
			builder.sslContext(this.tls);
		}
		List.<BindableService>of(new Segments(), new Manager(), new Metrics(), new Events(), new Profiler(),
				new Configuration())
			.forEach(builder::addService);
		try {
			this.server = builder.build().start();
			this.port = this.server.getPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void stop() {
		Server running = this.server;
		if (running != null) {
			running.shutdownNow();
			try {
				running.awaitTermination(10, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	ServerAddress address() {
		return new ServerAddress(this.host, this.port);
	}

	@Override
	public void close() {
		stop();
	}

	private final class Gate implements ServerInterceptor {

		@Override
		public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
				ServerCallHandler<Q, A> next) {
			String expected = FakeCollector.this.token;
			Status answer = FakeCollector.this.status;
			String given = headers.get(Metadata.Key.of("authentication", Metadata.ASCII_STRING_MARSHALLER));
			if (expected != null && !expected.equals(given)) {
				answer = Status.PERMISSION_DENIED.withDescription("got the token " + given);
			}
			if (answer != null) {
				call.close(answer, new Metadata());
				return new ServerCall.Listener<>() {
				};
			}
			return FakeCollector.this.hanging ? new ServerCall.Listener<>() {
			} : next.startCall(call, headers);
		}

	}

	private record Recorder<M>(Queue<M> messages, StreamObserver<Commands> answer) implements StreamObserver<M> {

		@Override
		public void onNext(M message) {
			this.messages.add(message);
		}

		@Override
		public void onError(Throwable throwable) {
		}

		@Override
		public void onCompleted() {
			ok(this.answer);
		}

	}

	private static void ok(StreamObserver<Commands> answer) {
		answer.onNext(Commands.getDefaultInstance());
		answer.onCompleted();
	}

	private final class Segments extends TraceSegmentReportServiceGrpc.TraceSegmentReportServiceImplBase {

		@Override
		public StreamObserver<SegmentObject> collect(StreamObserver<Commands> answer) {
			return new Recorder<>(FakeCollector.this.segments, answer);
		}

	}

	private final class Events extends EventServiceGrpc.EventServiceImplBase {

		@Override
		public StreamObserver<Event> collect(StreamObserver<Commands> answer) {
			return new Recorder<>(FakeCollector.this.events, answer);
		}

	}

	private final class Manager extends ManagementServiceGrpc.ManagementServiceImplBase {

		@Override
		public void reportInstanceProperties(InstanceProperties request, StreamObserver<Commands> answer) {
			FakeCollector.this.properties.add(request);
			ok(answer);
		}

		@Override
		public void keepAlive(InstancePingPkg request, StreamObserver<Commands> answer) {
			FakeCollector.this.pings.add(request);
			ok(answer);
		}

	}

	private final class Metrics extends JVMMetricReportServiceGrpc.JVMMetricReportServiceImplBase {

		@Override
		public void collect(JVMMetricCollection request, StreamObserver<Commands> answer) {
			FakeCollector.this.metrics.add(request);
			ok(answer);
		}

	}

	private final class Profiler extends ProfileTaskGrpc.ProfileTaskImplBase {

		@Override
		public void getProfileTaskCommands(ProfileTaskCommandQuery request, StreamObserver<Commands> answer) {
			FakeCollector.this.profileQueries.add(request);
			answer.onNext(FakeCollector.this.commands);
			answer.onCompleted();
		}

		@Override
		public StreamObserver<ThreadSnapshot> collectSnapshot(StreamObserver<Commands> answer) {
			return new Recorder<>(FakeCollector.this.snapshots, answer);
		}

		@Override
		public void reportTaskFinish(ProfileTaskFinishReport request, StreamObserver<Commands> answer) {
			FakeCollector.this.finishedTasks.add(request);
			ok(answer);
		}

	}

	private final class Configuration extends ConfigurationDiscoveryServiceGrpc.ConfigurationDiscoveryServiceImplBase {

		@Override
		public void fetchConfigurations(ConfigurationSyncRequest request, StreamObserver<Commands> answer) {
			FakeCollector.this.configurationRequests.add(request);
			answer.onNext(FakeCollector.this.commands);
			answer.onCompleted();
		}

	}

}
