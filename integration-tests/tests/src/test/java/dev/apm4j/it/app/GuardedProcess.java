package dev.apm4j.it.app;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process that a build which is cancelled takes with it.
 */
public final class GuardedProcess {

	private final Process process;

	private final Thread guard;

	private GuardedProcess(Process process) {
		this.process = process;
		this.guard = new Thread(process::destroyForcibly);
	}

	/**
	 * Starts a process.
	 * @param builder what to start
	 * @return the process
	 * @throws IOException if it can't be started
	 */
	public static GuardedProcess start(ProcessBuilder builder) throws IOException {
		GuardedProcess started = new GuardedProcess(builder.start());
		Runtime.getRuntime().addShutdownHook(started.guard);
		return started;
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Waits for the process to end by itself, and ends it if it doesn't.
	 * @param timeout how long
	 * @return its exit code
	 */
	public int awaitExit(Duration timeout) {
		try {
			boolean ended = this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
			stop();
			if (!ended) {
				throw new IllegalStateException("The process has not ended within " + timeout);
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Ends the process without a chance to say good-bye.
	 */
	public void stop() {
		this.process.destroyForcibly();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The process has not ended: " + this.process);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		Runtime.getRuntime().removeShutdownHook(this.guard);
	}

}
