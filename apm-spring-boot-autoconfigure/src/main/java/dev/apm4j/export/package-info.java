/**
 * The way of finished segments to the backends: the
 * {@link dev.apm4j.export.SegmentExporter} that a backend implements, and the pipeline
 * that queues, batches, retries and counts for it. A backend that is slow or away costs
 * the application nothing and loses only what its queue can't hold, counted by reason.
 */
@NullMarked
package dev.apm4j.export;

import org.jspecify.annotations.NullMarked;
