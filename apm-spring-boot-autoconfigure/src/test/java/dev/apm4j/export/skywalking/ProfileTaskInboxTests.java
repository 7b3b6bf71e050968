package dev.apm4j.export.skywalking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.apm4j.skywalking.proto.Command;
import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.KeyStringValuePair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ProfileTaskInboxTests {

	private static final long NOW = 1_800_000_000_000L;

	private static final long MINUTE = 60_000;

	private final ProfileTaskInbox inbox = new ProfileTaskInbox();

	static Command command(Map<String, String> changes) {
		Map<String, String> arguments = new LinkedHashMap<>();
		arguments.put("SerialNumber", "serial-1");
		arguments.put("TaskId", "task-1");
		arguments.put("EndpointName", "GET:/orders/{id}");
		arguments.put("Duration", "5");
		arguments.put("MinDurationThreshold", "0");
		arguments.put("DumpPeriod", "10");
		arguments.put("MaxSamplingCount", "5");
		arguments.put("StartTime", Long.toString(NOW));
		arguments.put("CreateTime", Long.toString(NOW - 1));
		arguments.putAll(changes);
		Command.Builder command = Command.newBuilder().setCommand("ProfileTaskQuery");
		arguments.forEach((key, value) -> command.addArgs(KeyStringValuePair.newBuilder().setKey(key).setValue(value)));
		return command.build();
	}

	private void take(Command... commands) {
		this.inbox.take(Commands.newBuilder().addAllCommands(List.of(commands)).build(), NOW);
	}

	@Test
	void taskHasAllArguments() {
		take(command(Map.of("MinDurationThreshold", "20")));
		assertThat(this.inbox.due(NOW))
			.isEqualTo(new ProfileTask("task-1", "serial-1", "GET:/orders/{id}", 5 * MINUTE, 20, 10, 5, NOW, NOW - 1));
		assertThat(this.inbox.due(NOW)).isNull();
		assertThat(this.inbox.lastCommandTime()).isEqualTo(NOW - 1);
		assertThat(this.inbox.remark()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "SerialNumber,''", "TaskId,' '", "EndpointName,''", "Duration,0", "Duration,16", "Duration,x",
			"MinDurationThreshold,-1", "DumpPeriod,9", "DumpPeriod,99999999999999999999", "MaxSamplingCount,0",
			"MaxSamplingCount,10", "StartTime,-1", "StartTime,9223372036854775807", "CreateTime,''" })
	void badArgumentIsCountedAndIgnored(String key, String value) {
		take(command(Map.of(key, value)), command(Map.of("SerialNumber", "serial-2", "TaskId", "good")));
		assertThat(this.inbox.due(NOW)).extracting(ProfileTask::id).isEqualTo("good");
		assertThat(this.inbox.due(NOW)).isNull();
		assertThat(this.inbox.remark()).startsWith("1 profile tasks ignored").contains(key);
	}

	@Test
	void badTaskIsNotAskedForAgain() {
		take(command(Map.of("Duration", "99", "CreateTime", "77")));
		assertThat(this.inbox.lastCommandTime()).isEqualTo(77);
	}

	@Test
	void repeatedCommandIsOneTask() {
		take(command(Map.of()));
		take(command(Map.of()));
		assertThat(this.inbox.due(NOW)).isNotNull();
		take(command(Map.of()));
		assertThat(this.inbox.due(NOW)).isNull();
	}

	@Test
	void taskWaitsForItsTimeAndIsDroppedAfterIt() {
		take(command(Map.of("StartTime", Long.toString(NOW + MINUTE))));
		assertThat(this.inbox.due(NOW)).isNull();
		assertThat(this.inbox.due(NOW + MINUTE)).isNotNull();
		take(command(Map.of("SerialNumber", "2", "StartTime", Long.toString(NOW + MINUTE))));
		assertThat(this.inbox.due(NOW + 6 * MINUTE)).isNull();
		take(command(Map.of("SerialNumber", "3", "StartTime", Long.toString(NOW - 5 * MINUTE))));
		assertThat(this.inbox.remark()).startsWith("2 profile tasks ignored").contains("time was over");
	}

	@Test
	void earliestIsFirstAndOnlySomeMayWait() {
		for (int i = 0; i < 20; i++) {
			take(command(Map.of("SerialNumber", "s" + i, "TaskId", "t" + i, "StartTime", Long.toString(NOW + 50 - i))));
		}
		assertThat(this.inbox.due(NOW + MINUTE)).extracting(ProfileTask::id).isEqualTo("t9");
		assertThat(this.inbox.remark()).startsWith("10 profile tasks ignored");
	}

	@Test
	void otherCommandsAreNoTasks() {
		take(Command.newBuilder().setCommand("SomethingNew").build());
		assertThat(this.inbox.due(NOW)).isNull();
		assertThat(this.inbox.remark()).isNull();
	}

	@Test
	void textOfAStrangerIsShownOnOneLine() {
		take(command(Map.of("Duration", "1\nERROR all is lost" + "x".repeat(10_000))));
		assertThat(this.inbox.remark()).doesNotContain("\n").hasSizeLessThan(300);
	}

}
