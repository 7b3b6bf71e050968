package dev.apm4j.usage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What is published, as a test says.
 */
final class MethodsInHand implements PublicationSource {

	final Set<MethodKey> unrecorded = ConcurrentHashMap.newKeySet();

	final List<MethodKey> invoked = new ArrayList<>();

	volatile RecordingStatus recording = new RecordingStatus(RecordingStatus.State.ACTIVE, "a test", null, null);

	volatile CodeBase codeBase;

	volatile boolean claimed;

	volatile Runnable whenAsked = () -> {
	};

	MethodsInHand(int methods) {
		this.codeBase = new CodeBase(
				IntStream.range(0, methods).mapToObj((i) -> new CodeBaseMethod(key(i), 1)).toList(), 0, 0);
	}

	static MethodKey key(int number) {
		return new MethodKey("com.acme.Shop", "m" + number, "()V");
	}

	static String signature(int number) {
		return "com.acme.Shop.m" + number + "()";
	}

	static String hash(int number) {
		return MethodSignature.hash(signature(number));
	}

	synchronized void call(int... numbers) {
		for (int number : numbers) {
			this.invoked.add(key(number));
		}
	}

	@Override
	public boolean claim() {
		boolean free = !this.claimed;
		this.claimed = true;
		return free;
	}

	@Override
	public void release() {
		this.claimed = false;
	}

	@Override
	public RecordingStatus recording() {
		return this.recording;
	}

	@Override
	public CodeBase codeBase() {
		return this.codeBase;
	}

	@Override
	public String fingerprint(CodeBase codeBase, boolean legacy) {
		return "fingerprint";
	}

	@Override
	public boolean isRecorded(MethodKey method) {
		this.whenAsked.run();
		return !this.unrecorded.contains(method);
	}

	@Override
	public synchronized List<MethodKey> takeInvoked() {
		List<MethodKey> taken = List.copyOf(this.invoked);
		this.invoked.clear();
		return taken;
	}

	@Override
	public synchronized void giveBack(Collection<MethodKey> methods) {
		this.invoked.addAll(methods);
	}

}
