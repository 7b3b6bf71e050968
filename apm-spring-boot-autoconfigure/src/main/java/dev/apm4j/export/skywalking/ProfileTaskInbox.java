package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.apm4j.skywalking.proto.Command;
import dev.apm4j.skywalking.proto.Commands;
import org.jspecify.annotations.Nullable;

/**
 * The profile tasks that wait for their time. Tasks that can't be understood are counted
 * and otherwise ignored. Thread-safe.
 */
final class ProfileTaskInbox {

	private static final int MAX_WAITING = 10;

	private static final int MAX_REMEMBERED = 100;

	private final List<ProfileTask> waiting = new ArrayList<>();

	/** Serial numbers, the oldest first. */
	private final Set<String> seen = new LinkedHashSet<>();

	private long lastCommandTime;

	private long ignored;

	private @Nullable String lastProblem;

	/**
	 * Takes the answer of a server.
	 * @param commands the answer, which may hold other commands
	 * @param now milliseconds since the epoch
	 */
	synchronized void take(Commands commands, long now) {
		for (Command command : commands.getCommandsList()) {
			if (ProfileTask.COMMAND.equals(command.getCommand())) {
				take(command, now);
			}
		}
	}

	private void take(Command command, long now) {
		try {
			// Even a bad one is not asked for again.
			this.lastCommandTime = Math.max(this.lastCommandTime,
					new CommandArguments(command).number(ProfileTask.CREATE_TIME, 0, Long.MAX_VALUE));
			ProfileTask task = ProfileTask.of(command);
			if (remember(task.serialNumber())) {
				add(task, now);
			}
		}
		catch (IllegalArgumentException ex) {
			ignore(String.valueOf(ex.getMessage()));
		}
	}

	private boolean remember(String serialNumber) {
		if (!this.seen.add(serialNumber)) {
			return false;
		}
		if (this.seen.size() > MAX_REMEMBERED) {
			this.seen.remove(this.seen.iterator().next());
		}
		return true;
	}

	private void add(ProfileTask task, long now) {
		if (task.isOver(now)) {
			ignore("its time was over");
		}
		else if (this.waiting.size() == MAX_WAITING) {
			ignore("too many are waiting");
		}
		else {
			this.waiting.add(task);
			this.waiting.sort(Comparator.comparingLong(ProfileTask::startTime));
		}
	}

	private void ignore(String problem) {
		this.ignored++;
		this.lastProblem = problem;
	}

	/**
	 * The task that is to begin.
	 * @param now milliseconds since the epoch
	 * @return the task, which is no longer here; {@code null} for none
	 */
	synchronized @Nullable ProfileTask due(long now) {
		this.waiting.removeIf((task) -> {
			boolean over = task.isOver(now);
			if (over) {
				ignore("its time was over");
			}
			return over;
		});
		return (!this.waiting.isEmpty() && this.waiting.get(0).startTime() <= now) ? this.waiting.remove(0) : null;
	}

	/** The creation of the last task that was received, for the next question. */
	synchronized long lastCommandTime() {
		return this.lastCommandTime;
	}

	/** How many were ignored, and why; {@code null} for none. */
	synchronized @Nullable String remark() {
		return (this.ignored > 0) ? this.ignored + " profile tasks ignored, the last: " + this.lastProblem : null;
	}

}
