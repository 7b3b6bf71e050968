package dev.apm4j.usage.sample;

public record Point(int x, String label, double ratio) {

	public static final Point ZERO = new Point(0, "", 0);

	public Point {
		label = label.strip();
	}

	@Override
	public double ratio() {
		return Math.max(this.ratio, 0);
	}

	public double distance() {
		return this.x * this.ratio;
	}

}
