package shop;

/**
 * Names as Kotlin's compiler makes them.
 */
public class InventoryService {

	public void load(Runnable query) {
		load$lambda$0(query);
	}

	private static void load$lambda$0(Runnable query) {
		$inlined$map$1.invoke(query);
	}

	/** Its binary name has the two dollars that proxies have, too. */
	static final class $inlined$map$1 {

		private $inlined$map$1() {
		}

		static void invoke(Runnable query) {
			query.run();
		}

	}

}
