package dev.apm4j.export;

/**
 * Makes the pipeline's threads: they never keep the JVM alive and inherit no thread-local
 * of the thread that happened to start them.
 */
final class PipelineThreads {

	private PipelineThreads() {
	}

	static Thread create(String name, Runnable task) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		return thread;
	}

}
