package com.example.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.apm4j.export.SegmentExporter;
import dev.apm4j.trace.Segment;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * A backend of the application's own, used if {@code apm.backend} names it.
 */
@Component
class FileExporter implements SegmentExporter {

	private final Path file;

	FileExporter(@Value("${orders.export-file:segments.txt}") Path file) {
		this.file = file;
	}

	@Override
	public String name() {
		return "file";
	}

	@Override
	public void export(List<Segment> batch) throws IOException {
		List<String> lines = batch.stream()
			.map((segment) -> segment.traceId() + " " + segment.spans().get(0).name())
			.toList();
		Files.write(this.file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
