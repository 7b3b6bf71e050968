package dev.apm4j.usage;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link MethodFilter}.
 */
class MethodFilterTests {

	private static final List<String> CLASSES = List.of("Shop", "Shop$Nested", "Point", "deep.Cellar");

	private static ScanSettingsBuilder settings() {
		return new ScanSettingsBuilder();
	}

	@Test
	void methodsThatSomebodyWroteAndThatHaveCodeCount() {
		assertThat(Samples.methods(settings().build(), "Shop")).containsExactly("Shop()",
				"Shop(java.lang.String,int[])", "Shop.main(java.lang.String[])", "Shop.open(java.lang.String[])",
				"Shop.generic(java.lang.Number,java.util.List)", "Shop.near()", "Shop.hidden(java.util.List,long[][])",
				"Shop.getName()", "Shop.setName(java.lang.String)", "Shop.isOpen()", "Shop.isBoxed()",
				"Shop.compareTo(" + Samples.PACKAGE + ".Shop)", "Shop.toString(int)");
	}

	@Test
	void innerClassesCountWithTheirConstructors() {
		assertThat(Samples.methods(settings().build(), "Shop$Inner"))
			.containsExactly("Shop$Inner(" + Samples.PACKAGE + ".Shop)", "Shop$Inner.outer()");
		assertThat(Samples.methods(settings().build(), "Shop$Nested")).containsExactly("Shop$Nested()",
				"Shop$Nested.go(" + Samples.PACKAGE + ".Shop$Nested)");
		assertThat(Samples.methods(settings().build(), "Shop$ByDefault")).containsExactly("Shop$ByDefault()");
	}

	@Test
	void anonymousClassCountsWithoutItsConstructor() {
		assertThat(Samples.methods(settings().build(), "Shop$1")).containsExactly("Shop$1.call()");
	}

	@Test
	void ofRecordsWhatTheCompilerWritesDoesNotCount() {
		assertThat(Samples.methods(settings().build(), "Point"))
			.containsExactlyInAnyOrder("Point(int,java.lang.String,double)", "Point.ratio()", "Point.distance()");
		assertThat(Samples.methods(settings().build(), "Named")).containsExactlyInAnyOrder("Named(java.lang.String)",
				"Named.equals(java.lang.Object)", "Named.hashCode()");
	}

	@Test
	void ofEnumsWhatTheCompilerWritesDoesNotCount() {
		assertThat(Samples.methods(settings().build(), "Color")).containsExactlyInAnyOrder(
				"Color(java.lang.String,int)", "Color.code()", "Color.valueOf(int)", "Color.values(boolean)");
		assertThat(Samples.methods(settings().build(), "Color$1")).containsExactly("Color$1.code()");
	}

	@Test
	void methodsOfInterfacesCountIfTheyHaveABody() {
		assertThat(Samples.methods(settings().build(), "Service")).containsExactlyInAnyOrder(
				"Service.byDefault(java.lang.Object)", "Service.ofInterface()", "Service.inside()");
	}

	@Test
	void bridgesAndAbstractMethodsDoNotCount() {
		assertThat(Samples.methods(settings().build(), "StringService")).containsExactlyInAnyOrder("StringService()",
				"StringService.serve(java.lang.String)");
	}

	@Test
	void annotationTypesDoNotCount() {
		assertThat(Samples.methods(settings().build(), "Marked")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Shop$$SpringCGLIB$$0", "Shop$$EnhancerBySpringCGLIB$$1a2b", "Shop$$FastClass$$0",
			"Shop$$FastClassBySpringCGLIB$$1", "$Proxy42", "Shop$MockitoMock$12", "Shop__BeanDefinitions" })
	void classesMadeAtRunTimeDoNotCount(String name) {
		assertThat(new MethodFilter(settings().build()).mayInclude(Samples.PACKAGE + "." + name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Shop$ProxyFactory", "Proxy1", "$Shop", "Shop$$Odd" })
	void classesNamedAlmostLikeThoseDo(String name) {
		assertThat(new MethodFilter(settings().build()).mayInclude(Samples.PACKAGE + "." + name)).isTrue();
	}

	@Test
	void whatKotlinAddsDoesNotCount() {
		ClassWriter writer = new ClassWriter(0);
		writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL, Samples.PACKAGE.replace('.', '/') + "/Money",
				null, "java/lang/Object", null);
		method(writer, Opcodes.ACC_PUBLIC, "plus", "()V", true);
		method(writer, Opcodes.ACC_PUBLIC, "copy", "()V", false);
		method(writer, Opcodes.ACC_PUBLIC, "component1", "()V", false);
		method(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, "copy$default", "()V", true);
		method(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNTHETIC, "<init>",
				"(Lkotlin/jvm/internal/DefaultConstructorMarker;)V", true);
		method(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_BRIDGE, "compareTo", "(Ljava/lang/Object;)V", true);
		ClassOutline money = ClassOutline.read(writer.toByteArray());

		assertThat(Samples.texts(new MethodFilter(settings().build()).methods(money))).containsExactly("Money.plus()");
	}

	@Test
	void kotlinLambdaDoesNotCount() {
		ClassWriter writer = new ClassWriter(0);
		writer.visit(Opcodes.V17, Opcodes.ACC_FINAL, Samples.PACKAGE.replace('.', '/') + "/Ops$hi$1", null,
				"kotlin/jvm/internal/Lambda", null);
		method(writer, Opcodes.ACC_PUBLIC, "invoke", "()V", true);
		ClassOutline lambda = ClassOutline.read(writer.toByteArray());

		assertThat(new MethodFilter(settings().build()).methods(lambda)).isEmpty();
	}

	@Test
	void codeCompiledWithoutLineNumbersCounts() {
		ClassWriter writer = new ClassWriter(0);
		writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, Samples.PACKAGE.replace('.', '/') + "/Lean", null,
				"java/lang/Object", null);
		method(writer, Opcodes.ACC_PUBLIC, "work", "()V", false);
		ClassOutline lean = ClassOutline.read(writer.toByteArray());

		assertThat(Samples.texts(new MethodFilter(settings().build()).methods(lean))).containsExactly("Lean.work()");
	}

	private static void method(ClassWriter writer, int access, String name, String descriptor, boolean lineNumber) {
		MethodVisitor method = writer.visitMethod(access, name, descriptor, null, null);
		method.visitCode();
		if (lineNumber) {
			Label label = new Label();
			method.visitLabel(label);
			method.visitLineNumber(7, label);
		}
		method.visitInsn(Opcodes.RETURN);
		method.visitMaxs(0, 3);
		method.visitEnd();
	}

	@Test
	void visibilityIsThatOfTheMethod() {
		assertThat(Samples.methods(settings().visibility(Visibility.PUBLIC).build(), "Shop"))
			.contains("Shop()", "Shop.open(java.lang.String[])")
			.doesNotContain("Shop(java.lang.String,int[])", "Shop.near()", "Shop.hidden(java.util.List,long[][])");
		assertThat(Samples.methods(settings().visibility(Visibility.PROTECTED).build(), "Shop"))
			.contains("Shop(java.lang.String,int[])")
			.doesNotContain("Shop.near()", "Shop.hidden(java.util.List,long[][])");
		assertThat(Samples.methods(settings().visibility(Visibility.PACKAGE_PRIVATE).build(), "Shop"))
			.contains("Shop.near()")
			.doesNotContain("Shop.hidden(java.util.List,long[][])");
	}

	@Test
	void constructorsCanBeLeftOut() {
		assertThat(Samples.methods(settings().excludeConstructors().build(), "Shop")).isNotEmpty()
			.noneMatch((method) -> method.startsWith("Shop("));
	}

	@Test
	void gettersAndSettersCanBeLeftOut() {
		assertThat(Samples.methods(settings().excludeGettersAndSetters().build(), "Shop")).contains("Shop.isBoxed()")
			.doesNotContain("Shop.getName()", "Shop.setName(java.lang.String)", "Shop.isOpen()");
	}

	static Stream<Arguments> settingsForClasses() {
		String pkg = Samples.PACKAGE;
		return Stream.of(Arguments.of("a package with those below", settings().packages(pkg), CLASSES),
				Arguments.of("a package of several", settings().packages("com.other", pkg), CLASSES),
				Arguments.of("trailing dot", settings().packages(pkg + "."), CLASSES),
				Arguments.of("a lower package", settings().packages(pkg + ".deep"), List.of("deep.Cellar")),
				Arguments.of("begin of a name", settings().packages("dev.apm4j.usage.sam"), List.of()),
				Arguments.of("excluded package", settings().excludePackages(pkg + ".deep"),
						List.of("Shop", "Shop$Nested", "Point")),
				Arguments.of("excluded begin of a name", settings().excludePackages(pkg + ".de"), CLASSES),
				Arguments.of("all excluded", settings().excludePackages(pkg), List.of()),
				Arguments.of("annotation", settings().annotations(pkg + ".Marked"), List.of("Shop")),
				Arguments.of("annotation nobody has", settings().annotations(pkg + ".Nope"), List.of()),
				Arguments.of("annotation or package",
						settings().annotations(pkg + ".Marked").additionalPackages(pkg + ".deep"),
						List.of("Shop", "deep.Cellar")),
				Arguments.of("annotation or pattern",
						settings().annotations(pkg + ".Marked").additionalByRegex(".*\\.Po.*"),
						List.of("Shop", "Point")),
				Arguments.of("additional package outside of the packages",
						settings().packages(pkg + ".deep").additionalPackages(pkg), List.of("deep.Cellar")),
				Arguments.of("excluded by pattern", settings().excludeByRegex(".*Shop.*"),
						List.of("Point", "deep.Cellar")),
				Arguments.of("pattern matches the whole name", settings().excludeByRegex("Shop", "sample"), CLASSES),
				Arguments.of("excluded wins over additional",
						settings().annotations(pkg + ".Marked")
							.additionalByRegex(".*Point", ".*Cellar")
							.excludeByRegex(".*Cellar", ".*Shop"),
						List.of("Point")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("settingsForClasses")
	void classesCountAsTheJavaAgentCountsThem(String what, ScanSettingsBuilder settings, List<String> expected) {
		MethodFilter filter = new MethodFilter(settings.build());

		Set<String> included = new TreeSet<>(
				CLASSES.stream().filter((name) -> !filter.methods(Samples.outline(name)).isEmpty()).toList());

		assertThat(included).containsExactlyInAnyOrderElementsOf(expected);
	}

	@Test
	void patternThatIsNoneIsSaid() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MethodFilter(settings().excludeByRegex("com.acme.(").build()))
			.withMessageContaining("com.acme.(");
	}

	@Test
	void whatIsNoClassFileHasNoOutline() {
		byte[] shop = Samples.classFile("Shop");
		byte[] newer = shop.clone();
		newer[7] = 120;

		assertThat(ClassOutline.read(new byte[0])).isNull();
		assertThat(ClassOutline.read("not a class".getBytes(java.nio.charset.StandardCharsets.UTF_8))).isNull();
		assertThat(ClassOutline.read(java.util.Arrays.copyOf(shop, shop.length / 2))).isNull();
		assertThat(ClassOutline.read(newer)).isNull();
	}

}
