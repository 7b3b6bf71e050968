package dev.apm4j.export;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.apm4j.trace.Segment;
import dev.apm4j.trace.SpanData;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

@Component
class WebhookExporter implements SegmentExporter {

	private final HttpClient http = HttpClient.newHttpClient();

	@Value("${webhook.url}")
	private URI url;

	@Override
	public String name() {
		return "webhook";
	}

	@Override
	public void export(List<Segment> batch) throws Exception {
		StringBuilder lines = new StringBuilder();
		for (Segment segment : batch) {
			for (SpanData span : segment.spans()) {
				lines.append("%s %s %d us%n".formatted(segment.traceId(), span.name(), span.durationNanos() / 1000));
			}
		}
		HttpRequest request = HttpRequest.newBuilder(this.url)
			.timeout(Duration.ofSeconds(10))
			.POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
			.build();
		int status = this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
		if (status == 400 || status == 401 || status == 403 || status == 413) {
			throw new ExportRejectedException("HTTP " + status);
		}
		if (status >= 300) {
			throw new IOException("HTTP " + status);
		}
	}

}
