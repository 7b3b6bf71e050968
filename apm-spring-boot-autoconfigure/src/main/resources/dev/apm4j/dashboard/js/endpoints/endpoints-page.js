import { LitElement, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { fetchEndpoints } from '../core/api.js';
import { count, dateTime } from '../core/format.js';
import { Poll } from '../core/poll.js';
import { href, router } from '../core/router.js';
import { base, tablePage } from '../shared/styles.js';
import '../shared/live-toggle.js';
import '../shared/notice.js';
import { notLoaded } from '../shared/not-loaded.js';
import { sorted, sortedBy, sortingOf } from './sorting.js';
import './endpoint-table.js';

const REFRESH_MS = 5_000;

/** What the app was asked for, and how it did. Parameters: sort, dir, find, live. */
class EndpointsPage extends LitElement {

	static properties = {
		params: { attribute: false },
	};

	static styles = [base, tablePage];

	#poll = new Poll(this, fetchEndpoints, REFRESH_MS);

	willUpdate() {
		this.#poll.paused = this.params.live === 'off';
	}

	render() {
		const since = this.#poll.data?.since;
		return html`
			<h1 class="visually-hidden">Endpoints</h1>
			<div class="tools">
				<label><span class="visually-hidden">Name contains</span>
					<input class="field" type="search" placeholder="Name contains" autocomplete="off" spellcheck="false"
						.value=${live(this.params.find ?? '')} @input=${(event) => router.replace({ find: event.target.value })}></label>
				<span class="muted since">${since ? `All requests since ${dateTime(since)}, sampled or not` : ''}</span>
				<apm-live-toggle .paused=${this.#poll.paused} .stale=${this.#poll.error !== null}
					@toggle-live=${() => router.replace({ live: this.#poll.paused ? '' : 'off' })}></apm-live-toggle>
			</div>
			${this.#content()}`;
	}

	#content() {
		const { data, error } = this.#poll;
		if (data === undefined) {
			return notLoaded(this.#poll, 'The endpoints can\'t be read');
		}
		if (data.endpoints.length === 0) {
			return html`<apm-notice heading="No endpoint was called yet"
				text="Each endpoint, consumer and job appears here after its first call, with its rate, failures and percentiles.">
				<p><a href=${href(['traces'])}>How to send a request</a></p></apm-notice>`;
		}
		const words = (this.params.find ?? '').trim().toLowerCase();
		const shown = data.endpoints.filter((endpoint) => String(endpoint.name).toLowerCase().includes(words));
		if (shown.length === 0) {
			return html`<apm-notice heading="No endpoint matches" text="${count(data.endpoints.length)} endpoints are known."></apm-notice>`;
		}
		const sorting = sortingOf(this.params);
		return html`${error === null ? nothing : html`<p class="problem" role="status">Not fresh: ${error.message}</p>`}
			<apm-endpoint-table class=${error === null ? '' : 'stale'} .endpoints=${sorted(shown, sorting)} .sorting=${sorting}
			@sort-by=${(event) => router.replace(sortedBy(sorting, event.detail))}></apm-endpoint-table>`;
	}

}

customElements.define('apm-endpoints-page', EndpointsPage);
