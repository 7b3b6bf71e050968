package dev.apm4j.benchmarks.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The application, running.
 */
final class ApplicationProcess implements AutoCloseable {

	private static final long START_TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(5);

	private static final byte[] FIGURES = HttpConnection.request("/figures");

	private final Process process;

	private final int port;

	private final Path log;

	private final long started = System.nanoTime();

	private double startSeconds;

	private double startCpuSeconds;

	/**
	 * Starts it.
	 * @param variant how it is traced
	 * @param options of this measurement
	 * @param collector address of the local collector
	 * @throws IOException if it can't be started
	 */
	ApplicationProcess(Variant variant, Options options, String collector) throws IOException {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = free.getLocalPort();
		}
		List<String> command = new ArrayList<>();
		command.add(options.java().resolve("bin/java").toString());
		command.addAll(options.jvmArguments());
		command.addAll(variant.arguments(options.applications(), collector, this.port));
		this.log = Files.createTempFile("whole-application-" + variant.option() + "-", ".log");
		this.process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(this.log.toFile()).start();
	}

	int port() {
		return this.port;
	}

	double startSeconds() {
		return this.startSeconds;
	}

	double startCpuSeconds() {
		return this.startCpuSeconds;
	}

	/**
	 * Looks whether it answers by now.
	 * @return whether it does
	 * @throws IOException if it has ended, or does not come up
	 */
	boolean isReady() throws IOException {
		if (!this.process.isAlive() || System.nanoTime() - this.started > START_TIMEOUT_NANOS) {
			throw new IOException("does not start:\n" + Files.readString(this.log));
		}
		try {
			get("/ping");
			this.startSeconds = (System.nanoTime() - this.started) / 1e9;
			this.startCpuSeconds = cpuSeconds();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	ProcessFigures figures() throws IOException {
		try (HttpConnection connection = new HttpConnection(this.port)) {
			return ProcessFigures.of(this.process.pid(), connection.get(FIGURES));
		}
	}

	String get(String path) throws IOException {
		try (HttpConnection connection = new HttpConnection(this.port)) {
			return new String(connection.get(HttpConnection.request(path)), StandardCharsets.UTF_8);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(15, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
			Files.delete(this.log);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** With the compilers and with threads that have ended; in ticks of 10 ms. */
	private double cpuSeconds() throws IOException {
		String stat = Files.readString(Path.of("/proc/" + this.process.pid() + "/stat"));
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
	}

}
