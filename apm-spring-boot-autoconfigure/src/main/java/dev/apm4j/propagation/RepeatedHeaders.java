package dev.apm4j.propagation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Reads headers that may, or must not, occur several times. Getters know only one value
 * of a header, unless they are a {@link MultiValueGetter} or Micrometer Tracing is 1.7 or
 * later.
 */
final class RepeatedHeaders {

	/** {@code Propagator.Getter.getAll} of Micrometer Tracing 1.7. */
	private static final @Nullable MethodHandle GET_ALL = findGetAll();

	private RepeatedHeaders() {
	}

	private static @Nullable MethodHandle findGetAll() {
		try {
			return MethodHandles.publicLookup()
				.findVirtual(Propagator.Getter.class, "getAll",
						MethodType.methodType(Iterable.class, Object.class, String.class));
		}
		catch (NoSuchMethodException | IllegalAccessException ex) {
			return null;
		}
	}

	/**
	 * The value of a header that may occur only once.
	 * @return the value, or {@code null} if there is none or more than one
	 */
	static <C> @Nullable String single(C carrier, Propagator.Getter<C> getter, String name) {
		String first = getter.get(carrier, name);
		if (first == null) {
			return null;
		}
		Iterable<?> all = all(carrier, getter, name);
		if (all == null) {
			return first;
		}
		int count = 0;
		for (Object value : all) {
			if (value != null && ++count > 1) {
				return null;
			}
		}
		return first;
	}

	/**
	 * The values of a header whose value is a list, combined as RFC 9110 (section 5.3)
	 * says.
	 * @param enough number of characters after which no further header is read
	 * @return the combined value, or {@code null} if there is none
	 */
	static <C> @Nullable String combined(C carrier, Propagator.Getter<C> getter, String name, int enough) {
		String first = getter.get(carrier, name);
		if (first == null) {
			return null;
		}
		Iterable<?> all = all(carrier, getter, name);
		if (all == null) {
			return first;
		}
		String only = null;
		StringBuilder list = null;
		for (Object value : all) {
			if (!(value instanceof String text)) {
				continue;
			}
			if (only == null) {
				only = text;
				continue;
			}
			if (list == null) {
				list = new StringBuilder(only);
			}
			if (list.length() > enough) {
				break;
			}
			list.append(',').append(text);
		}
		return (list != null) ? list.toString() : (only != null) ? only : first;
	}

	private static <C> @Nullable Iterable<?> all(C carrier, Propagator.Getter<C> getter, String name) {
		if (getter instanceof MultiValueGetter<C> multiple) {
			return multiple.getAll(carrier, name);
		}
		if (GET_ALL == null) {
			return null;
		}
		try {
			return (Iterable<?>) GET_ALL.invoke(getter, carrier, name);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
