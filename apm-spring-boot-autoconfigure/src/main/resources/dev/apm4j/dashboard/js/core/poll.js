// Keeps a component's data fresh: asks at once, then again and again while the page is looked at.

const MAX_DELAY_MS = 30_000;

/** A Lit reactive controller. The last good data stays when a call fails, so a restart of the app doesn't empty the page. */
export class Poll {

	#host;

	#load;

	#interval;

	#timer = null;

	#abort = null;

	#failures = 0;

	#connected = false;

	#paused = false;

	#onVisible = () => {
		if (!document.hidden && !this.#paused) {
			this.refresh();
		}
	};

	/** What the last successful call returned. */
	data = undefined;

	/** @type {Error|null} why the last call failed, null when it didn't */
	error = null;

	/** Epoch ms of the last successful call, 0 before it. */
	at = 0;

	/**
	 * @param {import('lit').ReactiveControllerHost} host
	 * @param {(signal: AbortSignal) => Promise<unknown>} load
	 * @param {number} interval in ms between an answer and the next call
	 */
	constructor(host, load, interval) {
		this.#host = host;
		this.#load = load;
		this.#interval = interval;
		host.addController(this);
	}

	get paused() {
		return this.#paused;
	}

	set paused(paused) {
		if (this.#paused !== paused) {
			this.#paused = paused;
			if (!paused) {
				this.refresh();
			}
			else if (this.data !== undefined) {
				clearTimeout(this.#timer);
			}
		}
	}

	hostConnected() {
		this.#connected = true;
		document.addEventListener('visibilitychange', this.#onVisible);
		this.refresh();
	}

	hostDisconnected() {
		this.#connected = false;
		document.removeEventListener('visibilitychange', this.#onVisible);
		clearTimeout(this.#timer);
		this.#abort?.abort();
	}

	/** Asks now, also when paused. A call under way is given up: its answer would be to an older question. */
	async refresh() {
		if (!this.#connected) {
			return;
		}
		clearTimeout(this.#timer);
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		try {
			const data = await this.#load(abort.signal);
			if (abort.signal.aborted) {
				return;
			}
			this.data = data;
			this.error = null;
			this.at = Date.now();
			this.#failures = 0;
		}
		catch (ex) {
			if (abort.signal.aborted) {
				return;
			}
			this.error = ex;
			this.#failures++;
		}
		this.#host.requestUpdate();
		this.#schedule();
	}

	#schedule() {
		// Pausing holds what is shown; as long as there is nothing to hold, go on trying.
		if (this.#connected && (!this.#paused || this.data === undefined)) {
			const delay = Math.min(this.#interval * 2 ** Math.min(this.#failures, 4), MAX_DELAY_MS);
			this.#timer = setTimeout(() => {
				// Nobody looks at a hidden tab; visibilitychange starts again.
				if (!document.hidden) {
					this.refresh();
				}
			}, delay);
		}
	}

}
