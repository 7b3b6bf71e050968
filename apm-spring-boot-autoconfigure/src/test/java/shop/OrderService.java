package shop;

import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * Code of an application, which is looked for on the stack.
 */
public class OrderService {

	/** The line of the call in {@link #load}. */
	public static final int LINE = 22;

	/**
	 * Makes the same call several times.
	 * @param times how often
	 * @param call the call
	 */
	public void load(int times, Callable<?> call) {
		IntStream.range(0, times).forEach((i) -> {
			try {
				call.call();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	/**
	 * Calls {@link #load} from further out.
	 * @param times how often
	 * @param call the call
	 */
	public void loadAll(int times, Callable<?> call) {
		load(times, call);
	}

}
