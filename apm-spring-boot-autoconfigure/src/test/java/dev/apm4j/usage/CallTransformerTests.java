package dev.apm4j.usage;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallTransformer}: what is not woven, and is known not to be.
 */
class CallTransformerTests {

	private static final MethodKey RUN = new MethodKey(GeneratedClass.NAME, "run", "()V");

	private final UnrecordedMethods unrecorded = new UnrecordedMethods(10);

	private MethodTable table = new MethodTable(1000);

	@Test
	void classOfAnotherPackageIsLeftAlone() {
		byte[] classFile = WovenSamples.classFiles().get(0);
		assertThat(transform(getClass().getClassLoader(), "com/acme/Shop", classFile)).isNull();
		assertThat(this.unrecorded.classes()).isEmpty();
	}

	@Test
	void classThatCanNotSeeTheRecorderIsLeftAloneAndUnrecorded() {
		ClassLoader elsewhere = new WovenSamples.Loader(ClassLoader.getPlatformClassLoader());
		assertThat(transform(elsewhere, GeneratedClass.ofVersion(Opcodes.V17))).isNull();
		assertThat(this.unrecorded.classes()).isEqualTo(Map.of(UnrecordedReason.OTHER_CLASS_LOADER, 1));
		assertThat(this.unrecorded.contains(RUN)).isTrue();
	}

	@Test
	void classOfAnApplicationWithItsOwnCopyIsThatOnesBusiness() {
		ClassLoader other = new ClassLoader(null) {

			@Override
			protected Class<?> findClass(String name) throws ClassNotFoundException {
				if (name.equals(MethodCalls.class.getName())) {
					byte[] copy = GeneratedClass.ofVersion(Opcodes.V17, name);
					return defineClass(name, copy, 0, copy.length);
				}
				throw new ClassNotFoundException(name);
			}

		};
		assertThat(transform(other, GeneratedClass.ofVersion(Opcodes.V17))).isNull();
		assertThat(this.unrecorded.classes()).isEmpty();
		assertThat(this.unrecorded.contains(RUN)).isFalse();
	}

	@Test
	void classFileOfAFutureJavaIsUnrecorded() {
		byte[] classFile = GeneratedClass.ofVersion(Opcodes.V17);
		classFile[7] = (byte) 200;
		assertThat(transform(classFile)).isNull();
		assertThat(this.unrecorded.classes()).isEqualTo(Map.of(UnrecordedReason.NEWER_CLASS_FILE, 1));
	}

	@Test
	void brokenClassFileIsUnrecorded() {
		byte[] classFile = GeneratedClass.ofVersion(Opcodes.V17);
		byte[] broken = new byte[classFile.length / 2];
		System.arraycopy(classFile, 0, broken, 0, broken.length);
		assertThat(transform(broken)).isNull();
		assertThat(this.unrecorded.classes()).isEqualTo(Map.of(UnrecordedReason.FAILED, 1));
	}

	@Test
	void noMoreMethodsThanMayBeAreWovenAndTheRestIsUnrecorded() {
		this.table = new MethodTable(3);
		assertThat(transform(GeneratedClass.ofVersion(Opcodes.V17))).isNull();
		assertThat(this.unrecorded.classes()).isEqualTo(Map.of(UnrecordedReason.LIMIT, 1));
		assertThat(this.table.size()).isZero();
	}

	@Test
	void methodThatIsTooLargeIsUnrecordedAndTheOthersAreWoven() {
		byte[] woven = transform(GeneratedClass.withMethodOf(65_533));
		assertThat(woven).isNotNull();
		assertThat(this.unrecorded.contains(new MethodKey(GeneratedClass.NAME, "large", "()V"))).isTrue();
		assertThat(this.unrecorded.contains(RUN)).isFalse();
		assertThat(this.unrecorded.methods()).isOne();
		assertThat(new WovenSamples.Loader().define(GeneratedClass.NAME, woven).getDeclaredMethods()).isNotEmpty();
	}

	@Test
	void methodThatAnotherAgentReplacedIsWoven() {
		byte[] woven = transform(GeneratedClass.withMethodsOfAnotherAgent());
		assertThat(woven).isNotNull();
		assertThat(this.table.indexOf(RUN)).isNotNegative();
		assertThat(this.table.indexOf(new MethodKey(GeneratedClass.NAME, "written", "()V"))).isNotNegative();
	}

	@Test
	void failureToJudgeANameMakesTheClassUnrecorded() {
		CallTransformer transformer = new CallTransformer(() -> {
			throw new StackOverflowError();
		}, this.table, this.unrecorded);
		assertThat(transformer.transform(null, getClass().getClassLoader(), GeneratedClass.NAME.replace('.', '/'), null,
				null, GeneratedClass.ofVersion(Opcodes.V17)))
			.isNull();
		assertThat(this.unrecorded.contains(RUN)).isTrue();
	}

	@Test
	void whatWeavesIsNotWoven() {
		CallTransformer transformer = new CallTransformer(
				() -> List.of(new MethodFilter(new ScanSettingsBuilder().packages("dev", "org").build())), this.table,
				this.unrecorded);
		ClassLoader loader = getClass().getClassLoader();
		byte[] classFile = GeneratedClass.ofVersion(Opcodes.V17);
		assertThat(transformer.transform(null, loader, "dev/apm4j/usage/MethodCalls", null, null, classFile)).isNull();
		assertThat(transformer.transform(null, loader, "org/objectweb/asm/ClassReader", null, null, classFile))
			.isNull();
		assertThat(this.unrecorded.contains(new MethodKey(MethodCalls.class.getName(), "hit", "(I)V"))).isTrue();
		assertThat(this.table.size()).isZero();
	}

	/** Whatever it used first could not be loaded by the application any more. */
	@Test
	void classesOfTheJdkAreLeftAloneBeforeAnythingIsUsed() {
		CallTransformer transformer = new CallTransformer(() -> {
			throw new IllegalStateException("used");
		}, this.table, this.unrecorded);
		assertThat(transformer.transform(null, null, "java/util/LinkedHashMap", null, null, new byte[0])).isNull();
	}

	@Test
	void moreUnrecordedClassesThanCanBeKeptMeansThatNothingIsCertain() {
		for (int i = 0; i <= 10; i++) {
			this.unrecorded.add("com.acme.C" + i, UnrecordedReason.FAILED);
		}
		assertThat(this.unrecorded.contains(RUN)).isTrue();
	}

	private byte[] transform(byte[] classFile) {
		return transform(new WovenSamples.Loader(), classFile);
	}

	private byte[] transform(ClassLoader loader, byte[] classFile) {
		return transform(loader, GeneratedClass.NAME.replace('.', '/'), classFile);
	}

	private byte[] transform(ClassLoader loader, String name, byte[] classFile) {
		CallTransformer transformer = new CallTransformer(() -> List.of(new MethodFilter(WovenSamples.SETTINGS)),
				this.table, this.unrecorded);
		return transformer.transform(null, loader, name, null, null, classFile);
	}

}
