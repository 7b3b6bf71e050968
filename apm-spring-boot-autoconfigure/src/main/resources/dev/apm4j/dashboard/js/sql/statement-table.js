import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { percent, plain } from '../core/format.js';
import { vars } from '../core/vars.js';
import { badges, base, statistics, tables } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import { COLUMNS, keyOf } from './columns.js';
import './statement-detail.js';

/** Statements with their numbers; a row opens to show who executes it. Fires "sort-by" (a column) and "open-statement" (a key, or nothing). */
class StatementTable extends LitElement {

	static properties = {
		statements: { attribute: false },
		total: { attribute: false },
		sort: { attribute: false },
		open: { attribute: false },
	};

	static styles = [base, badges, tables, statistics, css`
		tbody th {
			font-weight: 400;
			padding-left: var(--gap-xs);
		}

		.open {
			align-items: baseline;
			background: none;
			border: 0;
			cursor: pointer;
			display: flex;
			gap: 0.35rem;
			max-width: 100%;
			padding: 0.1rem 0.2rem;
			text-align: left;
		}

		.open .glyph {
			align-self: center;
			color: var(--muted);
		}

		.open:focus-visible {
			outline-offset: -2px;
		}

		.name {
			color: var(--text);
			flex: none;
			font-weight: 500;
		}

		.text {
			color: var(--muted);
			flex: 0 1 auto;
			min-width: 0;
			overflow: hidden;
			overflow-wrap: normal;
			text-overflow: ellipsis;
		}

		tr.opened,
		tr.opened:hover {
			background: var(--selected);
		}

		tr.detail td {
			padding: 0;
			white-space: normal;
		}

		tr.detail:hover {
			background: none;
		}

		@media (min-width: 761px) {
			tbody th {
				width: 45%;
			}
		}

		@media (max-width: 760px) {
			tbody tr.detail,
			tr.detail td {
				display: block;
				padding: 0;
			}
		}
	`];

	render() {
		return html`<table aria-label="SQL statements">
			<thead><tr><th scope="col">Statement</th>${COLUMNS.map((column) => this.#head(column))}</tr></thead>
			${repeat(this.statements, keyOf, (statement) => this.#body(statement))}
		</table>`;
	}

	#head(column) {
		return html`<th scope="col" class="number ${column.extra ? 'extra' : ''}" title=${column.title ?? nothing}
			aria-sort=${column === this.sort ? 'descending' : nothing}><button class="sort" type="button"
			@click=${() => this.dispatchEvent(new CustomEvent('sort-by', { detail: column }))}>${column.label}${
				column === this.sort ? glyph('down') : nothing}</button></th>`;
	}

	#body(statement) {
		const key = keyOf(statement);
		const open = key === this.open;
		return html`<tbody>
			<tr class=${open ? 'opened' : ''}>
				<th scope="row"><button class="open" type="button" aria-expanded=${open ? 'true' : 'false'}
					@click=${() => this.dispatchEvent(new CustomEvent('open-statement', { detail: open ? '' : key }))}>${glyph(open ? 'down' : 'right')}
					${statement.system ? html`<span class="badge foreign" title=${plain(statement.namespace)}>${plain(statement.system)}</span>` : nothing}
					<span class="name foreign">${plain(statement.name)}</span>
					<span class="text mono foreign" title=${plain(statement.text)}>${plain(statement.text)}</span></button></th>
				${COLUMNS.map((column) => this.#cell(column, statement))}
			</tr>
			${open ? html`<tr class="detail"><td colspan=${COLUMNS.length + 1}><apm-statement-detail .statement=${statement}></apm-statement-detail></td></tr>` : nothing}
		</tbody>`;
	}

	#cell(column, statement) {
		const value = column.value(statement);
		const share = this.total > 0 ? statement.total / this.total : 0;
		return html`<td class="number ${column.extra ? 'extra' : ''} ${column.id === 'errors' ? (value > 0 ? 'bad' : 'zero') : ''}" data-label=${column.label}>${
			column.id === 'repeated' ? repeated(value, statement) : column.format(value)}${
			column.id === 'total' ? html`<span class="share" title="${percent(share)} of the time of all statements"
				${vars({ '--share': `${Math.max(0, Math.min(100, share * 100))}%` })}></span>` : nothing}</td>`;
	}

}

function repeated(value, statement) {
	return value > 0 ? html`<span class="badge warn" title="${value} of ${statement.requests} requests repeat it; the largest number is ${statement.maxCallsPerRequest} executions">${value}×</span>`
			: html`<span class="zero">–</span>`;
}

customElements.define('apm-statement-table', StatementTable);
