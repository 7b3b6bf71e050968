import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { plain } from '../core/format.js';
import { href } from '../core/router.js';
import { vars } from '../core/vars.js';
import { badges, base, statistics, tables } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import { COLUMNS } from './sorting.js';
import './sparkline.js';

const WINDOW_MINUTES = 30;

/** Endpoints with their numbers; a name leads to its traces. Fires "sort-by" with a column. */
class EndpointTable extends LitElement {

	static properties = {
		endpoints: { attribute: false },
		sorting: { attribute: false },
	};

	static styles = [base, badges, tables, statistics, css`
		tbody th {
			font-weight: 500;
			overflow: hidden;
			text-overflow: ellipsis;
		}

		tbody th a {
			color: var(--text);
			overflow-wrap: normal;
		}

		tbody th a:focus-visible {
			outline-offset: -2px;
		}

		.kind {
			margin-right: var(--gap-xs);
		}

		@media (min-width: 761px) {
			tbody th {
				width: 32%;
			}

			.trend {
				width: 9rem;
			}
		}

		@media (max-width: 760px) {
			thead .trend {
				display: none;
			}

			tbody td.trend {
				grid-column: 1 / -1;
			}
		}
	`];

	render() {
		const most = this.endpoints.reduce((max, endpoint) => Math.max(max, endpoint.total || 0), 1);
		const until = this.endpoints.reduce((max, { minutes }) => (minutes ?? []).reduce((later, { minute }) => Math.max(later, minute), max), 0);
		return html`<table aria-label="Endpoints">
			<thead><tr>${COLUMNS.map((column) => this.#head(column))}<th scope="col" class="trend">Last ${WINDOW_MINUTES} min</th></tr></thead>
			<tbody>${repeat(this.endpoints, (endpoint) => `${endpoint.kind} ${endpoint.name}`, (endpoint) => this.#row(endpoint, most, until))}</tbody>
		</table>`;
	}

	#head(column) {
		const sorted = this.sorting.column === column;
		return html`<th scope="col" class="${column.format ? 'number' : ''} ${column.extra ? 'extra' : ''}"
			aria-sort=${sorted ? (this.sorting.ascending ? 'ascending' : 'descending') : nothing}><button class="sort" type="button"
			@click=${() => this.dispatchEvent(new CustomEvent('sort-by', { detail: column }))}>${column.label}${sorted
				? glyph(this.sorting.ascending ? 'up' : 'down') : nothing}</button></th>`;
	}

	#row(endpoint, most, until) {
		return html`<tr>
			<th scope="row" title=${plain(endpoint.name)}>${endpoint.kind === 'SERVER' ? nothing : html`<span class="badge kind">${String(endpoint.kind).toLowerCase()}</span>`}<a
				class="foreign" href=${href(['traces'], { name: endpoint.name })}>${plain(endpoint.name) || '(no name)'}</a></th>
			${COLUMNS.filter((column) => column.format).map((column) => this.#cell(column, endpoint, most))}
			<td class="trend"><apm-sparkline .minutes=${endpoint.minutes ?? []} .until=${until} .length=${WINDOW_MINUTES}></apm-sparkline></td>
		</tr>`;
	}

	#cell(column, endpoint, most) {
		const value = column.value(endpoint);
		if (column.id === 'sql') {
			return this.#sql(column, endpoint, value);
		}
		const failure = column.id === 'errors' || column.id === 'errorRate';
		return html`<td class="number ${column.extra ? 'extra' : ''} ${failure ? (value > 0 ? 'bad' : 'zero') : ''}" data-label=${column.label}>${column.format(value)}${
			column.id === 'total' ? html`<span class="share" ${vars({ '--share': `${Math.max(0, Math.min(100, value / most * 100))}%` })}></span>` : nothing}</td>`;
	}

	#sql(column, endpoint, value) {
		return html`<td class="number" data-label=${column.label}>${endpoint.sqlRepeated > 0
			? html`<span class="badge warn" title="${endpoint.sqlRepeated} of ${endpoint.count} requests repeat a statement: a query in a loop?">N+1</span> ` : nothing}${value > 0
			? html`<a href=${href(['sql'], { endpoint: endpoint.name })} title="Its statements">${column.format(value)}</a>` : html`<span class="zero">–</span>`}</td>`;
	}

}

customElements.define('apm-endpoint-table', EndpointTable);
