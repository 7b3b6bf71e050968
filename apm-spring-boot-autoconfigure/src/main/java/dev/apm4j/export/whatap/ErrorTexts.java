package dev.apm4j.export.whatap;

import dev.apm4j.export.FailureText;
import dev.apm4j.trace.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * What an error packet says.
 *
 * @param type the exception's class, or the status
 * @param message what went wrong, on one line
 * @param stack as {@link CallStack} has it; empty without an exception
 */
record ErrorTexts(String type, String message, String stack) {

	/**
	 * The texts of what a span failed with.
	 * @param span the span
	 * @param freeText masks the message
	 * @return the texts
	 */
	static ErrorTexts of(SpanData span, FreeText freeText) {
		Throwable error = span.error();
		if (error != null) {
			return of(error, freeText);
		}
		int status = SpanValues.status(span);
		String type = SpanValues.text(span, SpanValues.ERROR_TYPE);
		String shown = (type != null) ? freeText.line(type) : (status > 0) ? Integer.toString(status) : "error";
		return new ErrorTexts(shown, message(status), "");
	}

	private static ErrorTexts of(Throwable error, FreeText freeText) {
		FailureText text = FailureText.of(error);
		return new ErrorTexts(text.type(), freeText.line(text.message()), CallStack.text(text.stack(), freeText));
	}

	/** The reason phrase of RFC 9110, which responses do not carry any more. */
	private static String message(int status) {
		String phrase = switch (status) {
			case 400 -> "Bad Request";
			case 401 -> "Unauthorized";
			case 402 -> "Payment Required";
			case 403 -> "Forbidden";
			case 404 -> "Not Found";
			case 405 -> "Method Not Allowed";
			case 406 -> "Not Acceptable";
			case 407 -> "Proxy Authentication Required";
			case 408 -> "Request Timeout";
			case 409 -> "Conflict";
			case 410 -> "Gone";
			case 411 -> "Length Required";
			case 412 -> "Precondition Failed";
			case 413 -> "Content Too Large";
			case 414 -> "URI Too Long";
			case 415 -> "Unsupported Media Type";
			case 416 -> "Range Not Satisfiable";
			case 417 -> "Expectation Failed";
			case 421 -> "Misdirected Request";
			case 422 -> "Unprocessable Content";
			case 423 -> "Locked";
			case 425 -> "Too Early";
			case 426 -> "Upgrade Required";
			case 428 -> "Precondition Required";
			case 429 -> "Too Many Requests";
			case 431 -> "Request Header Fields Too Large";
			case 500 -> "Internal Server Error";
			case 501 -> "Not Implemented";
			case 502 -> "Bad Gateway";
			case 503 -> "Service Unavailable";
			case 504 -> "Gateway Timeout";
			case 505 -> "HTTP Version Not Supported";
			case 507 -> "Insufficient Storage";
			default -> null;
		};
		return (phrase != null) ? phrase : (status > 0) ? "HTTP status " + status : "";
	}

	/** The cause of an exception whose methods may be overridden and fail. */
	static @Nullable Throwable cause(Throwable error) {
		try {
			return error.getCause();
		}
		catch (Throwable ex) {
			// Anybody's code.
			return null;
		}
	}

}
