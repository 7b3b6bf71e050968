package dev.apm4j.export.skywalking;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

/**
 * Keeps what is sent, unless the server is said to be away.
 */
class CollectingTransport implements SkyWalkingTransport {

	final List<Object> sent = new ArrayList<>();

	final List<List<LogData>> logs = new ArrayList<>();

	final List<JVMMetricCollection> jvmMetrics = new ArrayList<>();

	final List<List<MeterData>> meters = new ArrayList<>();

	boolean away;

	/**
	 * A backend that never starts.
	 * @return a backend that sends with this
	 */
	SkyWalkingBackend backend() {
		SkyWalkingNotices notices = new SkyWalkingNotices();
		return new SkyWalkingBackend(new ServiceIdentity("shop", "shop-1"), this,
				new SkyWalkingSchedule(notices, () -> () -> {
				}), notices);
	}

	private void take(Object data) throws Exception {
		if (this.away) {
			throw new IOException("Connection refused");
		}
		this.sent.add(data);
	}

	@Override
	public void segments(List<SegmentObject> segments) throws Exception {
		take(segments);
	}

	@Override
	public void properties(InstanceProperties properties) throws Exception {
		take(properties);
	}

	@Override
	public void keepAlive(InstancePingPkg ping) throws Exception {
		take(ping);
	}

	@Override
	public void logs(List<LogData> lines) throws Exception {
		take(lines);
		this.logs.add(lines);
	}

	@Override
	public void jvmMetrics(JVMMetricCollection metrics) throws Exception {
		take(metrics);
		this.jvmMetrics.add(metrics);
	}

	@Override
	public void meters(List<MeterData> report) throws Exception {
		take(report);
		this.meters.add(report);
	}

	@Override
	public void event(Event event, Duration timeout) throws Exception {
		take(event);
	}

	@Override
	public void snapshots(List<ThreadSnapshot> snapshots) throws Exception {
		take(snapshots);
	}

	@Override
	public Commands profileTasks(ProfileTaskCommandQuery query) throws Exception {
		take(query);
		return Commands.getDefaultInstance();
	}

	@Override
	public void profileTaskFinished(ProfileTaskFinishReport report) throws Exception {
		take(report);
	}

	@Override
	public Commands configuration(ConfigurationSyncRequest request) throws Exception {
		take(request);
		return Commands.getDefaultInstance();
	}

	@Override
	public void close(Duration timeout) {
	}

}
