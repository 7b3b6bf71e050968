package dev.apm4j;

import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules of the house, see {@code docs/architecture.md}.
 */
@AnalyzeClasses(packages = "dev.apm4j",
		importOptions = { ImportOption.DoNotIncludeTests.class, HouseRulesTests.DoNotIncludeGenerated.class })
class HouseRulesTests {

	@ArchTest
	static final ArchRule annotationsImportNothing = noClasses().that()
		.resideInAPackage("dev.apm4j.annotation")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.micrometer..", "dev.apm4j.trace..", "dev.apm4j.instrument..");

	@ArchTest
	static final ArchRule tracerKnowsNobody = mayOnlyImport("dev.apm4j.trace");

	@ArchTest
	static final ArchRule propagationKnowsTheTracer = mayOnlyImport("dev.apm4j.propagation", "dev.apm4j.trace");

	@ArchTest
	static final ArchRule instrumentationsKnowTracerAndAnnotations = mayOnlyImport("dev.apm4j.instrument..",
			"dev.apm4j.trace", "dev.apm4j.annotation");

	@ArchTest
	static final ArchRule metricsKnowTheTracer = mayOnlyImport("dev.apm4j.metrics", "dev.apm4j.trace");

	@ArchTest
	static final ArchRule exportKnowsTracerAndMetrics = mayOnlyImport("dev.apm4j.export..", "dev.apm4j.trace",
			"dev.apm4j.metrics", "dev.apm4j.skywalking.proto");

	@ArchTest
	static final ArchRule onlyItsBackendKnowsSkyWalkingsProtocol = noClasses().that()
		.resideOutsideOfPackage("dev.apm4j.export.skywalking..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.apm4j.skywalking.proto..");

	@ArchTest
	static final ArchRule dashboardKnowsTheEmbeddedStore = mayOnlyImport("dev.apm4j.dashboard..", "dev.apm4j.trace",
			"dev.apm4j.export", "dev.apm4j.export.embedded", "dev.apm4j.usage");

	@ArchTest
	static final ArchRule usageKnowsNobody = mayOnlyImport("dev.apm4j.usage");

	@ArchTest
	static final ArchRule usageKnowsNothingOfSpring = noClasses().that()
		.resideInAPackage("dev.apm4j.usage..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.micrometer..", "jakarta..");

	@ArchTest
	static final ArchRule nobodyImportsAutoConfiguration = noClasses().that()
		.resideOutsideOfPackage("dev.apm4j.autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.apm4j.autoconfigure..");

	@ArchTest
	static final ArchRule onlyAutoConfigurationImportsBoot = noClasses().that()
		.resideOutsideOfPackage("dev.apm4j.autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final SliceRule instrumentationsDontKnowEachOther = slices().matching("dev.apm4j.instrument.(*)..")
		.should()
		.notDependOnEachOther();

	@ArchTest
	static final SliceRule backendsDontKnowEachOther = slices().matching("dev.apm4j.export.(*)..")
		.should()
		.notDependOnEachOther();

	@ArchTest
	static final ArchRule servletApiOnlyWhereServletsAre = noClasses().that()
		.resideOutsideOfPackages("dev.apm4j.instrument.servlet..", "dev.apm4j.dashboard..", "dev.apm4j.autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("jakarta.servlet..");

	@ArchTest
	static final ArchRule grpcAndKafkaOnlyForSkyWalking = noClasses().that()
		.resideOutsideOfPackages("dev.apm4j.export.skywalking..", "dev.apm4j.skywalking.proto..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.grpc..", "com.google.protobuf..", "org.apache.kafka..", "dev.apm4j.skywalking.proto..");

	@ArchTest
	static final ArchRule noJsonLibrary = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("com.fasterxml.jackson..", "tools.jackson..");

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().that()
		.haveSimpleName("package-info")
		.should()
		.beAnnotatedWith(NullMarked.class);

	@ArchTest
	static final ArchRule noGrabBags = noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager)(\\$.*)?");

	@ArchTest
	static final ArchRule noStaticMutableState = fields().that()
		.areStatic()
		.and(areWrittenByHand())
		.should()
		.beFinal()
		.andShould(notBeACollectionThatChanges());

	private static DescribedPredicate<JavaField> areWrittenByHand() {
		return DescribedPredicate.describe("are written by hand",
				(field) -> !field.getModifiers().contains(JavaModifier.SYNTHETIC) && !field.getName().startsWith("$"));
	}

	private static ArchCondition<JavaField> notBeACollectionThatChanges() {
		return new ArchCondition<>("not be made to hold changing state") {

			@Override
			public void check(JavaField field, ConditionEvents events) {
				JavaClass type = field.getRawType();
				boolean changing = Stream
					.of("java.util.concurrent.ConcurrentHashMap", "java.util.HashMap", "java.util.ArrayList",
							"java.util.concurrent.atomic.AtomicLong", "java.util.concurrent.atomic.AtomicInteger",
							"java.lang.ThreadLocal")
					.anyMatch((name) -> type.getName().equals(name));
				events.add(new SimpleConditionEvent(field, !changing, field.getFullName()));
			}

		};
	}

	private static ArchRule mayOnlyImport(String room, String... others) {
		DescribedPredicate<JavaClass> foreign = DescribedPredicate.describe("rooms it must not know",
				(type) -> type.getPackageName().startsWith("dev.apm4j") && !matches(room, type)
						&& Stream.of(others).noneMatch((other) -> matches(other, type)));
		return noClasses().that().resideInAPackage(room).should().dependOnClassesThat(foreign).allowEmptyShould(true);
	}

	private static boolean matches(String room, JavaClass type) {
		String name = room.replace("..", "");
		return type.getPackageName().equals(name) || (room.endsWith("..") && type.getPackageName().startsWith(name));
	}

	/** What protoc writes follows no rules of ours. */
	static final class DoNotIncludeGenerated implements ImportOption {

		@Override
		public boolean includes(Location location) {
			return !location.contains("/dev/apm4j/skywalking/proto/");
		}

	}

}
