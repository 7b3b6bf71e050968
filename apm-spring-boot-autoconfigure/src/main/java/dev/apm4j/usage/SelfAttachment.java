package dev.apm4j.usage;

import java.lang.instrument.Instrumentation;
import java.util.concurrent.Callable;

import net.bytebuddy.agent.ByteBuddyAgent;

/**
 * Attaches this JVM to itself, once. Takes a process of its own unless the JVM was
 * started with {@code -Djdk.attach.allowAttachSelf=true}.
 * <p>
 * A class and no lambda expression: the JVM would look up the types of that one at once,
 * and a runtime may lack them.
 */
final class SelfAttachment implements Callable<Instrumentation> {

	@Override
	public Instrumentation call() {
		return ByteBuddyAgent.install();
	}

}
