package dev.apm4j.instrument.logging;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.LoggerContext;
import dev.apm4j.trace.ApmSpan;
import dev.apm4j.trace.ApmTracer;
import dev.apm4j.trace.LogLine;
import io.micrometer.tracing.Tracer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class LogCaptureTests {

	private final ApmTracer tracer = ApmTracer.builder().sink((segment) -> {
	}).build();

	private final List<LogLine> lines = new CopyOnWriteArrayList<>();

	private final LogCapture capture = new LogCapture(this.lines::add, () -> this.tracer,
			List.of("io.grpc", "io.netty"));

	@ParameterizedTest
	@EnumSource
	void lineIsTakenWithAllThatIsKnown(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			IllegalStateException failure = new IllegalStateException("Broken");
			ApmSpan span = this.tracer.nextSpan().start();
			try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
				installed.warn("com.example.Shop", "Out of stock", failure);
			}
			assertThat(this.lines).singleElement().satisfies((line) -> {
				assertThat(line.level()).isEqualTo("WARN");
				assertThat(line.logger()).isEqualTo("com.example.Shop");
				assertThat(line.message()).isEqualTo("Out of stock");
				assertThat(line.thread()).isEqualTo(Thread.currentThread().getName());
				assertThat(line.throwable()).isSameAs(failure);
				assertThat(line.span()).isSameAs(span);
				assertThat(line.epochMillis()).isBetween(System.currentTimeMillis() - 60_000,
						System.currentTimeMillis());
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void lineOutsideOfATraceHasNoSpan(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			installed.warn("com.example.Shop", "Hello", null);
			assertThat(this.lines).singleElement().extracting(LogLine::span).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource
	void lineBelowTheThresholdIsNotTaken(Library library) {
		try (Installed installed = library.install(this.capture, "ERROR")) {
			installed.warn("com.example.Shop", "Hello", null);
			assertThat(this.lines).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void linesOfTheChannelAreNotTaken(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			installed.warn("io.grpc.netty.NettyClientHandler", "OUTBOUND DATA", null);
			installed.warn("io.netty.channel.Channel", "WRITE", null);
			installed.warn("dev.apm4j.export.skywalking.GrpcTransport", "failed", null);
			assertThat(this.lines).isEmpty();
			installed.warn("io.grpcurl", "Hello", null);
			assertThat(this.lines).hasSize(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void linesOfSuppressedThreadsAreNotTaken(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			try (Tracer.SpanInScope scope = this.tracer.suppress()) {
				installed.warn("com.example.Shop", "Hello", null);
			}
			assertThat(this.lines).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void appenderComesBackWhenTheLoggingIsConfiguredAnew(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			installed.configureAnew();
			installed.warn("com.example.Shop", "Hello", null);
			assertThat(this.lines).hasSize(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void nothingIsLeftBehind(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			installed.remove();
			installed.warn("com.example.Shop", "Hello", null);
			installed.configureAnew();
			installed.warn("com.example.Shop", "Hello", null);
			assertThat(this.lines).isEmpty();
			assertThat(installed.appenders()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void twoApplicationsDoNotDisturbEachOther(Library library) {
		try (Installed installed = library.install(this.capture, "INFO")) {
			installed.another(this.capture, "INFO").remove();
			installed.warn("com.example.Shop", "Hello", null);
			assertThat(this.lines).hasSize(1);
		}
	}

	@Test
	void lineIsTakenBeforeThereIsATracer() {
		LogCapture early = new LogCapture(this.lines::add, () -> {
			throw new IllegalStateException("Not yet");
		}, List.of());
		try (Installed installed = Library.LOGBACK.install(early, "INFO")) {
			installed.warn("com.example.Shop", "Hello", null);
			assertThat(this.lines).hasSize(1);
		}
	}

	enum Library {

		LOGBACK {

			@Override
			Installed install(LogCapture capture, String threshold) {
				return new OnLogback(new LoggerContext(), capture, threshold);
			}

		},

		LOG4J2 {

			@Override
			Installed install(LogCapture capture, String threshold) {
				org.apache.logging.log4j.core.LoggerContext context = new org.apache.logging.log4j.core.LoggerContext(
						"test");
				context.start(quiet());
				return new OnLog4j2(context, capture, threshold);
			}

		};

		abstract Installed install(LogCapture capture, String threshold);

	}

	private static DefaultConfiguration quiet() {
		DefaultConfiguration configuration = new DefaultConfiguration();
		configuration.getRootLogger().setLevel(Level.INFO);
		List.copyOf(configuration.getRootLogger().getAppenders().keySet())
			.forEach(configuration.getRootLogger()::removeAppender);
		return configuration;
	}

	interface Installed extends AutoCloseable {

		void warn(String logger, String message, Throwable failure);

		Installed another(LogCapture capture, String threshold);

		void configureAnew();

		int appenders();

		void remove();

		@Override
		void close();

	}

	private record OnLogback(LoggerContext context, LogbackCapture installed) implements Installed {

		OnLogback(LoggerContext context, LogCapture capture, String threshold) {
			this(context, new LogbackCapture(context, capture, threshold));
		}

		@Override
		public void warn(String logger, String message, Throwable failure) {
			this.context.getLogger(logger).warn(message, failure);
		}

		@Override
		public Installed another(LogCapture capture, String threshold) {
			return new OnLogback(this.context, capture, threshold);
		}

		@Override
		public void configureAnew() {
			this.context.reset();
		}

		@Override
		public int appenders() {
			int count = 0;
			for (var all = this.context.getLogger("ROOT").iteratorForAppenders(); all.hasNext(); all.next()) {
				count++;
			}
			return count;
		}

		@Override
		public void remove() {
			this.installed.close();
		}

		@Override
		public void close() {
			this.context.stop();
		}

	}

	private record OnLog4j2(org.apache.logging.log4j.core.LoggerContext context,
			Log4j2Capture installed) implements Installed {

		OnLog4j2(org.apache.logging.log4j.core.LoggerContext context, LogCapture capture, String threshold) {
			this(context, new Log4j2Capture(context, capture, threshold));
		}

		@Override
		public void warn(String logger, String message, Throwable failure) {
			this.context.getLogger(logger).warn(message, failure);
		}

		@Override
		public Installed another(LogCapture capture, String threshold) {
			return new OnLog4j2(this.context, capture, threshold);
		}

		@Override
		public void configureAnew() {
			this.context.setConfiguration(quiet());
		}

		@Override
		public int appenders() {
			return this.context.getConfiguration().getRootLogger().getAppenders().size();
		}

		@Override
		public void remove() {
			this.installed.close();
		}

		@Override
		public void close() {
			this.context.stop();
		}

	}

}
