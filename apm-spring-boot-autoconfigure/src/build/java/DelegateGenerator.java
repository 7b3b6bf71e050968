import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;

/**
 * Writes the base classes of the JDBC wrappers: each method, default ones too, calls the
 * same method of a delegate. Run by the build with two arguments, the folder for the
 * sources and the Java release whose interfaces are meant: a JDK that is newer than that
 * has further methods, which the release doesn't know.
 */
final class DelegateGenerator {

	private static final String PACKAGE = "dev.apm4j.instrument.jdbc";

	private final Elements elements;

	private final Types types;

	private DelegateGenerator(JavacTask compiler) {
		this.elements = compiler.getElements();
		this.types = compiler.getTypes();
	}

	public static void main(String[] args) throws IOException {
		Path folder = Files.createDirectories(Path.of(args[0]).resolve(PACKAGE.replace('.', '/')));
		JavacTask compiler = (JavacTask) ToolProvider.getSystemJavaCompiler()
			.getTask(null, null, null, List.of("--release", args[1], "-proc:none"), null, List.of(new EmptySource()));
		compiler.analyze();
		DelegateGenerator generator = new DelegateGenerator(compiler);
		generator.write(folder, "Connection", "");
		generator.write(folder, "Statement", "");
		generator.write(folder, "PreparedStatement", "Statement");
		generator.write(folder, "CallableStatement", "PreparedStatement");
		generator.write(folder, "ResultSet", "");
		generator.write(folder, "DatabaseMetaData", "");
	}

	/**
	 * Writes one class. With a base its superclass is the traced class of that interface,
	 * so that a prepared statement is traced as every other where it is one.
	 */
	private void write(Path folder, String name, String base) throws IOException {
		StringBuilder text = new StringBuilder();
		text.append("package ").append(PACKAGE).append(";\n\n");
		text.append("/** Calls a {@link java.sql.").append(name).append("}. Generated, see DelegateGenerator. */\n");
		text.append("@org.jspecify.annotations.NullUnmarked\n");
		text.append("@SuppressWarnings({ \"deprecation\", \"removal\", \"all\" })\n");
		text.append("abstract class Delegating").append(name);
		text.append(base.isEmpty() ? "" : " extends Traced" + base);
		text.append(" implements java.sql.").append(name).append(" {\n\n");
		text.append("\tprivate final java.sql.").append(name).append(" delegate;\n\n");
		if (base.isEmpty()) {
			text.append("\tDelegating").append(name).append("(java.sql.").append(name).append(" delegate) {\n");
		}
		else {
			text.append("\tDelegating").append(name).append("(java.sql.").append(name);
			text.append(" delegate, TracedConnection connection, @org.jspecify.annotations.Nullable String text) {\n");
			text.append("\t\tsuper(delegate, connection, text);\n");
		}
		text.append("\t\tthis.delegate = delegate;\n\t}\n\n");
		text.append(base.isEmpty() ? "" : "\t@Override\n").append("\tjava.sql.").append(name);
		text.append(" delegate() {\n\t\treturn this.delegate;\n\t}\n\n");
		if (base.equals("Statement")) {
			text.append("\tabstract boolean recordsParameters();\n\n");
			text.append("\tabstract void bound(int index, Object value, long length);\n\n");
			text.append("\tabstract void bound(String name, Object value, long length);\n\n");
		}
		if (name.equals("DatabaseMetaData")) {
			text.append("\tabstract java.sql.ResultSet result(java.sql.ResultSet rows);\n\n");
		}
		for (ExecutableElement method : methods(name, base)) {
			writeMethod(text, method, !base.isEmpty());
		}
		if (base.isEmpty()) {
			text.append("\t@Override\n\tpublic String toString() {\n\t\treturn String.valueOf(delegate());\n\t}\n\n");
		}
		text.append("}\n");
		Path file = folder.resolve("Delegating" + name + ".java");
		// A file that stays the same isn't compiled again.
		if (!Files.exists(file) || !Files.readString(file).contentEquals(text)) {
			Files.writeString(file, text);
		}
	}

	private List<ExecutableElement> methods(String name, String base) {
		Set<String> known = new HashSet<>();
		if (!base.isEmpty()) {
			all(base).forEach((method) -> known.add(signature(method)));
		}
		List<ExecutableElement> methods = new ArrayList<>();
		for (ExecutableElement method : all(name)) {
			if (!method.getModifiers().contains(Modifier.STATIC) && known.add(signature(method))) {
				methods.add(method);
			}
		}
		return methods;
	}

	private List<ExecutableElement> all(String name) {
		TypeElement type = this.elements.getTypeElement("java.sql." + name);
		return ElementFilter.methodsIn(this.elements.getAllMembers(type))
			.stream()
			.filter((method) -> !method.getEnclosingElement().toString().equals("java.lang.Object"))
			.sorted(Comparator.comparing(this::signature))
			.toList();
	}

	private String signature(ExecutableElement method) {
		return method.getSimpleName() + method.getParameters()
			.stream()
			.map((parameter) -> this.types.erasure(parameter.asType()).toString())
			.collect(Collectors.joining(",", "(", ")"));
	}

	private void writeMethod(StringBuilder text, ExecutableElement method, boolean parameters) {
		List<? extends VariableElement> arguments = method.getParameters();
		text.append("\t@Override\n\tpublic ");
		if (!method.getTypeParameters().isEmpty()) {
			text.append(method.getTypeParameters()
				.stream()
				.map(Object::toString)
				.collect(Collectors.joining(", ", "<", "> ")));
		}
		text.append(method.getReturnType()).append(' ').append(method.getSimpleName());
		text.append(arguments.stream()
			.map((argument) -> argument.asType() + " " + argument.getSimpleName())
			.collect(Collectors.joining(", ", "(", ")")));
		if (!method.getThrownTypes().isEmpty()) {
			text.append(" throws ")
				.append(method.getThrownTypes().stream().map(Object::toString).collect(Collectors.joining(", ")));
		}
		text.append(" {\n");
		writeOwnAnswer(text, method);
		text.append("\t\t").append((method.getReturnType().getKind() != TypeKind.VOID) ? "return " : "");
		boolean result = method.getEnclosingElement().getSimpleName().contentEquals("DatabaseMetaData")
				&& method.getReturnType().toString().equals("java.sql.ResultSet");
		text.append(result ? "result(" : "").append("this.delegate.").append(method.getSimpleName());
		text.append(arguments.stream()
			.map((argument) -> argument.getSimpleName().toString())
			.collect(Collectors.joining(", ", "(", result ? "));\n" : ");\n")));
		if (parameters && method.getSimpleName().toString().startsWith("set") && arguments.size() > 1) {
			writeBinding(text, method.getSimpleName().contentEquals("setNull"), arguments);
		}
		text.append("\t}\n\n");
	}

	/** The wrapper is what it wraps, and itself. */
	private static void writeOwnAnswer(StringBuilder text, ExecutableElement method) {
		String name = method.getSimpleName().toString();
		if (name.equals("unwrap") || name.equals("isWrapperFor")) {
			String type = method.getParameters().get(0).getSimpleName().toString();
			text.append("\t\tif (").append(type).append(".isInstance(this)) {\n\t\t\treturn ");
			text.append(name.equals("unwrap") ? type + ".cast(this)" : "true").append(";\n\t\t}\n");
		}
	}

	/** The value of a parameter; of a stream the length, where it is known. */
	private static void writeBinding(StringBuilder text, boolean isNull, List<? extends VariableElement> arguments) {
		String type = arguments.get(1).asType().toString();
		boolean stream = type.equals("java.io.InputStream") || type.equals("java.io.Reader");
		text.append("\t\tif (recordsParameters()) {\n\t\t\tbound(").append(arguments.get(0).getSimpleName());
		text.append(", ").append(isNull ? "null" : arguments.get(1).getSimpleName()).append(", ");
		text.append((stream && arguments.size() > 2) ? arguments.get(2).getSimpleName() : "-1L").append(");\n\t\t}\n");
	}

	/** The compiler wants something to compile before it tells about types. */
	private static final class EmptySource extends SimpleJavaFileObject {

		EmptySource() {
			super(URI.create("string:///Empty.java"), JavaFileObject.Kind.SOURCE);
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return "interface Empty { }";
		}

	}

}
