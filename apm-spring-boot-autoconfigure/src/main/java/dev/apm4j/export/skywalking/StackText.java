package dev.apm4j.export.skywalking;

/**
 * Makes a stack trace fit by leaving out the outer frames of each exception: cut at its
 * end it would lose the causes, which say most.
 */
final class StackText {

	private static final int[] FRAMES = { 25, 12, 6, 3 };

	private StackText() {
	}

	static String fit(String stack, int maxLength) {
		if (stack.length() <= maxLength) {
			return stack;
		}
		String shortened = stack;
		for (int frames : FRAMES) {
			shortened = keep(stack, frames);
			if (shortened.length() <= maxLength) {
				break;
			}
		}
		return shortened;
	}

	private static String keep(String stack, int frames) {
		StringBuilder kept = new StringBuilder();
		int seen = 0;
		int start = 0;
		while (start < stack.length()) {
			int newline = stack.indexOf('\n', start);
			int end = (newline < 0) ? stack.length() : newline + 1;
			boolean frame = stack.startsWith("\tat ", start);
			boolean omission = stack.startsWith("\t... ", start);
			seen = frame ? seen + 1 : omission ? seen : 0;
			if (seen <= frames && !omission) {
				kept.append(stack, start, end);
			}
			else if (seen == frames + 1 && frame) {
				kept.append("\t...\n");
			}
			start = end;
		}
		return kept.toString();
	}

}
