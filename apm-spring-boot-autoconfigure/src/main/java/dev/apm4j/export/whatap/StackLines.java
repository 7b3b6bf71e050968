package dev.apm4j.export.whatap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lines of a printed stack trace in the agent's order. The exception's own frames go
 * first; its causes, which often say most, get up to half of the lines: the frames that
 * they do not have in common with what is above them.
 */
final class StackLines {

	private static final int MAX_CAUSES = 3;

	private static final int FRAMES_OF_CAUSE = 7;

	private static final int MAX_CAUSE = 300;

	private static final String FRAME = "\tat ";

	private static final String CAUSE = "Caused by: ";

	/** The frames of the exception, the innermost first. */
	private final List<String> frames = new ArrayList<>();

	/** Of the causes, as they are printed. */
	private final List<String> causes = new ArrayList<>();

	StackLines(String printed, FreeText freeText) {
		Set<String> seen = new HashSet<>();
		int start = 0;
		int cause = 0;
		int left = Integer.MAX_VALUE;
		while (start < printed.length()) {
			int newline = printed.indexOf('\n', start);
			int end = (newline < 0) ? printed.length() : newline;
			if (printed.startsWith(FRAME, start)) {
				String frame = frame(printed.substring(start + FRAME.length(), end), freeText);
				if (!seen.add(frame)) {
					// What both have in common, but for recursion, goes on to the end.
					left = (cause > 0) ? 0 : left;
				}
				if (cause == 0) {
					this.frames.add(frame);
				}
				else if (left > 0 && cause <= MAX_CAUSES) {
					this.causes.add(frame);
					left--;
				}
			}
			else if (printed.startsWith(CAUSE, start) && ++cause <= MAX_CAUSES) {
				String line = freeText.line(printed.substring(start, end));
				this.causes.add(line.substring(0, Math.min(line.length(), MAX_CAUSE)));
				left = FRAMES_OF_CAUSE;
			}
			start = end + 1;
		}
	}

	/** A message may have lines that look like frames. */
	private static String frame(String line, FreeText freeText) {
		boolean plain = line.endsWith(")") && line.indexOf(' ') < 0 && line.indexOf('=') < 0 && line.indexOf('"') < 0;
		return plain ? line : freeText.line(line);
	}

	String text() {
		int own = Math.min(this.frames.size(), CallStack.MAX_FRAMES - this.causes.size());
		StringBuilder text = new StringBuilder();
		int characters = 0;
		int ownEnd = 0;
		while (ownEnd < own && characters < CallStack.MAX_CHARACTERS) {
			characters += this.frames.get(ownEnd++).length() + 1;
		}
		int causesEnd = 0;
		while (causesEnd < this.causes.size() && characters < CallStack.MAX_CHARACTERS) {
			characters += this.causes.get(causesEnd++).length() + 1;
		}
		append(text, this.causes, causesEnd);
		append(text, this.frames, ownEnd);
		return text.toString();
	}

	private static void append(StringBuilder text, List<String> lines, int count) {
		for (int i = count - 1; i >= 0; i--) {
			text.append(lines.get(i)).append('\n');
		}
	}

}
