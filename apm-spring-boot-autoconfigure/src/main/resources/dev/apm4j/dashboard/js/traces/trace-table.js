import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { count, duration, isoTime, plain, time } from '../core/format.js';
import { href, router } from '../core/router.js';
import { vars } from '../core/vars.js';
import { badges, base, tables } from '../shared/styles.js';
import { statusBadge } from '../shared/status-badge.js';

const PAGE = 10;

/**
 * The list of traces. One row is current (arrow keys, Home, End, Page up and down), Enter or a click opens it.
 * Fires "select-trace" with the id of the row that became current.
 */
class TraceTable extends LitElement {

	static properties = {
		traces: { attribute: false },
		selected: { attribute: false },
	};

	static styles = [base, badges, tables, css`
		:host {
			background: var(--surface);
			border: 1px solid var(--line);
			border-radius: var(--radius);
			display: block;
		}

		thead th:first-child {
			border-top-left-radius: var(--radius);
		}

		thead th:last-child {
			border-top-right-radius: var(--radius);
		}

		tbody tr {
			cursor: pointer;
		}

		tbody tr:last-child td {
			border-bottom: 0;
		}

		tr.selected {
			background: var(--selected);
		}

		tr:has(a:focus-visible) {
			outline: 2px solid var(--focus);
			outline-offset: -2px;
		}

		td a:focus-visible {
			outline: none;
		}

		.time {
			color: var(--muted);
			width: 8rem;
		}

		.name {
			max-width: 0;
			overflow: hidden;
			text-overflow: ellipsis;
			width: 55%;
		}

		.name a {
			color: var(--text);
			font-weight: 500;
			overflow-wrap: normal;
		}

		.services {
			color: var(--muted);
			font-size: var(--text-s);
			margin-left: var(--gap-s);
		}

		.duration > span {
			align-items: center;
			display: grid;
			gap: var(--gap-s);
			grid-template-columns: 4.6rem minmax(3rem, 1fr);
		}

		.duration {
			min-width: 12rem;
			width: 22%;
		}

		.bar {
			background: var(--accent);
			border-radius: 2px;
			height: 0.4rem;
			min-width: 2px;
			opacity: 0.75;
			width: var(--share);
		}

		.failed .bar {
			background: var(--error);
		}

		.amount {
			text-align: right;
		}

		@media (max-width: 640px) {
			thead {
				clip-path: inset(50%);
				height: 1px;
				overflow: hidden;
				position: absolute;
			}

			table,
			tbody {
				display: block;
			}

			tbody tr {
				border-bottom: 1px solid var(--line);
				column-gap: var(--gap-s);
				display: grid;
				grid-template-columns: auto minmax(0, 1fr) auto;
				padding: 0.35rem var(--gap-s);
			}

			tbody tr:last-child {
				border-bottom: 0;
			}

			td,
			td.name,
			td.duration {
				align-self: center;
				border: 0;
				max-width: none;
				min-width: 0;
				padding: 0.1rem 0;
				width: auto;
			}

			td.name {
				grid-column: 1 / 3;
				grid-row: 1;
			}

			td.status {
				grid-column: 3;
				grid-row: 1;
				text-align: right;
			}

			td.time {
				grid-column: 1;
				grid-row: 2;
			}

			td.duration {
				grid-column: 2;
				grid-row: 2;
			}

			td.flags {
				grid-column: 3;
				grid-row: 2;
				text-align: right;
			}

			td.spans {
				display: none;
			}
		}
	`];

	/** Puts the cursor on the current row. */
	focus() {
		this.#link(this.#currentId())?.focus();
	}

	firstUpdated() {
		// Back from a trace: go on where one left.
		const link = this.selected ? this.#link(this.selected) : null;
		if (link !== null && document.activeElement === document.body) {
			link.closest('tr').scrollIntoView({ block: 'center' });
			link.focus({ preventScroll: true });
		}
	}

	render() {
		const current = this.#currentId();
		const longest = this.traces.reduce((max, trace) => Math.max(max, trace.duration || 0), 1);
		return html`<table aria-label="Traces, newest first" @keydown=${this.#onKey} @click=${this.#onClick} @focusin=${this.#onFocus}>
			<thead><tr>
				<th scope="col">Time</th><th scope="col">Name</th><th scope="col">Status</th><th scope="col">Duration</th>
				<th scope="col" class="number">Spans</th><th scope="col"><span class="visually-hidden">Marks</span></th>
			</tr></thead>
			<tbody>${repeat(this.traces, (trace) => trace.traceId, (trace) => this.#row(trace, current, longest))}</tbody>
		</table>`;
	}

	#row(trace, current, longest) {
		const share = `${Math.max(0, Math.min(100, (trace.duration || 0) / longest * 100))}%`;
		return html`<tr data-id=${trace.traceId} class="${trace.error ? 'failed' : ''} ${trace.traceId === this.selected ? 'selected' : ''}">
			<td class="time"><time datetime=${isoTime(trace.start / 1_000)} title=${isoTime(trace.start / 1_000)}>${time(trace.start)}</time></td>
			<td class="name" title=${plain(trace.name)}><a class="foreign" href=${href(['traces', trace.traceId])}
				tabindex=${trace.traceId === current ? 0 : -1}>${plain(trace.name) || '(no name)'}</a>${trace.services?.length > 1
					? html`<span class="services foreign">${trace.services.join(', ')}</span>` : nothing}</td>
			<td class="status">${statusBadge(trace.status, trace.kind)}</td>
			<td class="duration"><span><span class="amount">${duration(trace.duration)}</span><span class="bar" ${vars({ '--share': share })}></span></span></td>
			<td class="number spans">${count(trace.spanCount)}</td>
			<td class="flags">${trace.error ? html`<span class="badge error">error</span>` : nothing}
				${trace.repeated ? html`<span class="badge warn" title="Repeats a call, such as an SQL statement: a query in a loop?">N+1</span>` : nothing}
				${trace.slow ? html`<span class="badge warn">slow</span>` : nothing}</td>
		</tr>`;
	}

	#currentId() {
		return (this.traces.find((trace) => trace.traceId === this.selected) ?? this.traces[0])?.traceId;
	}

	#link(id) {
		return [...this.renderRoot.querySelectorAll('tbody tr')].find((row) => row.dataset.id === id)?.querySelector('a') ?? null;
	}

	#onKey(event) {
		const index = this.traces.findIndex((trace) => trace.traceId === this.#currentId());
		const target = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + PAGE, PageUp: index - PAGE, Home: 0, End: Infinity }[event.key];
		if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		event.preventDefault();
		this.#link(this.traces[Math.max(0, Math.min(this.traces.length - 1, target))].traceId).focus();
	}

	#onFocus(event) {
		const id = event.target.closest('tr')?.dataset.id;
		if (id !== undefined && id !== this.selected) {
			this.dispatchEvent(new CustomEvent('select-trace', { detail: id }));
		}
	}

	#onClick(event) {
		const row = event.target.closest('tbody tr');
		// The link itself knows modifiers and the middle button; the rest of the row is a larger target for it. Text may be selected.
		if (row && !event.target.closest('a') && getSelection().isCollapsed) {
			this.dispatchEvent(new CustomEvent('select-trace', { detail: row.dataset.id }));
			router.go(['traces', row.dataset.id]);
		}
	}

}

customElements.define('apm-trace-table', TraceTable);
