import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { plain } from '../core/format.js';
import { href } from '../core/router.js';
import { vars } from '../core/vars.js';
import { badges, base, sortable, tables } from '../shared/styles.js';
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

	static styles = [base, badges, tables, sortable, css`
		:host {
			background: var(--surface);
			border: 1px solid var(--line);
			border-radius: var(--radius);
			display: block;
		}

		thead th {
			border-radius: var(--radius) var(--radius) 0 0;
		}

		tbody tr:last-child > * {
			border-bottom: 0;
		}

		tbody th {
			background: none;
			font-size: inherit;
			font-weight: 500;
			max-width: 0;
			overflow: hidden;
			text-overflow: ellipsis;
			width: 32%;
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

		.zero {
			color: var(--muted);
		}

		.bad {
			color: var(--error);
			font-weight: 600;
		}

		.trend {
			width: 9rem;
		}

		@media (max-width: 1100px) {
			.col-p50,
			.col-max {
				display: none;
			}
		}

		@media (max-width: 760px) {
			table,
			tbody,
			thead {
				display: block;
			}

			thead tr {
				border-bottom: 1px solid var(--line);
				display: flex;
				flex-wrap: wrap;
				gap: 0 var(--gap-m);
				padding: 0.3rem var(--gap-s);
			}

			thead th {
				border: 0;
				padding: 0.15rem 0;
				position: static;
			}

			thead .trend {
				display: none;
			}

			tbody tr {
				border-bottom: 1px solid var(--line);
				column-gap: var(--gap-s);
				display: grid;
				grid-template-columns: repeat(4, minmax(0, 1fr));
				padding: 0.4rem var(--gap-s);
			}

			tbody tr:last-child {
				border-bottom: 0;
			}

			tbody th,
			tbody td,
			tbody td.number,
			tbody td.trend {
				border: 0;
				max-width: none;
				padding: 0.1rem 0;
				text-align: left;
				width: auto;
			}

			tbody th {
				grid-column: 1 / -1;
			}

			.col-p50,
			.col-max {
				display: block;
			}

			tbody td[data-label]::before {
				color: var(--muted);
				content: attr(data-label);
				display: block;
				font-size: var(--text-s);
				font-weight: 400;
			}

			tbody td.trend {
				grid-column: 1 / -1;
			}

			.share {
				display: none;
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
		return html`<th scope="col" class="col-${column.id} ${column.format ? 'number' : ''}"
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
		return html`<td class="number col-${column.id} ${failure ? (value > 0 ? 'bad' : 'zero') : ''}" data-label=${column.label}>${column.format(value)}${
			column.id === 'total' ? html`<span class="share" ${vars({ '--share': `${Math.max(0, Math.min(100, value / most * 100))}%` })}></span>` : nothing}</td>`;
	}

	#sql(column, endpoint, value) {
		return html`<td class="number col-sql" data-label=${column.label}>${endpoint.sqlRepeated > 0
			? html`<span class="badge warn" title="${endpoint.sqlRepeated} of ${endpoint.count} requests repeat a statement: a query in a loop?">N+1</span> ` : nothing}${value > 0
			? html`<a href=${href(['sql'], { endpoint: endpoint.name })} title="Its statements">${column.format(value)}</a>` : html`<span class="zero">–</span>`}</td>`;
	}

}

customElements.define('apm-endpoint-table', EndpointTable);
