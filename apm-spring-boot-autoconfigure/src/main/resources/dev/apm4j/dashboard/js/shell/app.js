import { LitElement, css, html, nothing } from 'lit';
import { fetchStatus } from '../core/api.js';
import { Poll } from '../core/poll.js';
import { href, router } from '../core/router.js';
import { base } from '../shared/styles.js';
import '../shared/notice.js';
import { VIEWS, viewOf } from './views.js';
import './header.js';

const STATUS_EVERY_MS = 4_000;

/** The frame: header, the view the address names, and the one place that asks for the app's status. */
class App extends LitElement {

	static properties = {
		route: { state: true },
	};

	static styles = [base, css`
		:host {
			display: grid;
			grid-template-rows: auto minmax(0, 1fr);
			height: 100vh;
			height: 100dvh;
		}

		main {
			min-height: 0;
			overflow: auto;
		}

		main:focus-visible {
			outline: none;
		}
	`];

	#status = new Poll(this, fetchStatus, STATUS_EVERY_MS);

	constructor() {
		super();
		this.route = router.route;
	}

	connectedCallback() {
		super.connectedCallback();
		this.unsubscribe = router.subscribe((route) => {
			this.route = route;
		});
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.unsubscribe();
	}

	updated() {
		const view = viewOf(this.route);
		document.title = [view?.title(this.route), this.#status.data?.service, 'apm4j'].filter(Boolean).join(' · ');
	}

	render() {
		const view = viewOf(this.route);
		return html`
			<apm-header .status=${this.#status.data} .failure=${this.#status.error} .at=${this.#status.at}
				.current=${view?.segment}></apm-header>
			<main tabindex="-1">
				${view ? view.render(this.route, this.#status.data) : html`
					<apm-notice heading="There is no such page" text=${`This address names no view: ${this.route.segments.join('/')}`}>
						<p>${VIEWS.map((known, i) => html`${i > 0 ? ' · ' : nothing}<a href=${href([known.segment])}>${known.label}</a>`)}</p>
					</apm-notice>`}
			</main>`;
	}

}

customElements.define('apm-app', App);
