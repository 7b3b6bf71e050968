package dev.apm4j.export.whatap;

/**
 * The byte in front of a value. Source: golib's {@code lang/value}.
 */
final class ValueType {

	static final int NULL = 0;

	static final int BOOL = 10;

	static final int DECIMAL = 20;

	static final int INT = 21;

	static final int LONG = 22;

	static final int FLOAT = 30;

	static final int DOUBLE = 40;

	static final int TEXT = 50;

	static final int TEXT_HASH = 51;

	static final int BLOB = 60;

	static final int IP4 = 61;

	static final int LIST = 70;

	static final int MAP = 80;

	private ValueType() {
	}

}
