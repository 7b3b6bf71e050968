package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLException;

import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection at a time to one of several servers, the first of them picked at random.
 * Names are resolved here and not by gRPC, at each new connection: so a connection is
 * given up without gRPC's own back-off, which grows to minutes, and no thread of gRPC's
 * shared pools is used. Thread-safe.
 */
final class GrpcConnections {

	private static final Metadata.Key<String> AUTHENTICATION = Metadata.Key.of("authentication",
			Metadata.ASCII_STRING_MARSHALLER);

	private static final long MAX_CONNECT_MILLIS = 5000;

	private final ChannelSettings settings;

	private final Resolver resolver;

	/** The servers in the order in which they are tried, again and again. */
	private final List<ServerAddress> servers;

	private final AtomicLong count = new AtomicLong();

	private final Deque<Target> targets = new ArrayDeque<>();

	private @Nullable EventLoopGroup group;

	private @Nullable SslContext sslContext;

	private @Nullable Connection current;

	private boolean closed;

	GrpcConnections(ChannelSettings settings, Resolver resolver) {
		this.settings = settings;
		this.resolver = resolver;
		this.servers = new ArrayList<>(settings.addresses());
		Collections.shuffle(this.servers);
	}

	/**
	 * The connection to use, which may have to be made by its first call.
	 * @return the connection
	 * @throws IOException if no server's name can be resolved
	 */
	synchronized Connection current() throws IOException {
		if (this.closed) {
			throw new IOException("the connection is closed");
		}
		Connection connection = this.current;
		if (connection == null) {
			connection = connect(next());
			this.current = connection;
		}
		return connection;
	}

	/**
	 * Gives up a connection: the next call goes to the next server. Calls that run on it
	 * come to their end.
	 * @param failed the connection
	 */
	synchronized void abandon(Connection failed) {
		if (this.current == failed) {
			this.current = null;
		}
		failed.channel().shutdown();
	}

	/** How often a connection was made. */
	long count() {
		return this.count.get();
	}

	/**
	 * Gives up the connection if the name of its server stands for other addresses now.
	 */
	void refresh() {
		Connection connection;
		synchronized (this) {
			connection = this.current;
		}
		if (connection == null) {
			return;
		}
		try {
			Set<InetAddress> now = Set.of(this.resolver.resolve(connection.target().server().host()));
			if (!now.contains(connection.target().address().getAddress())) {
				abandon(connection);
			}
		}
		catch (UnknownHostException ex) {
			// What works goes on working while name servers don't.
		}
	}

	private Target next() throws IOException {
		if (this.targets.isEmpty()) {
			resolve();
		}
		return this.targets.remove();
	}

	private void resolve() throws IOException {
		UnknownHostException failure = null;
		for (ServerAddress server : this.servers) {
			try {
				List<InetAddress> found = new ArrayList<>(List.of(this.resolver.resolve(server.host())));
				if (!found.get(0).isLoopbackAddress()) {
					Collections.shuffle(found);
				}
				found.forEach((address) -> this.targets
					.add(new Target(server, new InetSocketAddress(address, server.port()))));
			}
			catch (UnknownHostException ex) {
				failure = ex;
			}
		}
		if (this.targets.isEmpty()) {
			throw new IOException(this.servers + " cannot be reached: the name cannot be resolved", failure);
		}
	}

	private Connection connect(Target target) throws SSLException {
		TlsSettings tls = this.settings.tls();
		long connectMillis = Math.min(MAX_CONNECT_MILLIS, Math.max(1, this.settings.deadline().toMillis()));
		NettyChannelBuilder builder = NettyChannelBuilder.forAddress(target.address())
			.overrideAuthority(target.server().toString())
			.eventLoopGroup(group())
			.channelType(NioSocketChannel.class)
			.withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectMillis)
			.directExecutor()
			.offloadExecutor(Runnable::run)
			.maxInboundMessageSize(this.settings.maxMessageSize())
			.userAgent("apm4j")
			.disableRetry();
		if (tls != null) {
			builder.sslContext(sslContext(tls));
		}
		else {
			builder.usePlaintext();
		}
		String token = this.settings.token();
		if (token != null) {
			builder.intercept(authentication(token));
		}
		ManagedChannel channel = builder.build();
		watch(channel, ConnectivityState.IDLE);
		return new Connection(channel, target);
	}

	private static ClientInterceptor authentication(String token) {
		Metadata metadata = new Metadata();
		metadata.put(AUTHENTICATION, token);
		return MetadataUtils.newAttachHeadersInterceptor(metadata);
	}

	private void watch(ManagedChannel channel, ConnectivityState state) {
		channel.notifyWhenStateChanged(state, () -> {
			ConnectivityState now = channel.getState(false);
			if (now == ConnectivityState.READY) {
				this.count.incrementAndGet();
			}
			if (now != ConnectivityState.SHUTDOWN) {
				watch(channel, now);
			}
		});
	}

	private EventLoopGroup group() {
		EventLoopGroup present = this.group;
		if (present == null) {
			present = new NioEventLoopGroup(1, GrpcConnections::thread);
			this.group = present;
		}
		return present;
	}

	private static Thread thread(Runnable runnable) {
		Thread thread = new Thread(null, runnable, "apm-skywalking-grpc", 0, false);
		thread.setDaemon(true);
		return thread;
	}

	private SslContext sslContext(TlsSettings tls) throws SSLException {
		SslContext present = this.sslContext;
		if (present == null) {
			SslContextBuilder builder = SslContextBuilder.forClient();
			if (tls.trust() != null) {
				builder.trustManager(tls.trust());
			}
			if (tls.key() != null) {
				builder.keyManager(tls.key());
			}
			// The JDK's own: a native library of the application's may be too old.
			present = GrpcSslContexts.configure(builder, SslProvider.JDK).build();
			this.sslContext = present;
		}
		return present;
	}

	void close(Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		Connection connection;
		EventLoopGroup loops;
		synchronized (this) {
			this.closed = true;
			connection = this.current;
			this.current = null;
			loops = this.group;
		}
		// The loop ends whatever becomes of the waiting: who closes may be out of time,
		// and interrupted already.
		try {
			if (connection != null) {
				connection.channel().shutdownNow();
				connection.channel().awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (loops == null) {
			return;
		}
		Future<?> ended = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
		try {
			ended.await(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Knows the addresses of a name.
	 */
	@FunctionalInterface
	interface Resolver {

		/**
		 * Resolves a name, or an address.
		 * @param host the name
		 * @return its addresses, at least one
		 * @throws UnknownHostException if there are none
		 */
		InetAddress[] resolve(String host) throws UnknownHostException;

	}

	/**
	 * One address of a server.
	 *
	 * @param server the server as it is configured
	 * @param address one of the addresses that its name stands for
	 */
	record Target(ServerAddress server, InetSocketAddress address) {
	}

	/**
	 * A connection, not necessarily made yet.
	 *
	 * @param channel the channel
	 * @param target where it leads
	 */
	record Connection(ManagedChannel channel, Target target) {
	}

}
