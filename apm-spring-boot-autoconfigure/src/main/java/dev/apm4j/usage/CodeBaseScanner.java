package dev.apm4j.usage;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the methods that count in directories and archives, without loading a class.
 * <p>
 * Of every class the file counts that this JVM would load: the first on the class path,
 * and of a multi-release jar the one for this Java. What can't be read is counted, said
 * in the log, and never listed.
 * <p>
 * A scan runs once, on its caller's thread; {@link #progress()} and {@link #cancel()} are
 * for any thread.
 */
final class CodeBaseScanner {

	private static final Logger logger = LoggerFactory.getLogger(CodeBaseScanner.class);

	private final Supplier<List<Path>> locations;

	private final MethodFilter filter;

	private final FileScan files;

	private final ScanResult result;

	private volatile ScanProgress progress = new ScanProgress(ScanProgress.State.WAITING, 0, 0, 0, null);

	private volatile boolean cancelled;

	private long startedNanos;

	private int classes;

	private @Nullable String firstUnreadable;

	/**
	 * Makes a scan.
	 * @param settings what to scan; where they name no code base, the locations
	 * @param filter decides what counts
	 * @param locations where the application's classes come from, see
	 * {@link CodeLocations}; only asked for by the scan, as it takes time to find out
	 */
	CodeBaseScanner(ScanSettings settings, MethodFilter filter, Supplier<List<Path>> locations) {
		boolean given = !settings.codeBase().isEmpty();
		this.locations = given ? settings::codeBase : locations;
		this.filter = filter;
		this.result = new ScanResult(settings.maxMethods());
		this.files = new FileScan(given, settings.packages(), filter, new Sink());
	}

	/**
	 * Scans.
	 * @return the code base, perhaps without methods
	 * @throws CancellationException if it was cancelled, or the thread was interrupted
	 */
	CodeBase scan() {
		this.startedNanos = System.nanoTime();
		try {
			report(ScanProgress.State.RUNNING, null);
			List<Path> found = this.locations.get();
			for (Path location : found) {
				scan(location);
			}
			CodeBase codeBase = this.result.codeBase();
			report(ScanProgress.State.DONE, null);
			log(codeBase, found);
			return codeBase;
		}
		catch (CancellationException ex) {
			report(ScanProgress.State.CANCELLED, null);
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			report(ScanProgress.State.FAILED, ex.toString());
			throw ex;
		}
	}

	/**
	 * How far it is. For any thread.
	 * @return the progress, at most as old as the last class file
	 */
	ScanProgress progress() {
		return this.progress;
	}

	/** Ends the scan soon. For any thread. */
	void cancel() {
		this.cancelled = true;
	}

	private void scan(Path location) {
		try {
			this.files.scan(location);
		}
		catch (ClosedChannelException ex) {
			throw new CancellationException("The scan was interrupted");
		}
		catch (IOException ex) {
			unreadable(location.toString(), ex.toString());
		}
	}

	private void unreadable(String location, String reason) {
		this.result.unreadable();
		if (this.firstUnreadable == null) {
			this.firstUnreadable = location + " (" + reason + ")";
		}
		logger.debug("{} can't be read: {}", location, reason);
	}

	private void log(CodeBase codeBase, List<Path> found) {
		logger.debug("Found {} methods in {}", codeBase.methods().size(), found);
		if (codeBase.unreadable() > 0) {
			logger.warn("Methods of {} class files or archives are not in the code base, as they can't be read: {}{}",
					codeBase.unreadable(), this.firstUnreadable, (codeBase.unreadable() > 1) ? ", ..." : "");
		}
		if (codeBase.leftOut() > 0) {
			logger.warn("{} methods are not in the code base, as there may be {} at most", codeBase.leftOut(),
					codeBase.methods().size());
		}
	}

	private void report(ScanProgress.State state, @Nullable String failure) {
		long millis = (System.nanoTime() - this.startedNanos) / 1_000_000;
		this.progress = new ScanProgress(state, this.classes, this.result.size(), millis, failure);
	}

	private final class Sink implements ClassFileSink {

		@Override
		public void classFile(String location, String path, byte[] bytes) {
			ClassOutline type = ClassOutline.read(bytes);
			if (type == null) {
				CodeBaseScanner.this.unreadable(location, "it is no class file, or one of a newer Java");
			}
			else if (("/" + path).endsWith("/" + type.name().replace('.', '/'))) {
				CodeBaseScanner.this.result.add(type.name(), CodeBaseScanner.this.filter.methods(type));
			}
			CodeBaseScanner.this.classes++;
			report(ScanProgress.State.RUNNING, null);
		}

		@Override
		public void unreadable(String location, Exception reason) {
			CodeBaseScanner.this.unreadable(location, reason.toString());
		}

		@Override
		public void endIfCancelled() {
			if (CodeBaseScanner.this.cancelled || Thread.currentThread().isInterrupted()) {
				throw new CancellationException("The scan was cancelled");
			}
		}

	}

}
