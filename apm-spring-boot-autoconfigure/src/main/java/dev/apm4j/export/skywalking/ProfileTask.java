package dev.apm4j.export.skywalking;

import java.util.concurrent.TimeUnit;

import dev.apm4j.skywalking.proto.Command;

/**
 * What a server wants to have profiled (command {@code ProfileTaskQuery} of the data
 * collect protocol v3). All times are in milliseconds.
 *
 * @param id id of the task
 * @param serialNumber number of the command, by which a repeated one is known
 * @param endpoint operation name of the segments
 * @param duration how long the task goes on, 1 to 15 minutes
 * @param minDuration how long a segment has to last before it is sampled
 * @param dumpPeriod time between two samples of a thread, 10 or more
 * @param maxSegments how many segments are sampled at most, 1 to 9
 * @param startTime when it begins, since the epoch by the server's clock
 * @param createTime when it was created, since the epoch
 */
record ProfileTask(String id, String serialNumber, String endpoint, long duration, long minDuration, long dumpPeriod,
		int maxSegments, long startTime, long createTime) {

	static final String COMMAND = "ProfileTaskQuery";

	static final String CREATE_TIME = "CreateTime";

	private static final long MAX_MINUTES = 15;

	private static final long LONGEST = TimeUnit.MINUTES.toMillis(MAX_MINUTES);

	/**
	 * Reads a command.
	 * @param command the command
	 * @return the task
	 * @throws IllegalArgumentException if an argument is missing or out of its range
	 */
	static ProfileTask of(Command command) {
		CommandArguments arguments = new CommandArguments(command);
		return new ProfileTask(arguments.text("TaskId"), arguments.text("SerialNumber"), arguments.text("EndpointName"),
				TimeUnit.MINUTES.toMillis(arguments.number("Duration", 1, MAX_MINUTES)),
				arguments.number("MinDurationThreshold", 0, LONGEST), arguments.number("DumpPeriod", 10, LONGEST),
				(int) arguments.number("MaxSamplingCount", 1, 9),
				arguments.number("StartTime", 0, Long.MAX_VALUE - LONGEST),
				arguments.number(CREATE_TIME, 0, Long.MAX_VALUE));
	}

	/** Whether its time is over. */
	boolean isOver(long now) {
		return this.startTime + this.duration <= now;
	}

}
