package dev.apm4j.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the history of methods in a file, over restarts and crashes: whatever happens,
 * the file is what it was before or after a {@link #save}. Several processes may share
 * it; each adds what it knows, under a lock on a file of the same name with
 * {@code .lock}.
 * <p>
 * A file that is damaged is renamed, never overwritten. One that is not ours, or of a
 * newer version, is left as it is, and nothing is kept. Either is said in the log and by
 * {@link #problem()}. For one thread at a time.
 */
final class UsageFile {

	private static final Logger logger = LoggerFactory.getLogger(UsageFile.class);

	private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

	private static final Duration LOCK_INTERVAL = Duration.ofMillis(20);

	private final Path file;

	private final UsageFileFormat format;

	private volatile @Nullable String damage;

	private volatile @Nullable String failure;

	/**
	 * Makes a file.
	 * @param file where it is or is to be
	 * @param mostMethods how many methods are kept at most, 24 bytes each
	 */
	UsageFile(Path file, int mostMethods) {
		this.file = file.toAbsolutePath();
		this.format = new UsageFileFormat(mostMethods);
	}

	/**
	 * Reads the file.
	 * @return what is in it, nothing if there is none or it can't be read
	 */
	UsageHistory load() {
		return underLock(UsageHistory.EMPTY, this::read);
	}

	/**
	 * Adds what this process knows to the file.
	 * @param run what it knows
	 * @return what is known together with others, or only what was given if the file
	 * can't be read or written
	 */
	UsageHistory save(UsageHistory run) {
		return underLock(run, () -> {
			UsageHistory sum = read().plus(run, this.format.mostMethods());
			write(this.format.encode(sum));
			return sum;
		});
	}

	/**
	 * What is wrong with the file. For any thread.
	 * @return why nothing is kept, or what had to be set aside; {@code null} if nothing
	 * is wrong
	 */
	@Nullable String problem() {
		String current = this.failure;
		return (current != null) ? current : this.damage;
	}

	private UsageHistory underLock(UsageHistory otherwise, Access access) {
		try {
			Files.createDirectories(directory());
			Path lockFile = sibling(".lock");
			try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
					FileLock lock = lock(channel)) {
				UsageHistory history = access.run();
				this.failure = null;
				return history;
			}
		}
		catch (IOException | SecurityException ex) {
			String text = "Calls of methods are not kept over restarts: %s".formatted(ex);
			if (!text.equals(this.failure)) {
				this.failure = text;
				logger.warn(text);
			}
			return otherwise;
		}
	}

	private FileLock lock(FileChannel channel) throws IOException {
		long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
		FileLock lock = tryLock(channel);
		while (lock == null) {
			if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
				throw new IOException("another process has locked " + this.file);
			}
			LockSupport.parkNanos(LOCK_INTERVAL.toNanos());
			lock = tryLock(channel);
		}
		return lock;
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			// another context in this JVM
			return null;
		}
	}

	private UsageHistory read() throws IOException {
		if (!Files.exists(this.file)) {
			return UsageHistory.EMPTY;
		}
		try {
			return this.format.read(this.file);
		}
		catch (UsageFileFormat.DamagedException ex) {
			Path aside = setAside();
			this.damage = "%s was damaged (%s) and is now %s; what was known of earlier calls begins anew"
				.formatted(this.file, ex.getMessage(), aside.getFileName());
			logger.warn(this.damage);
			return UsageHistory.EMPTY;
		}
	}

	private Path setAside() throws IOException {
		int number = 1;
		while (Files.exists(sibling(".damaged-" + number), LinkOption.NOFOLLOW_LINKS)) {
			number++;
		}
		return Files.move(this.file, sibling(".damaged-" + number));
	}

	private void write(ByteBuffer content) throws IOException {
		Path target = Files.exists(this.file) ? this.file.toRealPath() : this.file;
		Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
		// left behind by a crash; whoever writes holds the lock
		Files.deleteIfExists(temporary);
		try {
			writeAndForce(temporary, content);
			Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			Files.deleteIfExists(temporary);
			throw ex;
		}
		forceDirectory(target.getParent());
	}

	private static void writeAndForce(Path path, ByteBuffer content) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			while (content.hasRemaining()) {
				channel.write(content);
			}
			channel.force(true);
		}
	}

	/** Makes the renaming last, where the operating system lets a directory be opened. */
	private static void forceDirectory(@Nullable Path directory) {
		if (directory == null) {
			return;
		}
		try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
		catch (IOException ex) {
			logger.debug("Directory {} can't be forced to disk", directory, ex);
		}
	}

	private Path directory() {
		Path parent = this.file.getParent();
		return (parent != null) ? parent : this.file;
	}

	private Path sibling(String suffix) {
		return this.file.resolveSibling(this.file.getFileName() + suffix);
	}

	private interface Access {

		UsageHistory run() throws IOException;

	}

}
