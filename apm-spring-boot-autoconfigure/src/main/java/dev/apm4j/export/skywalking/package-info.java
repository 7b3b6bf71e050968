/**
 * The SkyWalking backend: translates segments into SkyWalking's protocol v3 and sends
 * them, and all else that its own agent reports, over gRPC, HTTP or Kafka. What is
 * reported from time to time runs on one thread of its own, never on a request's.
 */
@NullMarked
package dev.apm4j.export.skywalking;

import org.jspecify.annotations.NullMarked;
