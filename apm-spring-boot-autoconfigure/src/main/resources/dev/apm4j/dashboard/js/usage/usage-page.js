import { LitElement, css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { fetchUsage, usageReportUrl } from '../core/api.js';
import { count, dateTime, percent, plain } from '../core/format.js';
import { Poll } from '../core/poll.js';
import { href, router } from '../core/router.js';
import { base, tablePage } from '../shared/styles.js';
import '../shared/live-toggle.js';
import '../shared/notice.js';
import { notLoaded } from '../shared/not-loaded.js';
import './usage-tree.js';

const REFRESH_MS = 10_000;

const STATES = [['never', 'Never called'], ['called', 'Called'], ['', 'All']];

/** Which methods of the app were ever called. Parameters: find, show (never, called, all), open (a class), live. */
class UsagePage extends LitElement {

	static properties = {
		params: { attribute: false },
	};

	static styles = [base, tablePage, css`
		.states {
			display: inline-flex;
			gap: var(--gap-xs);
		}

		.summary {
			display: flex;
			flex-wrap: wrap;
			font-variant-numeric: tabular-nums;
			gap: var(--gap-xs) var(--gap-l);
			margin-bottom: var(--gap-m);
		}

		.summary > div {
			display: flex;
			gap: 0.4rem;
		}

		.summary dt {
			color: var(--muted);
		}

		@media (max-width: 640px) {
			.tools label {
				flex-basis: 100%;
			}
		}
	`];

	#poll = new Poll(this, (signal) => fetchUsage(this.#query(), signal), REFRESH_MS);

	willUpdate(changed) {
		this.#poll.paused = this.params.live === 'off';
		const before = changed.get('params');
		if (before && JSON.stringify(queryOf(before)) !== JSON.stringify(this.#query())) {
			this.#poll.refresh();
		}
	}

	#query() {
		return queryOf(this.params);
	}

	render() {
		const { find = '' } = this.params;
		const state = stateOf(this.params);
		return html`
			<h1 class="visually-hidden">Dead code</h1>
			<div class="tools">
				<label><span class="visually-hidden">Method contains</span>
					<input class="field" type="search" placeholder="Package, class or method contains" autocomplete="off" spellcheck="false"
						.value=${live(find)} @input=${(event) => router.replace({ find: event.target.value })}></label>
				<span class="states" role="group" aria-label="Which methods">${STATES.map(([id, label]) => html`<button class="button" type="button"
					aria-pressed=${String(state === id)} @click=${() => router.replace({ show: id === '' ? 'all' : id })}>${label}</button>`)}</span>
				<a class="button" href=${usageReportUrl()} target="_blank" rel="noopener">Text report</a>
				<apm-live-toggle .paused=${this.#poll.paused} .stale=${this.#poll.error !== null}
					@toggle-live=${() => router.replace({ live: this.#poll.paused ? '' : 'off' })}></apm-live-toggle>
			</div>
			${this.#content()}`;
	}

	#content() {
		const { data, error } = this.#poll;
		if (data === undefined) {
			return notLoaded(this.#poll, 'The methods can\'t be read');
		}
		if (!data.enabled) {
			return html`<apm-notice heading="Dead code is not looked for"
				text="With apm.scavenger.enabled=true the app records which of its methods are ever called, and lists here those that are not.">
				<p class="mono">apm.scavenger.enabled: true</p></apm-notice>`;
		}
		if (data.recording.state !== 'active') {
			return html`<apm-notice tone=${data.recording.state === 'unavailable' ? 'error' : ''}
				heading=${data.recording.state === 'unavailable' ? 'Calls are not recorded, so nothing is known to be dead' : 'Recording has not begun yet'}
				text=${plain(data.recording.reason)}>${data.recording.remedy ? html`<p>${plain(data.recording.remedy)}</p>` : nothing}</apm-notice>`;
		}
		return html`${error === null ? nothing : html`<p class="problem" role="status">Not fresh: ${error.message}</p>`}
			${this.#summary(data)}
			${data.packages.length === 0 ? this.#nothing(data) : html`<apm-usage-tree class=${error === null ? '' : 'stale'} .packages=${data.packages}
				.open=${this.params.open} .state=${stateOf(this.params)} .find=${this.params.find ?? ''}
				@open-class=${(event) => router.replace({ open: event.detail })}></apm-usage-tree>`}
			${data.truncated ? html`<p class="muted" role="status">Not all classes are shown. Search for a package to see the others.</p>` : nothing}`;
	}

	#summary({ counts, since, scan, recording, publication }) {
		const facts = [
			['Never called', `${count(counts.never)} of ${count(counts.methods)} (${percent(counts.methods > 0 ? counts.never / counts.methods : NaN)})`],
			['Unknown', counts.unknown > 0 ? count(counts.unknown) : ''],
			['Recorded since', since ? dateTime(since) : ''],
			['By', plain(recording.means)],
			['Code base', scanText(scan)],
			['Collector', publication ? plain(publication.text) : ''],
		];
		return html`<dl class="summary">${facts.filter(([, value]) => value).map(([label, value]) => html`<div><dt>${label}</dt><dd class="foreign">${value}</dd></div>`)}</dl>`;
	}

	#nothing({ counts, scan }) {
		if (scan.state !== 'done') {
			return html`<p class="muted" role="status">${scan.state === 'failed' ? 'The classes could not be read. The log says why.' : 'The classes are being read…'}</p>`;
		}
		if (this.params.find) {
			return html`<apm-notice heading="No method matches" text="${count(counts.methods)} methods are known.">
				<p><a href=${href(['usage'])}>Show all that were never called</a></p></apm-notice>`;
		}
		return html`<apm-notice heading=${stateOf(this.params) === 'never' ? 'Every method was called' : 'No method was called yet'}
			text="${count(counts.methods)} methods are known."></apm-notice>`;
	}

}

function scanText({ state, methods, leftOut, unreadable }) {
	switch (state) {
		case 'done':
			return [`${count(methods)} methods`, leftOut > 0 ? `${count(leftOut)} beyond the limit` : '', unreadable > 0 ? `${count(unreadable)} files unreadable` : '']
				.filter(Boolean).join(', ');
		case 'failed':
			return 'could not be read';
		default:
			return `being read, ${count(methods)} methods so far`;
	}
}

function stateOf({ show }) {
	return show === 'all' ? '' : show === 'called' ? 'called' : 'never';
}

function queryOf(params) {
	return { find: params.find, state: stateOf(params), methods: 'false' };
}

customElements.define('apm-usage-page', UsagePage);
