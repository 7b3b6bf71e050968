package dev.apm4j.it.scavenger;

import java.util.Set;

import dev.apm4j.it.scavenger.proto.CommonPublicationData;
import io.grpc.Status;

/**
 * What the collector refuses, as measured on the real one.
 */
final class PublicationChecks {

	/** 2017-03-20, long before there was a Scavenger. */
	private static final long EPOCH_MILLIS = 1_490_000_000_000L;

	private final Set<String> keys;

	private final Set<String> disabledKeys;

	PublicationChecks(CollectorOptions options) {
		this.keys = options.keys();
		this.disabledKeys = options.disabledKeys();
	}

	Status poll(String key) {
		return (this.keys.contains(key) || this.disabledKeys.contains(key)) ? Status.OK : Status.UNAUTHENTICATED;
	}

	Status publication(boolean hasCommonData, CommonPublicationData common, boolean hasEmptyHash) {
		if (!hasCommonData || hasEmptyHash || common.getApiKey().isEmpty() || common.getAppName().isEmpty()
				|| common.getAppVersion().isEmpty() || common.getCodeBaseFingerprint().isEmpty()
				|| common.getHostname().isEmpty() || common.getJvmUuid().isEmpty()
				|| common.getJvmStartedAtMillis() < EPOCH_MILLIS || common.getPublishedAtMillis() < EPOCH_MILLIS) {
			return Status.INVALID_ARGUMENT;
		}
		if (this.disabledKeys.contains(common.getApiKey())) {
			// An exception that is mapped to no status.
			return Status.UNKNOWN;
		}
		return poll(common.getApiKey());
	}

}
