package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ConfigurationDiscoveryServiceGrpc;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.EventServiceGrpc;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.JVMMetricReportServiceGrpc;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.LogReportServiceGrpc;
import dev.apm4j.skywalking.proto.ManagementServiceGrpc;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.MeterReportServiceGrpc;
import dev.apm4j.skywalking.proto.ProfileTaskCommandQuery;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.ProfileTaskGrpc;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import dev.apm4j.skywalking.proto.TraceSegmentReportServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * SkyWalking's own way, gRPC on 11800: carries everything. A call that fails for a reason
 * which another server may not have is tried there at once, on each server once.
 */
public final class GrpcTransport implements SkyWalkingTransport {

	/** Bounds the time of one call, however many servers there are. */
	private static final int MAX_ATTEMPTS = 5;

	private final ChannelSettings settings;

	private final GrpcConnections connections;

	/**
	 * Creates a transport that connects when something is sent.
	 * @param settings where to and how
	 */
	public GrpcTransport(ChannelSettings settings) {
		this(settings, InetAddress::getAllByName);
	}

	GrpcTransport(ChannelSettings settings, GrpcConnections.Resolver resolver) {
		this.settings = settings;
		this.connections = new GrpcConnections(settings, resolver);
	}

	@Override
	public void segments(List<SegmentObject> segments) throws Exception {
		try {
			separately(TraceSegmentReportServiceGrpc.getCollectMethod(), segments);
		}
		catch (UnsupportedSignalException ex) {
			throw new IOException(ex.getMessage() + ": is it a SkyWalking server?", ex);
		}
	}

	@Override
	public void properties(InstanceProperties properties) throws Exception {
		try {
			unary(ManagementServiceGrpc.getReportInstancePropertiesMethod(), properties);
		}
		catch (UnsupportedSignalException ex) {
			throw new IOException(ex.getMessage() + ": is it a SkyWalking server?", ex);
		}
	}

	@Override
	public void keepAlive(InstancePingPkg ping) throws Exception {
		try {
			unary(ManagementServiceGrpc.getKeepAliveMethod(), ping);
		}
		catch (UnsupportedSignalException ex) {
			throw new IOException(ex.getMessage() + ": is it a SkyWalking server?", ex);
		}
	}

	@Override
	public void logs(List<LogData> logs) throws Exception {
		separately(LogReportServiceGrpc.getCollectMethod(), logs);
	}

	@Override
	public void jvmMetrics(JVMMetricCollection metrics) throws Exception {
		unary(JVMMetricReportServiceGrpc.getCollectMethod(), metrics);
	}

	@Override
	public void meters(List<MeterData> meters) throws Exception {
		stream(MeterReportServiceGrpc.getCollectMethod(), meters, this.settings.deadline());
	}

	@Override
	public void event(Event event, Duration timeout) throws Exception {
		Duration deadline = this.settings.deadline();
		stream(EventServiceGrpc.getCollectMethod(), List.of(event),
				(timeout.compareTo(deadline) < 0) ? timeout : deadline);
	}

	@Override
	public void snapshots(List<ThreadSnapshot> snapshots) throws Exception {
		separately(ProfileTaskGrpc.getCollectSnapshotMethod(), snapshots);
	}

	@Override
	public Commands profileTasks(ProfileTaskCommandQuery query) throws Exception {
		return unary(ProfileTaskGrpc.getGetProfileTaskCommandsMethod(), query);
	}

	@Override
	public void profileTaskFinished(ProfileTaskFinishReport report) throws Exception {
		unary(ProfileTaskGrpc.getReportTaskFinishMethod(), report);
	}

	@Override
	public Commands configuration(ConfigurationSyncRequest request) throws Exception {
		return unary(ConfigurationDiscoveryServiceGrpc.getFetchConfigurationsMethod(), request);
	}

	@Override
	public long connections() {
		return this.connections.count();
	}

	@Override
	public void refreshAddresses() {
		this.connections.refresh();
	}

	@Override
	public void close(Duration timeout) {
		this.connections.close(timeout);
	}

	private <M> Commands unary(MethodDescriptor<M, Commands> method, M request) throws Exception {
		Duration deadline = this.settings.deadline();
		return call((channel) -> ClientCalls.blockingUnaryCall(channel, method, options(deadline), request));
	}

	/** Messages that mean something without each other. */
	private <M> void separately(MethodDescriptor<M, Commands> method, List<M> messages) throws Exception {
		Halves.send(messages, (some) -> stream(method, some, this.settings.deadline()));
	}

	private <M> void stream(MethodDescriptor<M, Commands> method, List<M> messages, Duration deadline)
			throws Exception {
		if (!messages.isEmpty()) {
			call((channel) -> send(channel, method, messages, deadline));
		}
	}

	private <M> Commands send(Channel channel, MethodDescriptor<M, Commands> method, List<M> messages,
			Duration deadline) throws InterruptedException {
		Answer answer = new Answer();
		StreamObserver<M> request = ClientCalls.asyncClientStreamingCall(channel.newCall(method, options(deadline)),
				answer);
		try {
			for (M message : messages) {
				request.onNext(message);
			}
			request.onCompleted();
		}
		catch (IllegalStateException ex) {
			// The call has ended before all was sent: the answer says why.
		}
		try {
			// gRPC itself keeps the deadline; a little more, for the case that it does
			// not.
			return answer.get(deadline.plusSeconds(5));
		}
		catch (InterruptedException ex) {
			request.onError(Status.CANCELLED.withDescription("interrupted").asRuntimeException());
			throw ex;
		}
	}

	private static CallOptions options(Duration deadline) {
		return CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
	}

	private Commands call(Call call) throws Exception {
		Set<InetSocketAddress> tried = new HashSet<>();
		Exception failure = null;
		while (tried.size() < MAX_ATTEMPTS) {
			GrpcConnections.Connection connection = this.connections.current();
			if (!tried.add(connection.target().address())) {
				break;
			}
			try {
				return call.on(connection.channel());
			}
			catch (StatusRuntimeException ex) {
				failure = GrpcFailure.translate(ex, connection.target().server(), this.settings);
				if (Thread.currentThread().isInterrupted()) {
					throw new InterruptedIOException("interrupted while sending to " + connection.target().server());
				}
				if (GrpcFailure.mayBeTheServers(ex.getStatus())) {
					this.connections.abandon(connection);
				}
				if (!GrpcFailure.isWorthAnotherServer(ex.getStatus())) {
					break;
				}
			}
		}
		throw (failure != null) ? failure : new IOException("no server left to try");
	}

	@FunctionalInterface
	private interface Call {

		Commands on(Channel channel) throws InterruptedException;

	}

	/** What the server has to say at the end of a stream. */
	private static final class Answer implements StreamObserver<Commands> {

		private final CompletableFuture<Commands> result = new CompletableFuture<>();

		private volatile @Nullable Commands commands;

		@Override
		public void onNext(Commands value) {
			this.commands = value;
		}

		@Override
		public void onError(Throwable throwable) {
			this.result.completeExceptionally(throwable);
		}

		@Override
		public void onCompleted() {
			Commands answered = this.commands;
			this.result.complete((answered != null) ? answered : Commands.getDefaultInstance());
		}

		Commands get(Duration timeout) throws InterruptedException {
			try {
				return this.result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (ExecutionException ex) {
				Throwable cause = ex.getCause();
				throw (cause instanceof StatusRuntimeException status) ? status
						: Status.UNKNOWN.withCause(cause).asRuntimeException();
			}
			catch (TimeoutException ex) {
				throw Status.DEADLINE_EXCEEDED.asRuntimeException();
			}
		}

	}

}
