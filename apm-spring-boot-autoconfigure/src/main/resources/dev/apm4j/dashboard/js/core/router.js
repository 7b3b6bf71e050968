// The page's whole state is in location.hash, so that every view can be bookmarked, shared and gone back to:
// #/traces?name=orders&error=true   #/traces/<traceId>?span=<id>   #/endpoints?sort=p95

/**
 * @typedef {object} Route
 * @property {string[]} segments the decoded parts of the path, the first one names the view
 * @property {Record<string, string>} params the query, first value wins
 */

// Browsers refuse history writes that come too fast (Safari: 100 in 30 s); holding an arrow key would get there.
const WRITE_DELAY_MS = 200;

/** @param {string} hash @returns {Route} */
export function parse(hash) {
	const [path, ...query] = hash.replace(/^#?\/?/, '').split('?');
	const params = {};
	for (const [name, value] of new URLSearchParams(query.join('?'))) {
		params[name] ??= value;
	}
	return { segments: path.split('/').filter((segment) => segment !== '').map(decode), params };
}

/**
 * The address of a view, for links. Parameters that are empty, false or missing are left out.
 * @param {string[]} segments
 * @param {Record<string, unknown>} [params]
 */
export function href(segments, params = {}) {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(params)) {
		if (value !== undefined && value !== null && value !== '' && value !== false) {
			query.set(name, String(value));
		}
	}
	const text = query.toString();
	return `#/${segments.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

class Router {

	#listeners = new Set();

	#pending = null;

	/** @type {Route} */
	route = parse(location.hash);

	constructor() {
		addEventListener('hashchange', () => {
			this.#forget();
			this.#show(parse(location.hash));
		});
		// A link must leave the entry it goes away from complete, or "back" would lose what is still pending.
		document.addEventListener('click', () => this.flush(), { capture: true });
		addEventListener('pagehide', () => this.flush());
	}

	/** Goes to another view: a new entry in the history. */
	go(segments, params) {
		this.flush();
		location.hash = href(segments, params);
	}

	/** Changes parameters of this view: no new entry in the history. The others stay as they are. */
	replace(params) {
		const route = { segments: this.route.segments, params: { ...this.route.params, ...params } };
		this.route = parse(href(route.segments, route.params));
		clearTimeout(this.#pending);
		this.#pending = setTimeout(() => this.flush(), WRITE_DELAY_MS);
		this.#show(this.route);
	}

	/** Writes what replace() still holds back. */
	flush() {
		if (this.#pending !== null) {
			this.#forget();
			history.replaceState(null, '', href(this.route.segments, this.route.params));
		}
	}

	/** @param {(route: Route) => void} listener @returns {() => void} ends the subscription */
	subscribe(listener) {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#forget() {
		clearTimeout(this.#pending);
		this.#pending = null;
	}

	#show(route) {
		this.route = route;
		for (const listener of this.#listeners) {
			listener(route);
		}
	}

}

function decode(text) {
	try {
		return decodeURIComponent(text);
	}
	catch {
		// A mistyped address: take it literally rather than show nothing.
		return text;
	}
}

export const router = new Router();
