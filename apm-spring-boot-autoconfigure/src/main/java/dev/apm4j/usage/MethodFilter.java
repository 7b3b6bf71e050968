package dev.apm4j.usage;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

import dev.apm4j.usage.ClassOutline.MethodOutline;

/**
 * Decides which methods count, for the scan and for the recording alike: whatever the one
 * lists and the other does not see would look dead for ever.
 * <p>
 * What the settings say means what it means to Scavenger's Java agent 1.1. Beyond that
 * only methods count that have code and that somebody wrote. These don't:
 * <ul>
 * <li>abstract and native methods, class initializers, and {@code toString()}, which
 * debuggers and loggers call and the Java agent leaves out as well,
 * <li>what the compiler marks as its own (synthetic, bridge): bodies of lambda
 * expressions, whose enclosing method counts instead, Kotlin's {@code $default} methods
 * and marker constructors,
 * <li>what it makes without marking: {@code values()} and {@code valueOf} of enums; of
 * records {@code equals}, {@code hashCode} and accessors that only return their
 * component; constructors of anonymous classes; methods without line numbers in classes
 * that have them, such as {@code copy} and {@code component1} of Kotlin's data classes;
 * Kotlin's classes for lambda expressions,
 * <li>classes and methods that bear an annotation {@code Generated}, and classes that are
 * generated while the application runs, such as proxies.
 * </ul>
 * Methods of interfaces that have a body count. Default constructors do: one that is
 * never called tells of a class that is never used.
 * <p>
 * Immutable and thread-safe.
 */
final class MethodFilter {

	private static final int NOT_BY_HAND = Opcodes.ACC_SYNTHETIC | Opcodes.ACC_BRIDGE;

	private static final int WITHOUT_CODE = Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE;

	private static final List<String> GENERATED_CLASSES = List.of("CGLIB$$", "$$FastClass", "$$Lambda",
			"$HibernateProxy$", "$HibernateInstantiator$", "$HibernateAccessOptimizer$", "$MockitoMock$", "$ByteBuddy$",
			"$auxiliary$", "_$$_jvst", "__BeanDefinitions", "__BeanFactoryRegistrations", "__Autowiring",
			"__ApplicationContextInitializer");

	private static final Pattern PROXY = Pattern.compile(".*\\.\\$Proxy\\d+");

	private static final List<String> KOTLIN_LAMBDAS = List.of("kotlin/jvm/internal/",
			"kotlin/coroutines/jvm/internal/");

	private static final Pattern KOTLIN_COMPONENT = Pattern.compile("component\\d+");

	private final List<String> packages;

	private final List<String> excludePackages;

	private final List<String> additionalPackages;

	private final Set<String> annotations;

	private final List<Pattern> excludeByRegex;

	private final List<Pattern> additionalByRegex;

	private final Visibility visibility;

	private final boolean excludeConstructors;

	private final boolean excludeGettersAndSetters;

	/**
	 * Makes a filter.
	 * @param settings what counts
	 * @throws IllegalArgumentException for a pattern that is none
	 */
	MethodFilter(ScanSettings settings) {
		this.packages = prefixes(settings.packages());
		this.excludePackages = prefixes(settings.excludePackages());
		this.additionalPackages = prefixes(settings.additionalPackages());
		this.annotations = Set.copyOf(settings.annotations());
		this.excludeByRegex = patterns(settings.excludeByRegex());
		this.additionalByRegex = patterns(settings.additionalByRegex());
		this.visibility = settings.visibility();
		this.excludeConstructors = settings.excludeConstructors();
		this.excludeGettersAndSetters = settings.excludeGettersAndSetters();
	}

	/**
	 * Whether a class can count, judged by its name alone: the quick answer for the many
	 * that can't.
	 * @param className binary name
	 * @return {@code false} if none of its methods counts
	 */
	boolean mayInclude(String className) {
		return startsWithAny(className, this.packages) && !startsWithAny(className, this.excludePackages)
				&& GENERATED_CLASSES.stream().noneMatch(className::contains) && !PROXY.matcher(className).matches()
				&& !matchesAny(className, this.excludeByRegex);
	}

	/**
	 * Whether methods of a class can count.
	 * @param type the class
	 * @return {@code false} if none of its methods counts
	 */
	boolean includes(ClassOutline type) {
		return mayInclude(type.name()) && !type.is(Opcodes.ACC_SYNTHETIC | Opcodes.ACC_ANNOTATION | Opcodes.ACC_MODULE)
				&& !isKotlinLambda(type) && type.annotations().stream().noneMatch(MethodFilter::isGenerated)
				&& isWanted(type);
	}

	/**
	 * The methods of a class that count.
	 * @param type the class
	 * @return its methods in the class file's order, empty if none counts
	 */
	List<CodeBaseMethod> methods(ClassOutline type) {
		return methods(type, (method) -> method.lineNumbers() || !type.lineNumbers());
	}

	/**
	 * The methods of a class that would count by its class file as compiled, judged by
	 * one that another agent may have changed. Such an agent may put a method without
	 * line numbers in the place of the one that somebody wrote.
	 * @param type the class as the JVM is about to have it
	 * @return all that count, and those without line numbers
	 */
	List<CodeBaseMethod> methodsToWeave(ClassOutline type) {
		return methods(type, (method) -> true);
	}

	private List<CodeBaseMethod> methods(ClassOutline type, Predicate<MethodOutline> written) {
		if (!includes(type)) {
			return List.of();
		}
		return type.methods()
			.stream()
			.filter((method) -> includes(type, method) && written.test(method))
			.map((method) -> new CodeBaseMethod(new MethodKey(type.name(), method.name(), method.descriptor()),
					method.access()))
			.toList();
	}

	private boolean includes(ClassOutline type, MethodOutline method) {
		return !method.is(NOT_BY_HAND | WITHOUT_CODE) && !method.name().equals("<clinit>")
				&& this.visibility.includes(Visibility.of(method.access()))
				&& !(method.isConstructor() && (this.excludeConstructors || type.anonymous()))
				&& !(this.excludeGettersAndSetters && isGetterOrSetter(method))
				&& !(method.name().equals("toString") && method.descriptor().startsWith("()"))
				&& !(type.isEnum() && isOfEveryEnum(type, method)) && !method.generated();
	}

	private boolean isWanted(ClassOutline type) {
		return this.annotations.isEmpty() || type.annotations().stream().anyMatch(this.annotations::contains)
				|| startsWithAny(type.name(), this.additionalPackages)
				|| matchesAny(type.name(), this.additionalByRegex);
	}

	private static boolean isKotlinLambda(ClassOutline type) {
		String superName = type.superName();
		return superName != null && KOTLIN_LAMBDAS.stream().anyMatch(superName::startsWith);
	}

	private static boolean isGenerated(String annotation) {
		return annotation.endsWith(".Generated");
	}

	private static boolean isGetterOrSetter(MethodOutline method) {
		String name = method.name();
		Type type = Type.getMethodType(method.descriptor());
		int arguments = type.getArgumentCount();
		boolean isVoid = type.getReturnType().getSort() == Type.VOID;
		if (arguments == 0 && !isVoid) {
			return name.startsWith("get") || (name.startsWith("is") && type.getReturnType().getSort() == Type.BOOLEAN)
					|| KOTLIN_COMPONENT.matcher(name).matches();
		}
		return arguments == 1 && isVoid && name.startsWith("set");
	}

	private static boolean isOfEveryEnum(ClassOutline type, MethodOutline method) {
		String self = "L" + type.name().replace('.', '/') + ";";
		return method.is(Opcodes.ACC_STATIC) && switch (method.name()) {
			case "values", "$values" -> method.descriptor().equals("()[" + self);
			case "valueOf" -> method.descriptor().equals("(Ljava/lang/String;)" + self);
			default -> false;
		};
	}

	private static boolean startsWithAny(String className, List<String> prefixes) {
		for (String prefix : prefixes) {
			if (className.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	private static boolean matchesAny(String className, List<Pattern> patterns) {
		for (Pattern pattern : patterns) {
			if (pattern.matcher(className).matches()) {
				return true;
			}
		}
		return false;
	}

	private static List<String> prefixes(List<String> packages) {
		return packages.stream()
			.map(String::strip)
			.map((name) -> name.replaceFirst("\\.+$", ""))
			.filter((name) -> !name.isEmpty())
			.map((name) -> name + ".")
			.toList();
	}

	private static List<Pattern> patterns(List<String> texts) {
		return texts.stream()
			.map(String::strip)
			.filter((text) -> !text.isEmpty())
			.flatMap(MethodFilter::pattern)
			.toList();
	}

	private static Stream<Pattern> pattern(String text) {
		try {
			return Stream.of(Pattern.compile(text));
		}
		catch (PatternSyntaxException ex) {
			throw new IllegalArgumentException("'%s' is no regular expression: %s".formatted(text, ex.getDescription()),
					ex);
		}
	}

}
