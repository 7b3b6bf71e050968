package dev.apm4j.usage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes of an archive: a file, a part of one, or what was unpacked from one.
 */
abstract class ByteRegion {

	private final long size;

	private ByteRegion(long size) {
		this.size = size;
	}

	static ByteRegion of(FileChannel file) throws IOException {
		return new InFile(file, 0, file.size());
	}

	static ByteRegion of(byte[] bytes) {
		return new InMemory(bytes, 0, bytes.length);
	}

	long size() {
		return this.size;
	}

	/**
	 * Reads.
	 * @param offset where to begin
	 * @param length how many bytes
	 * @return exactly these
	 * @throws IOException if there are not as many, or the file cannot be read
	 */
	byte[] read(long offset, int length) throws IOException {
		check(offset, length);
		return readChecked(offset, length);
	}

	ByteRegion part(long offset, long length) throws IOException {
		check(offset, length);
		return partChecked(offset, length);
	}

	protected abstract byte[] readChecked(long offset, int length) throws IOException;

	protected abstract ByteRegion partChecked(long offset, long length);

	private void check(long offset, long length) throws IOException {
		if (offset < 0 || length < 0 || offset > this.size - length) {
			throw new EOFException("Says to go on beyond its end");
		}
	}

	private static final class InFile extends ByteRegion {

		private final FileChannel file;

		private final long start;

		InFile(FileChannel file, long start, long size) {
			super(size);
			this.file = file;
			this.start = start;
		}

		@Override
		protected byte[] readChecked(long offset, int length) throws IOException {
			ByteBuffer buffer = ByteBuffer.allocate(length);
			while (buffer.hasRemaining()) {
				if (this.file.read(buffer, this.start + offset + buffer.position()) < 0) {
					throw new EOFException("Was cut off while being read");
				}
			}
			return buffer.array();
		}

		@Override
		protected ByteRegion partChecked(long offset, long length) {
			return new InFile(this.file, this.start + offset, length);
		}

	}

	private static final class InMemory extends ByteRegion {

		private final byte[] bytes;

		private final int start;

		InMemory(byte[] bytes, int start, int size) {
			super(size);
			this.bytes = bytes;
			this.start = start;
		}

		@Override
		protected byte[] readChecked(long offset, int length) {
			byte[] read = new byte[length];
			System.arraycopy(this.bytes, this.start + (int) offset, read, 0, length);
			return read;
		}

		@Override
		protected ByteRegion partChecked(long offset, long length) {
			return new InMemory(this.bytes, this.start + (int) offset, (int) length);
		}

	}

}
