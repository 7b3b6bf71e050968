package dev.apm4j.export.skywalking;

import java.util.ArrayList;
import java.util.List;

import dev.apm4j.skywalking.proto.JVMMetricCollection;
import dev.apm4j.skywalking.proto.LogData;
import dev.apm4j.skywalking.proto.MeterData;

/**
 * Keeps the logs and metrics that a server has taken.
 */
class CollectingTransport extends RecordingTransport {

	final List<List<LogData>> logs = new ArrayList<>();

	final List<JVMMetricCollection> jvmMetrics = new ArrayList<>();

	final List<List<MeterData>> meters = new ArrayList<>();

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

	@Override
	public void logs(List<LogData> lines) throws Exception {
		super.logs(lines);
		this.logs.add(lines);
	}

	@Override
	public void jvmMetrics(JVMMetricCollection metrics) throws Exception {
		super.jvmMetrics(metrics);
		this.jvmMetrics.add(metrics);
	}

	@Override
	public void meters(List<MeterData> report) throws Exception {
		super.meters(report);
		this.meters.add(report);
	}

}
