package dev.apm4j.export.skywalking;

import java.time.Duration;
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
 * A way to a SkyWalking server. Every method blocks until the server has answered, or for
 * the configured deadline at most, so none may be called on a request's thread; an
 * interrupt ends it early. Connections are made when something is sent. Thread-safe.
 * <p>
 * All methods that send throw {@link UnsupportedSignalException} if this way, or the
 * server at its end, has no place for such data: there is no point in trying again;
 * {@link dev.apm4j.export.ExportRejectedException} if the server has refused the data or
 * the credentials; and any other exception if it could not be reached, with a message
 * that says what is wrong and contains no secrets.
 */
public interface SkyWalkingTransport {

	/**
	 * Sends segments.
	 * @param segments the segments, each with its service and instance and smaller than
	 * the largest message
	 * @throws Exception see above
	 */
	void segments(List<SegmentObject> segments) throws Exception;

	/**
	 * Sends what is known of this instance.
	 * @param properties the properties
	 * @throws Exception see above
	 */
	void properties(InstanceProperties properties) throws Exception;

	/**
	 * Says that this instance is alive.
	 * @param ping the instance
	 * @throws Exception see above
	 */
	void keepAlive(InstancePingPkg ping) throws Exception;

	/**
	 * Sends log lines.
	 * @param logs the lines, each with its service
	 * @throws Exception see above
	 */
	void logs(List<LogData> logs) throws Exception;

	/**
	 * Sends metrics of the JVM.
	 * @param metrics the samples, with service and instance
	 * @throws Exception see above
	 */
	void jvmMetrics(JVMMetricCollection metrics) throws Exception;

	/**
	 * Sends meters as one report.
	 * @param meters the meters, the first with service, instance and timestamp
	 * @throws Exception see above
	 */
	void meters(List<MeterData> meters) throws Exception;

	/**
	 * Sends an event.
	 * @param event the event
	 * @param timeout how long it may take, if that is less than the deadline
	 * @throws Exception see above
	 */
	void event(Event event, Duration timeout) throws Exception;

	/**
	 * Sends stacks of profiled threads.
	 * @param snapshots the stacks
	 * @throws Exception see above
	 */
	void snapshots(List<ThreadSnapshot> snapshots) throws Exception;

	/**
	 * Asks for profile tasks. Over gRPC only.
	 * @param query who asks, and what it has seen
	 * @return the tasks
	 * @throws Exception see above
	 */
	Commands profileTasks(ProfileTaskCommandQuery query) throws Exception;

	/**
	 * Says that a profile task is done. Over gRPC only.
	 * @param report the task
	 * @throws Exception see above
	 */
	void profileTaskFinished(ProfileTaskFinishReport report) throws Exception;

	/**
	 * Asks for the configuration of this service. Over gRPC only.
	 * @param request who asks, and what it has seen
	 * @return the configuration
	 * @throws Exception see above
	 */
	Commands configuration(ConfigurationSyncRequest request) throws Exception;

	/**
	 * How often a connection was made: another number than last time says that the server
	 * may have been restarted and forgotten this instance.
	 * @return the number, always the same where there are no lasting connections
	 */
	default long connections() {
		return 0;
	}

	/**
	 * Looks whether the names of the servers stand for other addresses by now, and
	 * connects anew if so. Does nothing where others do that.
	 */
	default void refreshAddresses() {
	}

	/**
	 * Ends what is being sent, and all connections and threads.
	 * @param timeout how long it may take at most
	 */
	void close(Duration timeout);

}
