package dev.apm4j.export.skywalking;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.apm4j.skywalking.proto.Commands;
import dev.apm4j.skywalking.proto.ConfigurationSyncRequest;
import dev.apm4j.skywalking.proto.Event;
import dev.apm4j.skywalking.proto.InstancePingPkg;
import dev.apm4j.skywalking.proto.InstanceProperties;
import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterData;
import dev.apm4j.skywalking.proto.ProfileTaskCommandQuery;
import dev.apm4j.skywalking.proto.ProfileTaskFinishReport;
import dev.apm4j.skywalking.proto.SegmentObject;
import dev.apm4j.skywalking.proto.ThreadSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A transport that remembers what it was asked to send, and fails on demand.
 */
class RecordingTransport implements SkyWalkingTransport {

	final Queue<String> calls = new ConcurrentLinkedQueue<>();

	final Queue<SegmentObject> sent = new ConcurrentLinkedQueue<>();

	volatile @Nullable Exception failure;

	volatile long connections;

	private void call(String name) throws Exception {
		this.calls.add(name);
		Exception ex = this.failure;
		if (ex != null) {
			throw ex;
		}
	}

	@Override
	public void segments(List<SegmentObject> segments) throws Exception {
		call("segments " + segments.size());
		this.sent.addAll(segments);
	}

	@Override
	public void properties(InstanceProperties properties) throws Exception {
		call("properties");
	}

	@Override
	public void keepAlive(InstancePingPkg ping) throws Exception {
		call("keepAlive");
	}

	@Override
	public void logs(List<LogData> logs) throws Exception {
		call("logs");
	}

	@Override
	public void jvmMetrics(JVMMetricCollection metrics) throws Exception {
		call("jvmMetrics");
	}

	@Override
	public void meters(List<MeterData> meters) throws Exception {
		call("meters");
	}

	@Override
	public void event(Event event, Duration timeout) throws Exception {
		call("event " + event.getName());
	}

	@Override
	public void snapshots(List<ThreadSnapshot> snapshots) throws Exception {
		call("snapshots");
	}

	@Override
	public Commands profileTasks(ProfileTaskCommandQuery query) throws Exception {
		call("profileTasks");
		return Commands.getDefaultInstance();
	}

	@Override
	public void profileTaskFinished(ProfileTaskFinishReport report) throws Exception {
		call("profileTaskFinished");
	}

	@Override
	public Commands configuration(ConfigurationSyncRequest request) throws Exception {
		call("configuration");
		return Commands.getDefaultInstance();
	}

	@Override
	public long connections() {
		return this.connections;
	}

	@Override
	public void close(Duration timeout) {
		this.calls.add("close");
	}

}
