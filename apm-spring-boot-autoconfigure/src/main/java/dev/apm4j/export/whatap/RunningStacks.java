package dev.apm4j.export.whatap;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.PropagatedContext;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of running transactions, as far as they are still worked on by the threads
 * on which they began. For one thread and one moment.
 */
final class RunningStacks {

	/** What a thread does that has nothing to do. */
	private static final Set<String> IDLE = Set.of("java.util.concurrent.ThreadPoolExecutor.getTask",
			"java.util.concurrent.ForkJoinPool.awaitWork", "org.apache.tomcat.util.threads.ThreadPoolExecutor.getTask",
			"org.eclipse.jetty.util.thread.QueuedThreadPool.idleJobPoll", "io.netty.channel.nio.NioEventLoop.select",
			"io.netty.channel.nio.NioIoHandler.select", "io.netty.channel.epoll.EpollEventLoop.epollWait",
			"io.netty.channel.epoll.EpollIoHandler.epollWait");

	/** For each thread the last transaction that began on it for its own sake. */
	private final Map<Thread, Integer> last = new IdentityHashMap<>();

	private final List<ActiveTransaction> transactions;

	/**
	 * Looks at running transactions.
	 * @param transactions all of them, the oldest first
	 */
	RunningStacks(List<ActiveTransaction> transactions) {
		this.transactions = transactions;
		for (int i = 0; i < transactions.size(); i++) {
			PropagatedContext cause = transactions.get(i).segment().cause();
			if (cause == null || !cause.local()) {
				this.last.put(transactions.get(i).thread(), i);
			}
		}
	}

	/**
	 * The stack of one of the transactions now.
	 * @param index which of them
	 * @return the stack, or {@code null} if no thread is known to work on it
	 */
	@Nullable String stack(int index) {
		ActiveTransaction transaction = this.transactions.get(index);
		// One that began later on the same thread and is no part of it: this goes on
		// elsewhere.
		boolean displaced = this.last.getOrDefault(transaction.thread(), index) > index;
		if (displaced || !isRunning(transaction)) {
			return null;
		}
		StackTraceElement[] frames = transaction.thread().getStackTrace();
		// It may have ended meanwhile, and the thread be at someone else's work.
		boolean known = frames.length > 0 && !isIdle(frames) && isRunning(transaction);
		return known ? CallStack.text(frames) : null;
	}

	private static boolean isRunning(ActiveTransaction transaction) {
		return transaction.segment().root() instanceof ApmSpan root && root.isActive();
	}

	private static boolean isIdle(StackTraceElement[] frames) {
		for (StackTraceElement frame : frames) {
			if (IDLE.contains(frame.getClassName() + '.' + frame.getMethodName())) {
				return true;
			}
		}
		return false;
	}

}
