package dev.apm4j.usage;

import java.nio.file.Path;
import java.util.List;

/**
 * Settings by which all methods of the samples count, unless said otherwise.
 */
final class ScanSettingsBuilder {

	static final String SAMPLES = "dev.apm4j.usage.sample";

	private List<Path> codeBase = List.of();

	private List<String> packages = List.of(SAMPLES);

	private List<String> excludePackages = List.of();

	private List<String> additionalPackages = List.of();

	private List<String> annotations = List.of();

	private List<String> excludeByRegex = List.of();

	private List<String> additionalByRegex = List.of();

	private Visibility visibility = Visibility.PRIVATE;

	private boolean excludeConstructors;

	private boolean excludeGettersAndSetters;

	private int maxMethods = 100_000;

	ScanSettingsBuilder codeBase(Path... codeBase) {
		this.codeBase = List.of(codeBase);
		return this;
	}

	ScanSettingsBuilder packages(String... packages) {
		this.packages = List.of(packages);
		return this;
	}

	ScanSettingsBuilder excludePackages(String... packages) {
		this.excludePackages = List.of(packages);
		return this;
	}

	ScanSettingsBuilder additionalPackages(String... packages) {
		this.additionalPackages = List.of(packages);
		return this;
	}

	ScanSettingsBuilder annotations(String... annotations) {
		this.annotations = List.of(annotations);
		return this;
	}

	ScanSettingsBuilder excludeByRegex(String... patterns) {
		this.excludeByRegex = List.of(patterns);
		return this;
	}

	ScanSettingsBuilder additionalByRegex(String... patterns) {
		this.additionalByRegex = List.of(patterns);
		return this;
	}

	ScanSettingsBuilder visibility(Visibility visibility) {
		this.visibility = visibility;
		return this;
	}

	ScanSettingsBuilder excludeConstructors() {
		this.excludeConstructors = true;
		return this;
	}

	ScanSettingsBuilder excludeGettersAndSetters() {
		this.excludeGettersAndSetters = true;
		return this;
	}

	ScanSettingsBuilder maxMethods(int maxMethods) {
		this.maxMethods = maxMethods;
		return this;
	}

	ScanSettings build() {
		return new ScanSettings(this.codeBase, this.packages, this.excludePackages, this.additionalPackages,
				this.annotations, this.excludeByRegex, this.additionalByRegex, this.visibility,
				this.excludeConstructors, this.excludeGettersAndSetters, this.maxMethods);
	}

}
