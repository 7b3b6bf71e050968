import { LitElement, css, html, nothing } from 'lit';
import { count, duration, percent, plain, ratio } from '../core/format.js';
import { href } from '../core/router.js';
import { badges, base, tables } from '../shared/styles.js';
import '../shared/copy-button.js';

/** What a row of the statement table opens to: the whole statement, more numbers, and who executes it. */
class StatementDetail extends LitElement {

	static properties = {
		statement: { attribute: false },
	};

	static styles = [base, badges, tables, css`
		:host {
			background: var(--bg);
			display: grid;
			gap: var(--gap-m);
			grid-template-columns: minmax(0, 1fr);
			padding: var(--gap-m) var(--gap-l);
		}

		.text {
			align-items: start;
			display: flex;
			gap: var(--gap-s);
		}

		pre {
			background: var(--surface);
			border: 1px solid var(--line);
			border-radius: var(--radius-s);
			flex: 1;
			font-family: var(--mono);
			font-size: var(--text-s);
			max-height: 16rem;
			min-width: 0;
			overflow: auto;
			padding: 0.35rem 0.5rem;
			white-space: pre-wrap;
		}

		.hint {
			color: var(--warn);
		}

		dl {
			display: flex;
			flex-wrap: wrap;
			font-variant-numeric: tabular-nums;
			gap: var(--gap-xs) var(--gap-l);
		}

		dl > div {
			display: flex;
			gap: 0.4rem;
		}

		dt {
			color: var(--muted);
		}

		h3 {
			font-size: var(--text-m);
			font-weight: 600;
		}

		table {
			background: var(--surface);
			border: 1px solid var(--line);
			border-radius: var(--radius-s);
			max-width: 60rem;
		}

		thead th {
			background: none;
			position: static;
		}

		tbody tr:last-child > * {
			border-bottom: 0;
		}

		tbody th {
			background: none;
			font-size: inherit;
			font-weight: 400;
			white-space: normal;
		}

		@media (max-width: 760px) {
			:host {
				padding: var(--gap-s) var(--gap-m);
			}

			.less {
				display: none;
			}

			th,
			td {
				padding-inline: 0.4rem;
			}
		}
	`];

	render() {
		const { statement } = this;
		const facts = [
			['Database', plain([statement.system, statement.namespace].filter(Boolean).join(' / '))],
			['Table or procedure', plain(statement.collection)],
			['p50', duration(statement.p50)],
			['p99', duration(statement.p99)],
			['Max', duration(statement.max)],
			['Rows', statement.count > 0 ? `${ratio(statement.rows / statement.count)} fetched or changed on average` : ''],
			['Waited for connections', statement.connectionWait > 0 ? duration(statement.connectionWait) : ''],
			['Requests', count(statement.requests)],
			['Most in one request', count(statement.maxCallsPerRequest)],
		];
		return html`
			${statement.text ? html`<div class="text"><pre class="foreign" tabindex="0" aria-label="Statement">${statement.text}</pre>
				<apm-copy-button .value=${statement.text} label="statement"></apm-copy-button></div>` : nothing}
			${statement.repeated > 0 ? html`<p class="hint">${count(statement.repeated)} of ${count(statement.requests)} requests repeat it, up to
				${count(statement.maxCallsPerRequest)} times: a query in a loop (N+1)? A join, a batch or one query with <span class="mono">IN</span> asks once.
				The traces show the line of code.</p>` : nothing}
			<dl>${facts.filter(([, value]) => value).map(([label, value]) => html`<div><dt>${label}</dt><dd class="foreign">${value}</dd></div>`)}</dl>
			<h3>Executed by</h3>
			<table aria-label="Endpoints that execute this statement">
				<thead><tr><th scope="col">Endpoint</th><th scope="col" class="number">Executions</th><th scope="col" class="number less">Share</th>
					<th scope="col" class="number less">Requests</th><th scope="col" class="number">Calls / request</th></tr></thead>
				<tbody>${statement.callers.map((caller) => this.#caller(caller))}</tbody>
			</table>`;
	}

	#caller(caller) {
		return html`<tr>
			<th scope="row">${name(caller)}</th>
			<td class="number">${count(caller.count)}</td>
			<td class="number less">${percent(caller.count / this.statement.count)}</td>
			<td class="number less">${count(caller.requests)}</td>
			<td class="number">${ratio(caller.count / caller.requests)}</td>
		</tr>`;
	}

}

function name({ name: endpoint, kind }) {
	switch (kind) {
		case 'NONE':
			return html`<span class="muted">outside of any request or job</span>`;
		case 'OTHER':
			return html`<span class="muted">other endpoints</span>`;
		default:
			return html`${kind === 'SERVER' ? nothing : html`<span class="badge">${String(kind).toLowerCase()}</span> `}<a class="foreign"
				href=${href(['traces'], { name: endpoint })}>${plain(endpoint) || '(no name)'}</a>`;
	}
}

customElements.define('apm-statement-detail', StatementDetail);
