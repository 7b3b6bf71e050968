package dev.apm4j.usage;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PendingInvocations}.
 */
class PendingInvocationsTests {

	private final PendingInvocations pending = new PendingInvocations();

	private static List<MethodKey> methods(int... numbers) {
		return Arrays.stream(numbers).mapToObj(MethodsInHand::key).toList();
	}

	@Test
	void keepsAMethodUnderItsLatestInterval() {
		this.pending.add(1, methods(1, 2));
		this.pending.add(2, methods(2, 3));
		assertThat(this.pending.methods(1)).isEqualTo(methods(1));
		assertThat(this.pending.methods(2)).isEqualTo(methods(2, 3));
		assertThat(this.pending.size()).isEqualTo(3);
	}

	@Test
	void forgetsAnIntervalOfWhichNothingIsLeft() {
		this.pending.add(1, methods(1));
		this.pending.add(2, methods(1));
		assertThat(this.pending.oldest()).isEqualTo(2);
	}

	@Test
	void keepsAnEmptyIntervalOnlyAlone() {
		this.pending.add(1, methods());
		this.pending.add(2, methods());
		assertThat(this.pending.oldest()).isEqualTo(2);
		this.pending.add(3, methods(1));
		this.pending.add(4, methods());
		assertThat(this.pending.oldest()).isEqualTo(3);
		this.pending.remove(3, methods(1));
		assertThat(this.pending.isEmpty()).isTrue();
	}

	@Test
	void staysBoundedAndNeverSaysThatSomethingWasCalledLaterThanItWas() {
		for (int i = 0; i < 1000; i++) {
			this.pending.add(i, methods(i));
		}
		assertThat(this.pending.size()).isEqualTo(1000);
		int intervals = 0;
		for (Long start = this.pending.oldest(); start != null; start = this.pending.oldest()) {
			List<MethodKey> methods = this.pending.methods(start);
			long began = start;
			assertThat(methods).allSatisfy(
					(method) -> assertThat(Long.parseLong(method.name().substring(1))).isGreaterThanOrEqualTo(began));
			this.pending.remove(start, methods);
			intervals++;
		}
		assertThat(intervals).isEqualTo(PendingInvocations.MAX_INTERVALS);
	}

	@Test
	void endsAnIntervalWithItsLastMethod() {
		this.pending.add(1, methods(1, 2));
		this.pending.remove(1, methods(1));
		assertThat(this.pending.methods(1)).isEqualTo(methods(2));
		this.pending.remove(1, methods(2));
		assertThat(this.pending.oldest()).isNull();
		this.pending.remove(1, methods(3));
		assertThat(this.pending.isEmpty()).isTrue();
	}

}
