package dev.apm4j.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UsageFile}.
 */
class UsageFileTests {

	private static final long DAY = 24 * 60 * 60;

	private static final int MOST = 1000;

	@TempDir
	private Path directory;

	private Path path;

	private UsageFile file;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("usage");
		this.file = new UsageFile(this.path, MOST);
	}

	/** A run that recorded for some time and saw calls of methods with these hashes. */
	private static UsageHistory run(long since, long until, long... hashes) {
		UsageHistory.Builder builder = new UsageHistory.Builder(hashes.length);
		for (long hash : hashes) {
			builder.add(hash, since, until, since + 1, until - 1);
		}
		return builder.build(new RecordedTime(since, until, until - since));
	}

	private static String text(UsageHistory history) {
		StringBuilder text = new StringBuilder(history.recorded().toString());
		MethodTimes times = history.times();
		for (int i = 0; i < history.size(); i++) {
			text.append("\n%x %d-%d %d-%d".formatted(history.hash(i), times.knownSince(i), times.knownUntil(i),
					times.firstCalled(i), times.lastCalled(i)));
		}
		return text.toString();
	}

	private List<String> names() {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	@Test
	void withoutAFileThereIsNoHistory() {
		assertThat(this.file.load().size()).isZero();
		assertThat(this.file.problem()).isNull();
		assertThat(names()).containsExactly("usage.lock");
	}

	@Test
	void whatIsSavedIsThereAfterARestart() {
		this.file.save(run(1000, 2000, 5, -7, Long.MIN_VALUE));

		assertThat(text(new UsageFile(this.path, MOST).load())).isEqualTo(text(run(1000, 2000, 5, -7, Long.MIN_VALUE)));
		assertThat(this.file.problem()).isNull();
		assertThat(names()).containsExactly("usage", "usage.lock");
	}

	@Test
	void directoryIsMade() {
		UsageFile deep = new UsageFile(this.directory.resolve("a/b/usage"), MOST);

		deep.save(run(1000, 2000, 1));

		assertThat(deep.problem()).isNull();
		assertThat(deep.load().size()).isEqualTo(1);
	}

	@Test
	void runsAreAddedUp() {
		this.file.save(run(1000, 2000, 1, 2));
		UsageHistory sum = this.file.save(run(5000, 5500, 2, 3));

		assertThat(text(sum)).isEqualTo("""
				RecordedTime[since=1000, until=5500, seconds=1500]
				1 1000-2000 1001-1999
				2 1000-5500 1001-5499
				3 5000-5500 5001-5499""");
		assertThat(text(this.file.load())).isEqualTo(text(sum));
	}

	@Test
	void timeIsCountedOnceHoweverOftenAndByHowManyItIsSaved() {
		this.file.save(run(1000, 1600, 1));
		this.file.save(run(1000, 2000, 1));
		new UsageFile(this.path, MOST).save(run(1500, 2300, 1));
		this.file.save(run(1000, 2400, 1));

		assertThat(this.file.load().recorded()).isEqualTo(new RecordedTime(1000, 2400, 1400));
	}

	@Test
	void methodThatWasNeverCalledIsKeptAsSuch() {
		UsageHistory.Builder builder = new UsageHistory.Builder(1);
		builder.add(1, 1000, 2000, 0, 0);
		this.file.save(builder.build(new RecordedTime(1000, 2000, 1000)));

		assertThat(text(this.file.load())).endsWith("1 1000-2000 0-0");
	}

	@Test
	void methodsThatAreGoneFromTheCodeBaseAreForgottenInTheEnd() {
		this.file.save(run(1000, 2000, 1, 2));
		this.file.save(run(2000 + 80 * DAY, 2100 + 80 * DAY, 2));
		assertThat(this.file.load().size()).isEqualTo(2);

		this.file.save(run(2000 + 95 * DAY, 2100 + 95 * DAY, 2));
		assertThat(this.file.load().size()).isEqualTo(1);
		assertThat(text(this.file.load())).endsWith("\n2 1000-%d 1001-%d".formatted(2100 + 95 * DAY, 2099 + 95 * DAY));
	}

	@Test
	void longBreakForgetsNothingThatIsStillThere() {
		this.file.save(run(1000, 2000, 1));
		this.file.save(run(1000 + 1000 * DAY, 2000 + 1000 * DAY, 1));

		assertThat(this.file.load().times().firstCalled(0)).isEqualTo(1001);
	}

	@Test
	void ofTooManyMethodsThoseGoThatAreGoneLongest() {
		UsageFile small = new UsageFile(this.path, 3);
		small.save(run(1000, 2000, 1, 2));
		small.save(run(3000, 4000, 3));
		small.save(run(5000, 6000, 4, 5));

		assertThat(text(small.load())).doesNotContain("\n1 ", "\n2 ").contains("\n3 ", "\n4 ", "\n5 ");
		assertThat(this.path.toFile().length()).isLessThan(200);
	}

	@Test
	void ofTooManyMethodsThoseOfTheRunStayWhateverTheClocksSay() {
		UsageFile small = new UsageFile(this.path, 3);
		for (long others : new long[] { 2000, 9000 }) {
			small.save(run(1000, others, 1, 2, 3));

			UsageHistory kept = small.save(run(1000, 2000, 4, 5));

			assertThat(kept.find(4)).isNotNegative();
			assertThat(kept.find(5)).isNotNegative();
			assertThat(kept.size()).isLessThanOrEqualTo(5);
		}
	}

	@Test
	void fileCutOffAnywhereIsSetAsideAndRecordingGoesOn() throws IOException {
		this.file.save(run(1000, 2000, 1, 2, 3));
		byte[] whole = Files.readAllBytes(this.path);
		for (int length = 1; length < whole.length; length++) {
			byte[] part = Arrays.copyOf(whole, length);
			Files.write(this.path, part);
			UsageFile after = new UsageFile(this.path, MOST);

			assertThat(after.load().size()).as("cut off after %d bytes", length).isZero();
			assertThat(after.problem()).contains("usage.damaged-" + length);
			assertThat(this.directory.resolve("usage.damaged-" + length)).hasBinaryContent(part);
			assertThat(after.save(run(3000, 4000, 9)).size()).isEqualTo(1);
			assertThat(new UsageFile(this.path, MOST).load().size()).isEqualTo(1);
		}
	}

	@Test
	void fileWithAnyByteWrongIsNeverTakenForRightNorOverwritten() throws IOException {
		this.file.save(run(1000, 2000, 1, 2, 3));
		byte[] whole = Files.readAllBytes(this.path);
		for (int i = 0; i < whole.length; i++) {
			byte[] wrong = whole.clone();
			wrong[i] ^= 0x40;
			Files.write(this.path, wrong);
			UsageFile after = new UsageFile(this.path, MOST);

			after.save(run(3000, 4000, 9));

			assertThat(after.problem()).as("byte %d", i).isNotNull();
			assertThat(contents()).as("byte %d", i).anyMatch((content) -> Arrays.equals(content, wrong));
		}
	}

	private List<byte[]> contents() throws IOException {
		List<byte[]> contents = new ArrayList<>();
		for (String name : names()) {
			contents.add(Files.readAllBytes(this.directory.resolve(name)));
		}
		return contents;
	}

	@Test
	void fileThatIsNotOursIsLeftAsItIs() throws IOException {
		byte[] random = new byte[500];
		new Random(42).nextBytes(random);
		for (byte[] foreign : List.of(random, "server.port=8080".getBytes(StandardCharsets.UTF_8), new byte[] { 1 })) {
			Files.write(this.path, foreign);
			UsageFile after = new UsageFile(this.path, MOST);

			assertThat(after.load().size()).isZero();
			assertThat(after.save(run(1000, 2000, 1)).size()).isEqualTo(1);

			assertThat(this.path).hasBinaryContent(foreign);
			assertThat(after.problem()).contains("is not a file of recorded calls").contains(this.path.toString());
			assertThat(names()).containsExactly("usage", "usage.lock");
		}
	}

	@Test
	void fileOfANewerVersionIsLeftAsItIs() throws IOException {
		this.file.save(run(1000, 2000, 1));
		byte[] newer = Files.readAllBytes(this.path);
		newer[11] = 2;
		Files.write(this.path, newer);

		this.file.save(run(3000, 4000, 1));

		assertThat(this.path).hasBinaryContent(newer);
		assertThat(this.file.problem()).contains("newer version");
	}

	@Test
	void emptyFileIsFilled() throws IOException {
		Files.createFile(this.path);

		this.file.save(run(1000, 2000, 1));

		assertThat(this.file.load().size()).isEqualTo(1);
		assertThat(this.file.problem()).isNull();
	}

	@Test
	void crashWhileWritingLeavesTheFileAsItWas() throws IOException {
		this.file.save(run(1000, 2000, 1));
		Files.write(this.directory.resolve("usage.tmp"), new byte[] { 1, 2, 3 });
		UsageFile after = new UsageFile(this.path, MOST);

		assertThat(after.load().size()).isEqualTo(1);
		after.save(run(3000, 4000, 2));

		assertThat(after.load().size()).isEqualTo(2);
		assertThat(names()).containsExactly("usage", "usage.lock");
	}

	@Test
	void fileThatCannotBeWrittenIsSaidAndTriedAgain() throws IOException {
		Path blocked = this.directory.resolve("blocked");
		Files.createFile(blocked);
		UsageFile unwritable = new UsageFile(blocked.resolve("usage"), MOST);

		assertThat(unwritable.save(run(1000, 2000, 1)).size()).isEqualTo(1);
		assertThat(unwritable.problem()).contains("not kept over restarts");

		Files.delete(blocked);
		unwritable.save(run(1000, 2000, 1));
		assertThat(unwritable.problem()).isNull();
		assertThat(unwritable.load().size()).isEqualTo(1);
	}

	@Test
	void fileBehindALinkStaysBehindIt() throws IOException {
		Path target = this.directory.resolve("target");
		Files.createFile(target);
		Files.createSymbolicLink(this.path, target);

		this.file.save(run(1000, 2000, 1));

		assertThat(this.path).isSymbolicLink();
		assertThat(new UsageFile(target, MOST).load().size()).isEqualTo(1);
	}

	@Test
	void severalWritersLoseNothing() throws Exception {
		int writers = 4;
		int saves = 25;
		ExecutorService threads = Executors.newFixedThreadPool(writers);
		try {
			List<Callable<Void>> tasks = new ArrayList<>();
			for (int writer = 0; writer < writers; writer++) {
				int base = writer * saves;
				tasks.add(() -> {
					UsageFile own = new UsageFile(this.path, MOST);
					for (int i = 0; i < saves; i++) {
						UsageHistory run = run(1000, 2000 + i, base + i);
						own.save(run);
						// On a busy machine others may have had the lock for all of its
						// patience: that is said, and the next time is as good.
						for (int more = 0; more < 20 && own.problem() != null; more++) {
							own.save(run);
						}
						assertThat(own.problem()).isNull();
					}
					return null;
				});
			}
			for (Future<Void> done : threads.invokeAll(tasks)) {
				done.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(this.file.load().size()).isEqualTo(writers * saves);
	}

	@Test
	void fileLockedByAnotherProcessForeverIsSaidWhenInterrupted() throws IOException {
		Path lockFile = this.directory.resolve("usage.lock");
		try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
				FileLock lock = channel.lock()) {
			assertThat(lock.isValid()).isTrue();
			Thread.currentThread().interrupt();
			assertThat(this.file.save(run(1000, 2000, 1)).size()).isEqualTo(1);
		}
		finally {
			Thread.interrupted();
		}
		assertThat(this.file.problem()).isNotNull();
		assertThat(names()).doesNotContain("usage");
	}

	@Test
	void hundredThousandMethodsStaySmall() {
		UsageFile large = new UsageFile(this.path, 100_000);
		UsageHistory history = run(1000, 2000, new Random(1).longs(100_000).toArray());

		large.save(history);

		assertThat(this.path).hasSize(40 + 24L * 100_000 + 4);
		assertThat(text(large.load())).isEqualTo(text(history));
	}

	@Test
	void hashesOfMethodsAreTheSameInAllVersions() {
		assertThat(UsageHistory.hash(new MethodKey("com.acme.A", "run", "()V"))).isEqualTo(sha256("com.acme.A.run()V"));
	}

	private static long sha256(String text) {
		try {
			byte[] digest = java.security.MessageDigest.getInstance("SHA-256")
				.digest(text.getBytes(StandardCharsets.UTF_8));
			return new java.math.BigInteger(1, Arrays.copyOf(digest, 8)).longValue();
		}
		catch (java.security.NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
