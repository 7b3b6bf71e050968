package dev.apm4j.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The format of {@link UsageFile}, version 1. Numbers are big-endian, times are seconds
 * since 1970, 0 is never.
 *
 * <pre>
 * 8 bytes   APM4JUSE
 * int       version, 1
 * int       number of methods, n
 * long      when calls were recorded first
 * long      until when the recorded time is counted
 * long      for how many seconds calls were recorded
 * n times, by ascending hash:
 *   long    {@link UsageHistory#hash(MethodKey) hash} of the method
 *   int     known since
 *   int     known until: when it was last in a code base
 *   int     first called
 *   int     last called
 * int       CRC-32C of all before
 * </pre>
 */
final class UsageFileFormat {

	private static final byte[] MAGIC = "APM4JUSE".getBytes(StandardCharsets.US_ASCII);

	private static final int VERSION = 1;

	private static final int HEADER = 8 + 4 + 4 + 3 * 8;

	private static final int METHOD = 8 + 4 * 4;

	private static final int CHECKSUM = 4;

	/** The most methods, that is a file of at most 46 MiB. */
	private static final int MOST = 2_000_000;

	private final int mostMethods;

	UsageFileFormat(int mostMethods) {
		this.mostMethods = Math.min(mostMethods, MOST);
	}

	int mostMethods() {
		return this.mostMethods;
	}

	ByteBuffer encode(UsageHistory history) {
		ByteBuffer content = ByteBuffer.allocate(HEADER + METHOD * history.size() + CHECKSUM);
		RecordedTime recorded = history.recorded();
		content.put(MAGIC).putInt(VERSION).putInt(history.size());
		content.putLong(recorded.since()).putLong(recorded.until()).putLong(recorded.seconds());
		MethodTimes times = history.times();
		for (int i = 0; i < history.size(); i++) {
			content.putLong(history.hash(i));
			content.putInt((int) times.knownSince(i)).putInt((int) times.knownUntil(i));
			content.putInt((int) times.firstCalled(i)).putInt((int) times.lastCalled(i));
		}
		content.putInt(checksum(content));
		return content.flip();
	}

	/**
	 * Reads a file.
	 * @param file the file
	 * @return what is in it; nothing if it is empty
	 * @throws DamagedException if it is ours and damaged
	 * @throws IOException if it can't be read, is not ours, or is of a newer version
	 */
	UsageHistory read(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file)) {
			long size = channel.size();
			ByteBuffer head = read(channel, (int) Math.min(size, HEADER));
			expectOurs(file, head.duplicate());
			if (size == 0) {
				return UsageHistory.EMPTY;
			}
			int methods = (size < HEADER) ? 0 : head.getInt(12);
			long expected = HEADER + (long) METHOD * methods + CHECKSUM;
			if (methods < 0 || methods > MOST || size != expected) {
				throw new DamagedException("it has %d bytes where it should have %d".formatted(size, expected));
			}
			return decode(read(channel.position(0), (int) size));
		}
	}

	private static UsageHistory decode(ByteBuffer content) throws DamagedException {
		int end = content.limit() - CHECKSUM;
		if (content.getInt(end) != checksum(content.duplicate().position(end))) {
			throw new DamagedException("its checksum is wrong");
		}
		content.position(HEADER - 3 * 8);
		RecordedTime recorded = new RecordedTime(content.getLong(), content.getLong(), content.getLong());
		UsageHistory.Builder methods = new UsageHistory.Builder((end - HEADER) / METHOD);
		while (content.position() < end) {
			methods.add(content.getLong(), time(content), time(content), time(content), time(content));
		}
		return methods.build(recorded);
	}

	private static long time(ByteBuffer content) {
		return Integer.toUnsignedLong(content.getInt());
	}

	private static void expectOurs(Path file, ByteBuffer head) throws IOException {
		int length = Math.min(head.remaining(), MAGIC.length);
		ByteBuffer magic = ByteBuffer.wrap(MAGIC, 0, length);
		if (!head.slice(0, length).equals(magic)) {
			throw new IOException(file + " is not a file of recorded calls and is left as it is");
		}
		if (head.remaining() >= 12 && head.getInt(8) > VERSION) {
			throw new IOException(file + " is of a newer version and is left as it is");
		}
		if (head.remaining() >= 12 && head.getInt(8) != VERSION) {
			throw new DamagedException("it has no version");
		}
	}

	private static ByteBuffer read(FileChannel channel, int length) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(length);
		while (buffer.hasRemaining()) {
			if (channel.read(buffer) < 0) {
				throw new DamagedException("it ends while being read");
			}
		}
		return buffer.flip();
	}

	/** Of what was written, that is up to the position. */
	private static int checksum(ByteBuffer content) {
		CRC32C checksum = new CRC32C();
		checksum.update(content.array(), 0, content.position());
		return (int) checksum.getValue();
	}

	/** Says that a file of ours is damaged. */
	static final class DamagedException extends IOException {

		private static final long serialVersionUID = 1L;

		DamagedException(String message) {
			super(message);
		}

	}

}
