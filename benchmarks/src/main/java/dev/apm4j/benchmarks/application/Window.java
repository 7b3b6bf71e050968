package dev.apm4j.benchmarks.application;

/**
 * What a request cost in one window, in the plain application and in the other one.
 *
 * @param plain the first
 * @param traced the second
 * @param spans that the second one's collector got for a request
 */
record Window(Cost plain, Cost traced, double spans) {

	double cpuRatio() {
		return this.traced.cpuMicros() / this.plain.cpuMicros();
	}

	/**
	 * What one request cost, on average.
	 *
	 * @param webCpuMicros CPU time of the web server's threads
	 * @param otherCpuMicros CPU time of all others, save the compilers'
	 * @param webBytes allocated by the web server's threads
	 * @param otherBytes allocated by the others
	 * @param medianMicros duration that the client saw, the median
	 */
	record Cost(double webCpuMicros, double otherCpuMicros, double webBytes, double otherBytes, double medianMicros) {

		static Cost between(ProcessFigures before, ProcessFigures after, long[] durations) {
			double requests = durations.length;
			return new Cost(after.webCpuNanosSince(before) / requests / 1e3,
					after.otherCpuNanosSince(before) / requests / 1e3, after.webBytesSince(before) / requests,
					after.otherBytesSince(before) / requests, durations[durations.length / 2] / 1e3);
		}

		double cpuMicros() {
			return this.webCpuMicros + this.otherCpuMicros;
		}

		double bytes() {
			return this.webBytes + this.otherBytes;
		}

	}

}
