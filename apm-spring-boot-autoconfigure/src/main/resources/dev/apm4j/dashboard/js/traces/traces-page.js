import { LitElement, css, html, nothing } from 'lit';
import { fetchTraces } from '../core/api.js';
import { Poll } from '../core/poll.js';
import { href, router } from '../core/router.js';
import { base } from '../shared/styles.js';
import '../shared/live-toggle.js';
import '../shared/notice.js';
import { filterOf, isFiltering, queryOf } from './filter.js';
import './first-steps.js';
import './trace-filter.js';
import './trace-table.js';

const REFRESH_MS = 3_000;

/** The newest traces, refreshed while one looks. Parameters: name, service, minDuration, error, limit, live, at (selected trace). */
class TracesPage extends LitElement {

	static properties = {
		params: { attribute: false },
		status: { attribute: false },
	};

	static styles = [base, css`
		:host {
			display: block;
			padding: var(--gap-m) var(--gap-l) var(--gap-l);
		}

		.tools {
			align-items: start;
			display: flex;
			flex-wrap: wrap;
			gap: var(--gap-s);
			justify-content: space-between;
			margin-bottom: var(--gap-m);
		}

		apm-trace-filter {
			flex: 1;
		}

		.problem {
			color: var(--error);
			margin-bottom: var(--gap-s);
		}

		.stale {
			opacity: 0.8;
		}

		@media (max-width: 640px) {
			:host {
				padding: var(--gap-s) var(--gap-m) var(--gap-m);
			}

			.tools {
				margin-bottom: var(--gap-s);
			}
		}
	`];

	#poll = new Poll(this, (signal) => fetchTraces(queryOf(filterOf(this.params)), signal), REFRESH_MS);

	#onKey = (event) => {
		const typing = event.composedPath()[0].matches?.('input, select, textarea');
		if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			this.renderRoot.querySelector('apm-trace-filter').focus();
		}
		else if (event.key === 'ArrowDown' && (document.activeElement === document.body || typing && event.composedPath()[0].type === 'search')) {
			// Straight from the address bar or the filter into the list.
			const table = this.renderRoot.querySelector('apm-trace-table');
			if (table) {
				event.preventDefault();
				table.focus();
			}
		}
	};

	connectedCallback() {
		super.connectedCallback();
		document.addEventListener('keydown', this.#onKey);
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		document.removeEventListener('keydown', this.#onKey);
	}

	willUpdate(changed) {
		this.#poll.paused = this.params.live === 'off';
		const before = changed.get('params');
		if (before && JSON.stringify(queryOf(filterOf(before))) !== JSON.stringify(queryOf(filterOf(this.params)))) {
			this.#poll.refresh();
		}
	}

	render() {
		return html`
			<h1 class="visually-hidden">Traces</h1>
			<div class="tools">
				<apm-trace-filter .filter=${filterOf(this.params)} @filter-change=${(event) => router.replace(event.detail)}
					@open-trace=${(event) => router.go(['traces', event.detail])}></apm-trace-filter>
				<apm-live-toggle .paused=${this.#poll.paused} .stale=${this.#poll.error !== null}
					@toggle-live=${() => router.replace({ live: this.#poll.paused ? '' : 'off' })}></apm-live-toggle>
			</div>
			${this.#content()}`;
	}

	#content() {
		const { data: traces, error } = this.#poll;
		if (traces === undefined) {
			return error === null ? html`<p class="muted" role="status">Loading…</p>`
					: html`<apm-notice tone="error" heading="The traces can't be read" text=${error.message}>
						<p class="muted">This page keeps trying.</p></apm-notice>`;
		}
		if (traces.length === 0) {
			return isFiltering(filterOf(this.params)) ? this.#nothingFound() : html`<apm-first-steps .status=${this.status}></apm-first-steps>`;
		}
		return html`${error === null ? nothing : html`<p class="problem" role="status">Not fresh: ${error.message}</p>`}
			<apm-trace-table class=${error === null ? '' : 'stale'} .traces=${traces} .selected=${this.params.at}
				@select-trace=${(event) => router.replace({ at: event.detail })}></apm-trace-table>`;
	}

	#nothingFound() {
		return html`<apm-notice heading="No trace matches" text="Traces exist only for a while: the store gives up the oldest first.">
			<p><a href=${href(['traces'])}>Show all traces</a></p></apm-notice>`;
	}

}

customElements.define('apm-traces-page', TracesPage);
