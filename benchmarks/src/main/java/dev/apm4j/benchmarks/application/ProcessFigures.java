package dev.apm4j.benchmarks.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What each thread of a process has used and allocated so far.
 *
 * @param cpuNanos CPU time by the system's id of a thread; threads of the compilers are
 * left out, as what they do is over some time
 * @param compilerNanos time that those worked or waited for a processor
 * @param web which of them belong to the web server
 * @param allocated bytes allocated by the JVM's id of a thread
 * @param classes loaded
 * @param threads of Java
 */
record ProcessFigures(Map<String, Long> cpuNanos, long compilerNanos, Map<String, Boolean> web,
		Map<String, Long> allocated, int classes, int threads) {

	/**
	 * Reads a process.
	 * @param pid its id
	 * @param jvm what it says of itself at {@code /figures}
	 * @return its figures
	 * @throws IOException if it is gone, or this is not Linux
	 */
	static ProcessFigures of(long pid, byte[] jvm) throws IOException {
		Map<String, Long> cpuNanos = new HashMap<>();
		Map<String, Boolean> web = new HashMap<>();
		long compilerNanos = 0;
		try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
			for (Path task : tasks) {
				try {
					String name = Files.readString(task.resolve("comm"), StandardCharsets.ISO_8859_1);
					String schedule = Files.readString(task.resolve("schedstat"), StandardCharsets.ISO_8859_1);
					String[] fields = schedule.split(" ");
					long nanos = Long.parseLong(fields[0]);
					if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
						compilerNanos += nanos + Long.parseLong(fields[1]);
					}
					else {
						String id = task.getFileName().toString();
						cpuNanos.put(id, nanos);
						web.put(id, name.startsWith("http-nio-"));
					}
				}
				catch (NoSuchFileException ex) {
					// The thread has ended just now.
				}
			}
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
		Map<String, Long> allocated = new HashMap<>();
		int classes = 0;
		for (String line : new String(jvm, StandardCharsets.UTF_8).split("\n")) {
			String[] words = line.split(" ", 4);
			if (words[0].equals("classes")) {
				classes = Integer.parseInt(words[1]);
			}
			else if (words[0].equals("thread")) {
				String owner = words[3].startsWith("http-nio-") ? "web " : "other ";
				allocated.put(owner + words[1], Long.parseLong(words[2]));
			}
		}
		return new ProcessFigures(cpuNanos, compilerNanos, web, allocated, classes, allocated.size());
	}

	double webCpuNanosSince(ProcessFigures before) {
		return cpuNanosSince(before, true);
	}

	double otherCpuNanosSince(ProcessFigures before) {
		return cpuNanosSince(before, false);
	}

	double webBytesSince(ProcessFigures before) {
		return bytesSince(before, "web ");
	}

	double otherBytesSince(ProcessFigures before) {
		return bytesSince(before, "other ");
	}

	private double cpuNanosSince(ProcessFigures before, boolean ofWeb) {
		double nanos = 0;
		for (Map.Entry<String, Long> thread : this.cpuNanos.entrySet()) {
			if (Boolean.valueOf(ofWeb).equals(this.web.get(thread.getKey()))) {
				nanos += thread.getValue() - before.cpuNanos.getOrDefault(thread.getKey(), 0L);
			}
		}
		return nanos;
	}

	private double bytesSince(ProcessFigures before, String owner) {
		double bytes = 0;
		for (Map.Entry<String, Long> thread : this.allocated.entrySet()) {
			if (thread.getKey().startsWith(owner)) {
				bytes += thread.getValue() - before.allocated.getOrDefault(thread.getKey(), 0L);
			}
		}
		return bytes;
	}

}
