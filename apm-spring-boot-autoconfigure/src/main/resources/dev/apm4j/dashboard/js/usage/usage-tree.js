import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { count, dateTime, percent, plain } from '../core/format.js';
import { vars } from '../core/vars.js';
import { badges, base, statistics, tables } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import './usage-methods.js';

/** Packages with their classes; a class opens to its methods. Fires "open-class" with the class's name, or '' to close. */
class UsageTree extends LitElement {

	static properties = {
		packages: { attribute: false },
		open: {},
		state: {},
		find: {},
	};

	static styles = [base, badges, tables, statistics, css`
		.package th {
			background: var(--bg);
			color: var(--text);
			font-weight: 600;
			overflow-wrap: anywhere;
			white-space: normal;
		}

		.package td {
			background: var(--bg);
		}

		.class th {
			font-weight: 400;
			overflow: hidden;
			text-overflow: ellipsis;
		}

		.toggle {
			align-items: center;
			background: none;
			border: 0;
			color: inherit;
			cursor: pointer;
			display: flex;
			gap: var(--gap-xs);
			max-width: 100%;
			padding: 0;
			padding-left: var(--gap-m);
			text-align: left;
		}

		.toggle:focus-visible {
			outline-offset: -2px;
		}

		.detail td {
			background: var(--bg);
			padding: 0;
			white-space: normal;
		}

		.detail:hover {
			background: none;
		}

		@media (min-width: 761px) {
			tbody th {
				width: 50%;
			}
		}

		@media (max-width: 760px) {
			tbody td {
				white-space: normal;
			}

			tbody .detail td {
				grid-column: 1 / -1;
			}
		}
	`];

	render() {
		return html`<table aria-label="Classes of the app">
			<thead><tr><th scope="col">Class</th><th scope="col" class="number">Methods</th><th scope="col" class="number">Never called</th><th scope="col"
				class="number">Share</th><th scope="col">Last called</th></tr></thead>
			${repeat(this.packages, (each) => each.name, (each) => html`<tbody>
				<tr class="package"><th scope="rowgroup" class="foreign">${plain(each.name) || '(no package)'}</th>${numbers(each)}</tr>
				${repeat(each.classes, (type) => type.name, (type) => this.#row(type))}
			</tbody>`)}
		</table>`;
	}

	#row(type) {
		const open = this.open === type.name;
		return html`<tr class="class">
				<th scope="row" title=${plain(type.name)}><button class="toggle" type="button" aria-expanded=${String(open)}
					@click=${() => this.dispatchEvent(new CustomEvent('open-class', { detail: open ? '' : type.name }))}>${glyph(open ? 'down' : 'right')}
					<span class="foreign">${plain(type.simpleName)}</span></button></th>
				${numbers(type)}
			</tr>
			${open ? html`<tr class="detail"><td colspan="5"><apm-usage-methods .type=${type.name} .state=${this.state} .find=${this.find}></apm-usage-methods></td></tr>` : nothing}`;
	}

}

function numbers({ methods, never, lastCalled }) {
	const share = methods > 0 ? never / methods : 0;
	return html`<td class="number" data-label="Methods">${count(methods)}</td>
		<td class="number ${never > 0 ? '' : 'zero'}" data-label="Never called">${count(never)}</td>
		<td class="number" data-label="Share">${percent(share)}<span class="share" ${vars({ '--share': `${share * 100}%` })}></span></td>
		<td data-label="Last called">${lastCalled ? dateTime(lastCalled) : html`<span class="zero">–</span>`}</td>`;
}

customElements.define('apm-usage-tree', UsageTree);
