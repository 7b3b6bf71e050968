package dev.apm4j.usage.sample;

public enum Color {

	RED, GREEN {
		@Override
		int code() {
			return 2;
		}
	};

	int code() {
		return 1;
	}

	public static Color valueOf(int code) {
		return (code == 1) ? RED : GREEN;
	}

	static Color[] values(boolean all) {
		return all ? values() : new Color[0];
	}

}
