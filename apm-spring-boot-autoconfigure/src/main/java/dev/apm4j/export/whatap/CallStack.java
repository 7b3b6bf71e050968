package dev.apm4j.export.whatap;

/**
 * A stack as the agent wants it: one line a frame, the outermost first. It takes the
 * first 50 lines ({@code trace_error_callstack_depth}) and turns them round, so only the
 * innermost 50 frames may be sent.
 */
final class CallStack {

	/** The agent's default. */
	static final int MAX_FRAMES = 50;

	static final int MAX_CHARACTERS = 8 * 1024;

	private static final String LAMBDA = "$$Lambda";

	private CallStack() {
	}

	/**
	 * The text of a stack.
	 * @param frames the frames, the innermost first
	 * @return a line for each, the outermost first; frames that are too many are missing
	 * at its beginning
	 */
	static String text(StackTraceElement[] frames) {
		String[] lines = new String[Math.min(frames.length, MAX_FRAMES)];
		int count = 0;
		int characters = 0;
		while (count < lines.length) {
			String line = line(frames[count]);
			characters += line.length() + 1;
			if (characters > MAX_CHARACTERS) {
				break;
			}
			lines[count++] = line;
		}
		StringBuilder text = new StringBuilder();
		for (int i = count - 1; i >= 0; i--) {
			text.append(lines[i]).append('\n');
		}
		return text.toString();
	}

	/**
	 * Without loader, module and version, and without what numbers lambdas: the agent
	 * counts stacks that are the same.
	 */
	private static String line(StackTraceElement frame) {
		String type = frame.getClassName();
		int lambda = type.indexOf(LAMBDA);
		String place = (frame.getFileName() != null) ? frame.getFileName() : "Unknown Source";
		if (frame.isNativeMethod()) {
			place = "Native Method";
		}
		else if (frame.getFileName() != null && frame.getLineNumber() >= 0) {
			place += ":" + frame.getLineNumber();
		}
		return ((lambda > 0) ? type.substring(0, lambda + LAMBDA.length()) : type) + '.' + frame.getMethodName() + '('
				+ place + ')';
	}

	/**
	 * The text of a stack trace with those of its causes, as far as there is room. As the
	 * agent turns the lines round, the causes come first here.
	 * @param printed the stack trace as it is printed
	 * @param freeText masks what the causes say
	 * @return a line for each frame and for each cause
	 */
	static String text(String printed, FreeText freeText) {
		return new StackLines(printed, freeText).text();
	}

	/**
	 * The end of a stack that has to be shorter, which is its innermost part.
	 * @param stack the stack
	 * @param maxCharacters how long it may be
	 * @return its last lines
	 */
	static String innermost(String stack, int maxCharacters) {
		if (stack.length() <= maxCharacters) {
			return stack;
		}
		int line = stack.indexOf('\n', stack.length() - maxCharacters - 1);
		return stack.substring(line + 1);
	}

}
