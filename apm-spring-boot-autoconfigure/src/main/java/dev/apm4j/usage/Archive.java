package dev.apm4j.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;

/**
 * A jar or war. Reads its directory and then only what is asked for, also of a jar within
 * a jar: the JDK's means would unpack all of an archive inside another one to find out
 * that it has nothing of interest. Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7,
 * 4.3.12 to 4.3.16 and 4.5.3.
 * <p>
 * For one thread. What the archive says of itself is checked against its size and
 * {@link #LARGEST_DIRECTORY bounds}; whatever is wrong ends in an {@link IOException}.
 */
final class Archive {

	/** The largest archive that is unpacked into memory, to look into it, in bytes. */
	static final int LARGEST_UNPACKED = 128 << 20;

	/** The largest class file or manifest, in bytes. */
	static final int LARGEST_FILE = 16 << 20;

	private static final int LARGEST_DIRECTORY = 64 << 20;

	private static final int STORED = 0;

	private static final int DEFLATED = 8;

	private static final int ENCRYPTED = 1;

	private static final int END = 0x06054b50;

	private static final int END_64 = 0x06064b50;

	private static final int END_64_LOCATOR = 0x07064b50;

	private static final int ENTRY = 0x02014b50;

	private static final int LOCAL_HEADER = 0x04034b50;

	private static final int END_SIZE = 22;

	private static final int END_64_SIZE = 56;

	private static final int END_64_LOCATOR_SIZE = 20;

	private static final int ENTRY_SIZE = 46;

	private static final int LOCAL_HEADER_SIZE = 30;

	private static final int EXTRA_64 = 1;

	private static final long UNKNOWN = 0xFFFFFFFFL;

	private final ByteRegion bytes;

	/** How many bytes, such as a start script, are before the archive. */
	private long start;

	private final List<Entry> entries;

	private Archive(ByteRegion bytes, Predicate<String> wanted) throws IOException {
		this.bytes = bytes;
		this.entries = readDirectory(wanted);
	}

	/**
	 * Opens an archive.
	 * @param bytes its bytes, which must stay readable
	 * @param wanted accepts the names of entries that may be asked for
	 * @return the archive
	 * @throws IOException if it is none
	 */
	static Archive open(ByteRegion bytes, Predicate<String> wanted) throws IOException {
		return new Archive(bytes, wanted);
	}

	List<Entry> entries() {
		return this.entries;
	}

	@Nullable Entry entry(String name) {
		return this.entries.stream().filter((entry) -> entry.name().equals(name)).findFirst().orElse(null);
	}

	/**
	 * Unpacks an entry.
	 * @param entry the entry
	 * @param limit the largest that it may be, in bytes
	 * @return its bytes
	 * @throws IOException if it cannot be read, or is larger
	 */
	byte[] read(Entry entry, int limit) throws IOException {
		if (entry.size() > limit || entry.packedSize() > limit) {
			throw new ZipException("Entry of %d bytes is too large to be read".formatted(entry.size()));
		}
		byte[] packed = this.bytes.read(position(entry), (int) entry.packedSize());
		return entry.isStored() ? packed : inflate(packed, (int) entry.size());
	}

	/**
	 * Opens up an archive inside this one, without copying it if it is stored as it is.
	 * @param entry the entry
	 * @return its bytes
	 * @throws IOException if it cannot be read, or is too large to be unpacked
	 */
	ByteRegion open(Entry entry) throws IOException {
		if (entry.isStored()) {
			return this.bytes.part(position(entry), entry.packedSize());
		}
		return ByteRegion.of(read(entry, LARGEST_UNPACKED));
	}

	private long position(Entry entry) throws IOException {
		if (entry.encrypted() || (entry.method() != STORED && entry.method() != DEFLATED)) {
			throw new ZipException("Entry is encrypted, or packed by method " + entry.method());
		}
		ByteBuffer header = buffer(this.start + entry.offset(), LOCAL_HEADER_SIZE);
		expect(header, LOCAL_HEADER);
		int nameLength = Short.toUnsignedInt(header.getShort(26));
		int extraLength = Short.toUnsignedInt(header.getShort(28));
		return this.start + entry.offset() + LOCAL_HEADER_SIZE + nameLength + extraLength;
	}

	private static byte[] inflate(byte[] packed, int size) throws IOException {
		Inflater inflater = new Inflater(true);
		try {
			inflater.setInput(packed);
			byte[] unpacked = new byte[size];
			int length = 0;
			while (length < size) {
				int count = inflater.inflate(unpacked, length, size - length);
				if (count == 0) {
					throw new ZipException("Entry is shorter than it says");
				}
				length += count;
			}
			return unpacked;
		}
		catch (DataFormatException ex) {
			throw new IOException("Entry is damaged", ex);
		}
		finally {
			inflater.end();
		}
	}

	private List<Entry> readDirectory(Predicate<String> wanted) throws IOException {
		long end = findEnd();
		ByteBuffer record = buffer(end, END_SIZE);
		long size = Integer.toUnsignedLong(record.getInt(12));
		long offset = Integer.toUnsignedLong(record.getInt(16));
		long end64 = findEnd64(end);
		if (end64 >= 0) {
			ByteBuffer record64 = buffer(end64, END_64_SIZE);
			expect(record64, END_64);
			size = record64.getLong(40);
			offset = record64.getLong(48);
			end = end64;
		}
		if (size < 0 || size > LARGEST_DIRECTORY) {
			throw new ZipException("Directory of %d bytes is too large".formatted(size));
		}
		this.start = end - size - offset;
		if (this.start < 0) {
			throw new ZipException("Directory is not where it should be");
		}
		return readEntries(buffer(end - size, (int) size), wanted);
	}

	private long findEnd() throws IOException {
		long size = this.bytes.size();
		int length = (int) Math.min(size, END_SIZE + 0xFFFF);
		if (length < END_SIZE) {
			throw new ZipException("Is too short to be an archive");
		}
		ByteBuffer tail = buffer(size - length, length);
		for (int i = length - END_SIZE; i >= 0; i--) {
			if (tail.getInt(i) == END && Short.toUnsignedInt(tail.getShort(i + 20)) == length - END_SIZE - i) {
				return size - length + i;
			}
		}
		throw new ZipException("Is not an archive");
	}

	private long findEnd64(long end) throws IOException {
		long position = end - END_64_LOCATOR_SIZE;
		if (position < END_64_SIZE || buffer(position, 4).getInt(0) != END_64_LOCATOR) {
			return -1;
		}
		// where the record is by its own count can't be told with something before it
		return position - END_64_SIZE;
	}

	private static List<Entry> readEntries(ByteBuffer directory, Predicate<String> wanted) throws IOException {
		List<Entry> entries = new ArrayList<>();
		byte[] bytes = directory.array();
		int position = 0;
		while (directory.limit() - position >= ENTRY_SIZE) {
			directory.position(position);
			expect(directory.slice().order(ByteOrder.LITTLE_ENDIAN), ENTRY);
			int nameLength = Short.toUnsignedInt(directory.getShort(position + 28));
			int extraLength = Short.toUnsignedInt(directory.getShort(position + 30));
			int commentLength = Short.toUnsignedInt(directory.getShort(position + 32));
			int extra = position + ENTRY_SIZE + nameLength;
			int next = extra + extraLength + commentLength;
			if (next > directory.limit()) {
				throw new ZipException("Directory is cut off");
			}
			String name = new String(bytes, position + ENTRY_SIZE, nameLength, StandardCharsets.UTF_8);
			if (wanted.test(name)) {
				entries.add(entry(directory, position, name, extra, extraLength));
			}
			position = next;
		}
		return entries;
	}

	private static Entry entry(ByteBuffer directory, int position, String name, int extra, int extraLength)
			throws IOException {
		long[] values = { Integer.toUnsignedLong(directory.getInt(position + 24)),
				Integer.toUnsignedLong(directory.getInt(position + 20)),
				Integer.toUnsignedLong(directory.getInt(position + 42)) };
		replaceUnknown(values, directory, extra, extraLength);
		boolean encrypted = (directory.getShort(position + 8) & ENCRYPTED) != 0;
		return new Entry(name, Short.toUnsignedInt(directory.getShort(position + 10)), encrypted, values[0], values[1],
				values[2]);
	}

	private static void replaceUnknown(long[] values, ByteBuffer directory, int extra, int extraLength)
			throws IOException {
		int position = extra;
		while (position + 4 <= extra + extraLength) {
			int length = Short.toUnsignedInt(directory.getShort(position + 2));
			int from = position + 4;
			int to = from + length;
			if (directory.getShort(position) == EXTRA_64) {
				for (int i = 0; i < values.length; i++) {
					if (values[i] == UNKNOWN && from + 8 <= Math.min(to, extra + extraLength)) {
						values[i] = directory.getLong(from);
						from += 8;
					}
				}
			}
			position = to;
		}
		for (long value : values) {
			if (value < 0) {
				throw new ZipException("Entry has a negative size or place");
			}
		}
	}

	private ByteBuffer buffer(long offset, int length) throws IOException {
		return ByteBuffer.wrap(this.bytes.read(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
	}

	private static void expect(ByteBuffer record, int signature) throws IOException {
		if (record.getInt(0) != signature) {
			throw new ZipException("Directory is damaged");
		}
	}

	/**
	 * An entry of the archive.
	 *
	 * @param name its name
	 * @param method how it is packed
	 * @param encrypted whether it is encrypted
	 * @param size its size in bytes
	 * @param packedSize its size in the archive in bytes
	 * @param offset where its header is
	 */
	record Entry(String name, int method, boolean encrypted, long size, long packedSize, long offset) {

		boolean isStored() {
			return this.method == STORED;
		}

	}

}
