package dev.apm4j.benchmarks.application;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Paced requests to two applications at the same time. Each connection has one request
 * under way; one that is late goes out at once, and the schedule goes on from there, so
 * that a pause is not followed by a burst.
 */
final class Load implements AutoCloseable {

	private static final int KEYS = 1000;

	private final int connections;

	private final ExecutorService threads;

	/**
	 * Creates one.
	 * @param connections to each application
	 */
	Load(int connections) {
		this.connections = connections;
		this.threads = Executors.newFixedThreadPool(2 * connections, (task) -> {
			Thread thread = new Thread(task, "load");
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Sends requests.
	 * @param ports of the two applications
	 * @param endpoint what is asked for
	 * @param rate requests a second to each application, 0 for as many as possible
	 * @param seconds how long
	 * @param most requests to each application
	 * @return the durations of the requests to each, in nanoseconds and in order
	 * @throws IOException if an answer is not as expected
	 * @throws InterruptedException if interrupted
	 */
	List<long[]> run(List<Integer> ports, Endpoint endpoint, int rate, double seconds, int most)
			throws IOException, InterruptedException {
		long start = System.nanoTime();
		long end = start + (long) (seconds * 1e9);
		long interval = (rate > 0) ? (long) (1e9 * this.connections / rate) : 0;
		List<List<Future<long[]>>> running = new ArrayList<>();
		for (int application = 0; application < ports.size(); application++) {
			List<Future<long[]>> ofOne = new ArrayList<>();
			for (int i = 0; i < this.connections; i++) {
				// The two applications are asked in turns, never both at once.
				long first = start + (2L * i + application) * interval / (2L * this.connections);
				ofOne.add(this.threads.submit(connection(ports.get(application), endpoint,
						new Schedule(first, interval, end, most / this.connections))));
			}
			running.add(ofOne);
		}
		List<long[]> durations = new ArrayList<>();
		for (List<Future<long[]>> ofOne : running) {
			long[] all = {};
			for (Future<long[]> one : ofOne) {
				long[] next = join(one);
				all = Arrays.copyOf(all, all.length + next.length);
				System.arraycopy(next, 0, all, all.length - next.length, next.length);
			}
			Arrays.sort(all);
			durations.add(all);
		}
		return durations;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	private static Callable<long[]> connection(int port, Endpoint endpoint, Schedule schedule) {
		byte[][] requests = new byte[endpoint.hasKey() ? KEYS : 1][];
		for (int i = 0; i < requests.length; i++) {
			requests[i] = HttpConnection.request(endpoint.path(i));
		}
		return () -> {
			long[] durations = new long[1024];
			int count = 0;
			try (HttpConnection connection = new HttpConnection(port)) {
				long due = schedule.first;
				for (long now = System.nanoTime(); now < schedule.end
						&& count < schedule.most; now = System.nanoTime()) {
					if (now < due) {
						LockSupport.parkNanos(due - now);
						continue;
					}
					connection.get(requests[count % requests.length]);
					if (count == durations.length) {
						durations = Arrays.copyOf(durations, 2 * count);
					}
					durations[count++] = System.nanoTime() - now;
					due = Math.max(due + schedule.interval, now);
				}
			}
			return Arrays.copyOf(durations, count);
		};
	}

	private static long[] join(Future<long[]> future) throws IOException, InterruptedException {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw new IOException(ex.getCause());
		}
	}

	private record Schedule(long first, long interval, long end, int most) {
	}

	/**
	 * What is asked for.
	 */
	enum Endpoint {

		PING("/ping"), ORDER("/order/{id}");

		private final String route;

		Endpoint(String route) {
			this.route = route;
		}

		String route() {
			return this.route;
		}

		boolean hasKey() {
			return this.route.contains("{id}");
		}

		String path(int key) {
			return this.route.replace("{id}", Integer.toString(key));
		}

	}

}
