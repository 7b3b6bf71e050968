import { LitElement, css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { fetchStatements } from '../core/api.js';
import { count, dateTime, plain } from '../core/format.js';
import { Poll } from '../core/poll.js';
import { href, router } from '../core/router.js';
import { base, tablePage } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import '../shared/live-toggle.js';
import '../shared/notice.js';
import { notLoaded } from '../shared/not-loaded.js';
import { queryOf, sortColumn } from './columns.js';
import './statement-table.js';

const REFRESH_MS = 5_000;

/** Which SQL the app executes, how long that takes, and who does it. Parameters: sort, find, endpoint, open (a statement's key), live. */
class SqlPage extends LitElement {

	static properties = {
		params: { attribute: false },
		status: { attribute: false },
	};

	static styles = [base, tablePage, css`
		.endpoint {
			max-width: 24rem;
		}

		.endpoint .foreign {
			overflow: hidden;
			text-overflow: ellipsis;
		}
	`];

	#poll = new Poll(this, (signal) => fetchStatements(queryOf(this.params), signal), REFRESH_MS);

	willUpdate(changed) {
		this.#poll.paused = this.params.live === 'off';
		const before = changed.get('params');
		if (before && JSON.stringify(queryOf(before)) !== JSON.stringify(queryOf(this.params))) {
			this.#poll.refresh();
		}
	}

	render() {
		const { find = '', endpoint = '' } = this.params;
		const since = this.#poll.data?.since;
		return html`
			<h1 class="visually-hidden">SQL</h1>
			<div class="tools">
				<label><span class="visually-hidden">Statement contains</span>
					<input class="field" type="search" placeholder="Statement contains" autocomplete="off" spellcheck="false"
						.value=${live(find)} @input=${(event) => router.replace({ find: event.target.value })}></label>
				${endpoint === '' ? nothing : html`<button class="button endpoint" type="button" aria-pressed="true" title="Show the statements of all endpoints"
					@click=${() => router.replace({ endpoint: '' })}><span class="foreign">Executed by ${plain(endpoint)}</span>${glyph('close')}</button>`}
				<span class="muted since">${since ? `All requests${endpoint === '' ? '' : ' of all endpoints'} since ${dateTime(since)}, sampled or not` : ''}</span>
				<apm-live-toggle .paused=${this.#poll.paused} .stale=${this.#poll.error !== null}
					@toggle-live=${() => router.replace({ live: this.#poll.paused ? '' : 'off' })}></apm-live-toggle>
			</div>
			${this.#content()}`;
	}

	#content() {
		const { data, error } = this.#poll;
		if (data === undefined) {
			return notLoaded(this.#poll, 'The statements can\'t be read');
		}
		if (data.statements.length === 0) {
			return data.known > 0 ? this.#nothingFound(data.known) : this.#nothingExecuted();
		}
		return html`${error === null ? nothing : html`<p class="problem" role="status">Not fresh: ${error.message}</p>`}
			<apm-statement-table class=${error === null ? '' : 'stale'} .statements=${data.statements} .total=${data.total}
				.sort=${sortColumn(this.params)} .open=${this.params.open}
				@sort-by=${(event) => router.replace({ sort: event.detail.id })}
				@open-statement=${(event) => router.replace({ open: event.detail })}></apm-statement-table>`;
	}

	#nothingFound(known) {
		return html`<apm-notice heading="No statement matches" text="${count(known)} statements are known.">
			<p><a href=${href(['sql'])}>Show all statements</a></p></apm-notice>`;
	}

	#nothingExecuted() {
		const jdbc = this.status?.instrumentations?.find((each) => each.name === 'jdbc');
		return html`<apm-notice heading="No SQL was executed yet"
			text="Each statement that a request, a job or a message executes over a DataSource of the app appears here, with literals masked. Statements of the start, such as migrations, are not counted.">
			${jdbc && !jdbc.enabled ? html`<p>SQL is not recorded: <span class="foreign">${jdbc.reason}</span></p>` : nothing}
			<p><a href=${href(['traces'])}>How to send a request</a></p></apm-notice>`;
	}

}

customElements.define('apm-sql-page', SqlPage);
