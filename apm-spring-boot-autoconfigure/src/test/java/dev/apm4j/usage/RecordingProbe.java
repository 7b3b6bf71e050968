package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.List;

import dev.apm4j.usage.woven.early.ProbeMain;

/**
 * What a JVM of its own runs: starts to record, runs the samples and prints what is known
 * of which method.
 */
public final class RecordingProbe {

	private RecordingProbe() {
	}

	/**
	 * Does it.
	 * @throws Exception if a sample can't be run
	 */
	public static void run() throws Exception {
		// As Spring does
		ProbeMain.class.getDeclaredMethods();
		try (Recording recording = Recording.start(WovenSamples.SETTINGS)) {
			RecordingStatus status = recording.status();
			System.out.println("STATE " + status.state());
			System.out.println("MEANS " + status.means());
			System.out.println("REASON " + status.reason());
			System.out.println("REMEDY " + status.remedy());
			((Runnable) Class.forName(WovenSamples.EVERYTHING).getDeclaredConstructor().newInstance()).run();
			made();
			List<MethodKey> called = new ArrayList<>();
			recording.drain(called::add);
			called.forEach((method) -> System.out.println("ALIVE " + WovenSamples.text(method)));
			List<MethodKey> codeBase = new ArrayList<>(WovenSamples.codeBase());
			codeBase.addAll(WovenSamples.codeBase("early"));
			codeBase.removeAll(called);
			codeBase.forEach((method) -> System.out
				.println((recording.isRecorded(method) ? "DEAD " : "UNCERTAIN ") + WovenSamples.text(method)));
			System.out.println("UNRECORDED " + recording.figures().unrecordedClasses());
		}
	}

	/** Of every version that this JVM runs. */
	private static void made() throws ReflectiveOperationException {
		int newest = Integer.parseInt(System.getProperty("java.class.version").replaceFirst("\\..*", ""));
		for (int major = 52; major <= newest; major++) {
			String name = GeneratedClass.NAME + major;
			Class<?> made = new WovenSamples.Loader().define(name, GeneratedClass.ofVersion(major, name));
			((Runnable) made.getDeclaredConstructor().newInstance()).run();
		}
	}

}
