package dev.apm4j.it.scavenger;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.apm4j.it.scavenger.proto.CodeBasePublication;
import dev.apm4j.it.scavenger.proto.GetConfigRequest;
import dev.apm4j.it.scavenger.proto.GetConfigResponse;
import dev.apm4j.it.scavenger.proto.GrpcAgentServiceGrpc;
import dev.apm4j.it.scavenger.proto.InvocationDataPublication;
import dev.apm4j.it.scavenger.proto.PublicationResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/**
 * The three calls of an agent.
 */
final class AgentService extends GrpcAgentServiceGrpc.GrpcAgentServiceImplBase {

	private final CollectorOptions options;

	private final PublicationChecks checks;

	private final Journal journal;

	private final Map<String, Queue<Status>> failures = new ConcurrentHashMap<>();

	AgentService(CollectorOptions options, Journal journal) {
		this.options = options;
		this.checks = new PublicationChecks(options);
		this.journal = journal;
	}

	/**
	 * Makes the next call fail.
	 * @param call its name
	 * @param status how
	 */
	void failNext(String call, Status status) {
		this.failures.computeIfAbsent(call, (key) -> new ConcurrentLinkedQueue<>()).add(status);
	}

	@Override
	public void pollConfig(GetConfigRequest request, StreamObserver<GetConfigResponse> response) {
		Status status = status("PollConfig", this.checks.poll(request.getApiKey()));
		record("PollConfig", status, fields(request), List.of());
		answer(response, status,
				GetConfigResponse.newBuilder()
					.setConfigPollIntervalSeconds(this.options.pollSeconds())
					.setConfigPollRetryIntervalSeconds(this.options.retrySeconds())
					.setCodeBasePublisherCheckIntervalSeconds(this.options.publishSeconds())
					.setCodeBasePublisherRetryIntervalSeconds(this.options.retrySeconds())
					.setInvocationDataPublisherIntervalSeconds(this.options.publishSeconds())
					.setInvocationDataPublisherRetryIntervalSeconds(this.options.retrySeconds())
					.build());
	}

	@Override
	public void sendCodeBasePublication(CodeBasePublication request, StreamObserver<PublicationResponse> response) {
		boolean emptyHash = request.getEntryList().stream().anyMatch((entry) -> entry.getSignatureHash().isEmpty());
		Status status = status("SendCodeBasePublication",
				this.checks.publication(request.hasCommonData(), request.getCommonData(), emptyHash));
		record("SendCodeBasePublication", status, fields(request.getCommonData()), request.getEntryList());
		answer(response, status, PublicationResponse.newBuilder().setStatus("OK").build());
	}

	@Override
	public void sendInvocationDataPublication(InvocationDataPublication request,
			StreamObserver<PublicationResponse> response) {
		boolean emptyHash = request.getEntryList().stream().anyMatch((entry) -> entry.getHash().isEmpty());
		Status status = status("SendInvocationDataPublication",
				this.checks.publication(request.hasCommonData(), request.getCommonData(), emptyHash));
		Map<String, Object> common = fields(request.getCommonData());
		common.put("recording_interval_started_at_millis", request.getRecordingIntervalStartedAtMillis());
		record("SendInvocationDataPublication", status, common, request.getEntryList());
		answer(response, status, PublicationResponse.newBuilder().setStatus("OK").build());
	}

	private Status status(String call, Status status) {
		Queue<Status> failures = this.failures.get(call);
		Status failure = (failures != null) ? failures.poll() : null;
		return (failure != null) ? failure : status;
	}

	private void record(String call, Status status, Map<String, Object> common, List<? extends Message> entries) {
		this.journal
			.add(new ReceivedCall(call, status.getCode().name(), common, entries.stream().map(this::texts).toList()));
	}

	private Map<String, Object> fields(Message message) {
		Map<String, Object> fields = new LinkedHashMap<>();
		for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
			fields.put(field.getName(), message.getField(field));
		}
		return fields;
	}

	private Map<String, String> texts(Message message) {
		Map<String, String> texts = new LinkedHashMap<>();
		fields(message).forEach((name, value) -> texts.put(name, (String) value));
		return texts;
	}

	private <T> void answer(StreamObserver<T> response, Status status, T message) {
		if (status.isOk()) {
			response.onNext(message);
			response.onCompleted();
		}
		else {
			response.onError(status.asRuntimeException());
		}
	}

}
